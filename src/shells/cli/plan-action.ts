import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { planFileText } from "../../commands/plan-file.ts";
import { runPlan, type PlanInput } from "../../commands/plan.ts";
import { parseAddress, type Address } from "../../core/address.ts";
import { problem, ProblemError } from "../../core/problem.ts";
import type { Deps } from "../../commands/deps.ts";
import type { Plan } from "../../core/plan.ts";
import type { Rehearsal } from "../../core/rehearsal.ts";
import { renderRehearsal } from "../../views/rehearsal.ts";
import { renderPlanJson } from "../../views/json.ts";
import { renderPlan } from "../../views/plan.ts";
import { renderSchedule } from "../../views/schedule.ts";
import { quote, writeCommand } from "./command-line.ts";
import type { CommonOptions } from "./common-options.ts";
import { exitCodeOfPlan, exitCodes } from "./exit-code.ts";
import { reportFailure } from "./failure.ts";
import type { GuardOptions, PlanOptions, ValueOptions } from "./plan.ts";
import { openSession } from "./session.ts";
import { findScreen, type Shell } from "./shell.ts";

export async function plan(options: PlanOptions, shell: Shell): Promise<number> {
  const session = await openSession(options, shell);
  try {
    session.follower.read();
    const { plan: made, rehearsal } = await makePlan(options, session.deps);
    session.follower.end();
    if (options.out !== undefined)
      await writeFile(resolve(session.deps.folder, options.out), planFileText(made));
    const screen = findScreen(shell.stdout, shell.env, options.color);
    if (options.json) shell.stdout.write(renderPlanJson(made, [], rehearsal));
    else shell.stdout.write(renderPlan(made, screen, applyCommand(options)));
    if (options.schedule && !options.json) shell.stdout.write(`\n${renderSchedule(made, screen)}`);
    if (rehearsal && !options.json) shell.stdout.write(`\n${renderRehearsal(rehearsal, screen)}`);
    if (rehearsal && isBad(rehearsal)) return exitCodes.error;
    const code = exitCodeOfPlan(made);
    return code === exitCodes.pending && options.exitZero ? exitCodes.done : code;
  } catch (error) {
    session.follower.end();
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}

/** The rehearsal brings the simulator along, which no other plan loads. */
async function makePlan(
  options: PlanOptions,
  deps: Deps,
): Promise<{ readonly plan: Plan; readonly rehearsal?: Rehearsal }> {
  const input = planInput(options, options.adopt ? true : null);
  if (options.simulate === undefined) return { plan: await runPlan(input, deps) };
  const { rehearse } = await import("../../commands/rehearse.ts");
  return rehearse(input, deps, { crash: options.simulate === "crash" });
}

function isBad({ verdict, crashes }: Rehearsal): boolean {
  return verdict === "fails" || verdict === "does-not-converge" || (crashes?.wrong.length ?? 0) > 0;
}

/** Where nothing is agreed to beforehand and nothing left out. */
export const noGuards: GuardOptions = {
  adopt: false,
  allowDataLoss: [],
  allowGap: [],
  export: true,
  rewrite: [],
  skipRefused: false,
  target: [],
  exclude: [],
};

/** What plan and apply hand on. `adopt: null`: a person will look at the adoptions. */
export function planInput(
  options: CommonOptions & GuardOptions & ValueOptions,
  adopt: boolean | null,
): PlanInput {
  return {
    files: options.file,
    overlays: options.overlay,
    ...(options.label !== undefined && { label: options.label }),
    ...(options.repo !== undefined && { repo: options.repo }),
    strictValues: options.strictValues,
    ...(options.allowDeletes !== undefined && { allowDeletes: options.allowDeletes }),
    allowDataLoss: options.allowDataLoss.map((text) => readAddress(text, "--allow-data-loss")),
    allowGaps: options.allowGap.map((text) => readAddress(text, "--allow-gap")),
    noExport: !options.export,
    ...(options.exportTo !== undefined && { exportTo: options.exportTo }),
    rewrites: options.rewrite.map((text) => readAddress(text, "--rewrite")),
    adopt,
    ...(options.values !== undefined && { values: options.values }),
    replaceValues: options.replaceValues,
    allowEnv: options.allowEnv,
    skipRefused: options.skipRefused,
    targets: options.target,
    excludes: options.exclude,
  };
}

export function readAddress(text: string, option: string): Address {
  if (parseAddress(text)) return text as Address;
  const message = `${option} ${text} is not an address.`;
  throw new ProblemError([
    problem("error", "usage", message, "Addresses look like render/postgres/main; a plan shows them."),
  ]);
}

/** The command line that applies this very plan: the hash covers the guards, so they are repeated. */
function applyCommand(options: PlanOptions): string {
  const words = [
    writeCommand(
      ["trueup apply", ...(options.out === undefined ? [] : [quote(options.out)])].join(" "),
      options,
    ),
    ...(options.values === undefined ? [] : [`--values ${quote(options.values)}`]),
    ...(options.replaceValues ? ["--replace-values"] : []),
    ...options.allowEnv.map((glob) => `--allow-env ${quote(glob)}`),
    ...(options.allowDeletes === undefined ? [] : [`--allow-deletes ${options.allowDeletes}`]),
    ...options.allowDataLoss.map((address) => `--allow-data-loss ${quote(address)}`),
    ...options.allowGap.map((address) => `--allow-gap ${quote(address)}`),
    ...(options.export ? [] : ["--no-export"]),
    ...(options.exportTo === undefined ? [] : [`--export-to ${quote(options.exportTo)}`]),
    ...options.rewrite.map((address) => `--rewrite ${quote(address)}`),
    ...options.target.map((glob) => `--target ${quote(glob)}`),
    ...options.exclude.map((glob) => `--exclude ${quote(glob)}`),
    ...(options.adopt ? ["--adopt"] : []),
    ...(options.skipRefused ? ["--skip-refused"] : []),
  ];
  return words.join(" ");
}
