import { Command, CommanderError } from "commander";
import manifest from "../../../package.json" with { type: "json" };
import { addApplyCommand } from "./apply.ts";
import { addCompletionCommand } from "./completion.ts";
import { addDemoCommand } from "./demo.ts";
import { addDestroyCommand } from "./destroy.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addDriftCommand } from "./drift.ts";
import { exitCodes } from "./exit-code.ts";
import { addGraphCommand } from "./graph.ts";
import { helpConfiguration } from "./help.ts";
import { addExportCommand } from "./export.ts";
import { addHooksCommand } from "./hooks.ts";
import { addInitCommand } from "./init.ts";
import { addLimitsCommand } from "./limits.ts";
import { addLoginCommand, addLogoutCommand } from "./login.ts";
import { addPlanCommand } from "./plan.ts";
import { addRotateCommand } from "./rotate.ts";
import { addRunsCommand } from "./runs.ts";
import { addSchemaCommand } from "./schema.ts";
import type { Shell } from "./shell.ts";
import { addSimCommand } from "./sim.ts";
import { addStateCommand } from "./state.ts";
import { addValidateCommand } from "./validate.ts";
import { addWhoamiCommand } from "./whoami.ts";

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

Exit codes:
  0 nothing to do, or done     1 error          2 changes are pending (plan)
  3 refused                    6 state locked   130 interrupted, can go on`;

/** Parses the arguments, runs the command they name and answers with the exit code. Usage errors are 1, help is 0. */
export async function runProgram(args: readonly string[], shell: Shell): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = makeProgram(shell, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  return exitCode;
}

function makeProgram(shell: Shell, end: (code: number) => void): Command {
  const program = new Command("trueup")
    .description("Keeps a Render workspace and a RENDERCAD account equal to one YAML file in git.")
    .version(manifest.version, "-V, --version")
    .enablePositionalOptions()
    .configureHelp(helpConfiguration)
    .showSuggestionAfterError()
    .showHelpAfterError("(--help explains the options)")
    .configureOutput({
      writeOut: (text) => void shell.stdout.write(text),
      writeErr: (text) => void shell.stderr.write(text),
    })
    .exitOverride()
    .addHelpText("after", help);
  // Help lists them in this order.
  addPlanCommand(program, shell, end);
  addApplyCommand(program, shell, end);
  addDriftCommand(program, shell, end);
  addDestroyCommand(program, shell, end);
  addRotateCommand(program, shell, end);
  addValidateCommand(program, shell, end);
  addExportCommand(program, shell, end);
  addStateCommand(program, shell, end);
  addRunsCommand(program, shell, end);
  addLimitsCommand(program, shell, end);
  addGraphCommand(program, shell, end);
  addInitCommand(program, shell, end);
  addDoctorCommand(program, shell, end);
  addLoginCommand(program, shell, end);
  addLogoutCommand(program, shell, end);
  addWhoamiCommand(program, shell, end);
  addHooksCommand(program, shell, end);
  addSchemaCommand(program, shell);
  addSimCommand(program, shell, end);
  addDemoCommand(program, shell, end);
  addCompletionCommand(program, shell);
  return program;
}
