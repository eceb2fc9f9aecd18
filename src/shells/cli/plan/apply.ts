import { InvalidArgumentError, type Command } from "commander";
import { addCommonOptions, parseDuration } from "../base/common-options.ts";
import { addGuardOptions, addValueOptions } from "./guard-options.ts";
import { addFormatOption } from "./documents.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { ApplyOptions } from "./apply-action.ts";

const help = `
Examples:
  $ trueup apply
  $ trueup apply --yes --adopt
  $ trueup apply trueup.plan.json

Shows the plan, asks, and does it step by step within the APIs' limits. Ctrl-C finishes the calls that are under way;
apply --resume goes on from there without asking again, apply plans anew.
${exitHelp("done, or nothing to do", "refused", "stopped", "locked", "interrupted")}`;

export function addApplyCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("apply")
    .summary("make the accounts equal to the file")
    .description("Plans, asks for a yes, and makes the accounts equal to the file.")
    .argument(
      "[planfile]",
      "a plan saved with plan --out: applied only if it is still the same",
      readPlanFileName,
    )
    .option("--yes", "do not ask", false)
    .option(
      "--resume",
      "carry on with the approved plan of a run that ended early, and do nothing else",
      false,
    )
    .option(
      "--max-duration <time>",
      "stop after this long, to go on with the next run: 50m, 5h",
      parseDuration,
    )
    .option("--lock-timeout <time>", "how long to wait for another run to give the lock back", parseDuration);
  addFormatOption(addCommonOptions(addValueOptions(addGuardOptions(command))))
    .addHelpText("after", help)
    .action(async (planFile: string | undefined, options: ApplyOptions) => {
      const { apply } = await import("./apply-action.ts");
      end(await apply(planFile, options, shell));
    });
}

/** Who is used to `kubectl apply -f` or to a tool that takes its file so is told the right word, and not that it is no JSON. */
function readPlanFileName(name: string): string {
  if (/\.ya?ml$/iu.test(name))
    throw new InvalidArgumentError("It is no saved plan: a file is given with -f.");
  return name;
}
