import * as core from "@actions/core";
import { fileURLToPath } from "node:url";
import type { Annotation } from "../../github/checks.ts";
import { reportFailure } from "../cli/base/failure.ts";
import { openSession } from "../cli/base/session.ts";
import type { Shell } from "../cli/base/shell.ts";
import { readEvent } from "./event.ts";
import { readInputs, type Inputs } from "./inputs.ts";
import { openJob } from "./job.ts";
import { masksOf } from "./masks.ts";
import { runAction } from "./run-action.ts";
import type { Runner } from "./runner.ts";

const { stdin, stdout, stderr } = process;

const runner: Runner = {
  ...(process.env["RUNNER_TEMP"] !== undefined && { temporary: process.env["RUNNER_TEMP"] }),
  setOutput: core.setOutput,
  summarize: async (text) => {
    if (process.env["GITHUB_STEP_SUMMARY"]) await core.summary.addRaw(text, true).write();
  },
  annotate: ({ path, line, level, title, message }: Annotation) => {
    const write = { failure: core.error, warning: core.warning, notice: core.notice }[level];
    write(message, { file: path, startLine: line, title });
  },
  warn: (text) => core.warning(text),
  mask: core.setSecret,
};

/** Every secret is masked before anything is printed, a problem with the inputs included. */
async function main(): Promise<number> {
  const shellOf = (env: Shell["env"]): Shell => ({
    stdin,
    stdout,
    stderr,
    env,
    program: fileURLToPath(import.meta.url),
  });
  const own = ["RENDER_API_KEY", "RENDERCAD_API_TOKEN", "TRUEUP_STATE_KEY"].map((name) => process.env[name]);
  for (const text of own) if (text !== undefined && text.length > 3) core.setSecret(text);
  let inputs: Inputs;
  try {
    inputs = readInputs(process.env);
  } catch (error) {
    return reportFailure(error, {}, shellOf(process.env));
  }
  for (const text of masksOf(inputs, process.env)) runner.mask(text);
  const environment = { ...process.env, ...inputs.keys };
  const shell = shellOf(environment);
  try {
    const event = await readEvent(environment);
    const { GITHUB_WORKSPACE: workspace = "." } = environment;
    process.chdir(workspace);
    process.chdir(inputs.workingDirectory);
    const session = await openSession(options, shell);
    try {
      const { world, version } = session.deps;
      return await runAction(openJob(inputs, event, { environment, world, version }), session.deps, runner);
    } finally {
      await session.close();
    }
  } catch (error) {
    return reportFailure(error, {}, shell);
  }
}

/** A job's log is no terminal: one line a step, no colours. */
const options = {
  json: false,
  color: false,
  events: false,
  logLevel: "warn",
  logFormat: "text",
  quiet: false,
} as const;

process.exitCode = await main();
