import { Command, CommanderError, Option } from "commander";
import manifest from "../../../package.json" with { type: "json" };
import { addApplyCommand } from "./plan/apply.ts";
import { addCostCommand } from "./file/cost.ts";
import { addCompleteCommand, addCompletionCommand } from "./completion.ts";
import { addDemoCommand } from "./simulator/demo.ts";
import { addDestroyCommand } from "./plan/destroy.ts";
import { addDoctorCommand } from "./account/doctor.ts";
import { addDriftCommand } from "./plan/drift.ts";
import { everywhere } from "./base/common-options.ts";
import { exitCodes } from "./base/exit-code.ts";
import { allExits } from "./base/exit-help.ts";
import { addGraphCommand } from "./plan/graph.ts";
import { helpConfiguration } from "./help.ts";
import { addExportCommand } from "./file/export.ts";
import { addHooksCommand } from "./account/hooks.ts";
import { addInitCommand } from "./file/init.ts";
import { addLimitsCommand } from "./state/limits.ts";
import { addLoginCommand, addLogoutCommand } from "./account/login.ts";
import { addPlanCommand } from "./plan/plan.ts";
import { addRotateCommand } from "./plan/rotate.ts";
import { addRunsCommand } from "./state/runs.ts";
import { addSchemaCommand } from "./file/schema.ts";
import type { Shell } from "./base/shell.ts";
import { addSimCommand } from "./simulator/sim.ts";
import { addStateCommand } from "./state/state.ts";
import { addValidateCommand } from "./file/validate.ts";
import { reportUsage } from "./usage.ts";
import { addVersionCommand } from "./version.ts";
import { addWhoamiCommand } from "./account/whoami.ts";

const help = `
Start here:
  $ trueup demo                see everything once, no account needed
  $ trueup validate            is the file right? needs no account
  $ trueup plan                what differs between trueup.yaml (or render.yaml) and Render
  $ trueup apply               make it equal

Environment:
  RENDER_API_KEY               key of the Render account
  RENDER_OWNER_ID              workspace, if the file names none and the key reaches several
  RENDERCAD_API_TOKEN          token of the RENDERCAD account (or: trueup login rendercad)
  NO_COLOR, TRUEUP_ASCII       no colours; ASCII only
${allExits()}`;

/** Help lists them in this order. */
const commands: readonly (readonly [
  name: string,
  add: (program: Command, shell: Shell, end: (code: number) => void) => void,
])[] = [
  ["plan", addPlanCommand],
  ["apply", addApplyCommand],
  ["drift", addDriftCommand],
  ["destroy", addDestroyCommand],
  ["rotate", addRotateCommand],
  ["validate", addValidateCommand],
  ["export", addExportCommand],
  ["state", addStateCommand],
  ["runs", addRunsCommand],
  ["limits", addLimitsCommand],
  ["cost", addCostCommand],
  ["graph", addGraphCommand],
  ["init", addInitCommand],
  ["doctor", addDoctorCommand],
  ["login", addLoginCommand],
  ["logout", addLogoutCommand],
  ["whoami", addWhoamiCommand],
  ["hooks", addHooksCommand],
  ["schema", addSchemaCommand],
  ["sim", addSimCommand],
  ["demo", addDemoCommand],
  ["completion", addCompletionCommand],
  ["complete", addCompleteCommand],
  ["version", addVersionCommand],
];

/** Parses the arguments, runs the command they name and answers with the exit code. Usage errors are 1, help is 0. */
export async function runProgram(args: readonly string[], shell: Shell): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = makeProgram(args, shell, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== exitCodes.done && error.code !== "commander.help")
        reportUsage(error, args, shell);
      return error.exitCode;
    }
    throw error;
  }
  return exitCode;
}

function makeProgram(args: readonly string[], shell: Shell, end: (code: number) => void): Command {
  const program = new Command("trueup")
    .description("Keeps a Render workspace and a RENDERCAD account equal to one YAML file in git.")
    .version(manifest.version, "-V, --version")
    .enablePositionalOptions()
    .configureHelp(helpConfiguration)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void shell.stdout.write(text),
      writeErr: (text) => void shell.stderr.write(text),
      // Told by `reportUsage`, like every other problem.
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpOption(new Option("-h, --help", "show this help").helpGroup(everywhere))
    .addHelpText("after", help);
  for (const [, add] of findCommands(args)) add(program, shell, end);
  return program;
}

/** The commands to set up: the one that is named alone, which is quicker, or all of them for help, completion and mistakes. */
function findCommands([first]: readonly string[]): typeof commands {
  const named = commands.filter(([name]) => name === first);
  return named.length === 0 || first === "complete" ? commands : named;
}
