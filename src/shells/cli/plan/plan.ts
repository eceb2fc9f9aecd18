import { Option, type Command } from "commander";
import { addCommonOptions } from "../base/common-options.ts";
import { addFormatOption } from "./documents.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import { addGuardOptions, addValueOptions } from "./guard-options.ts";
import type { PlanOptions } from "./plan-action.ts";

const help = `
Examples:
  $ trueup plan
  $ trueup plan -f render.yaml --schedule
  $ trueup plan --simulate
  $ trueup plan --format html > plan.html
  $ trueup plan --out trueup.plan.json && trueup apply trueup.plan.json

Marks:
  + create   ~ update, the file changed   ! update, somebody changed the live one   ± replace
  - delete   > adopt what exists already  < forget what is gone                     . unchanged

Reads only: nothing is written to any account.
${exitHelp("nothing to do", "pending", "refused", "stopped", "locked", "interrupted")}`;

export function addPlanCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("plan")
    .summary("show what differs, and what apply would do")
    .description(
      "Reads the file and the accounts, and shows what differs, why, in which order it would be changed, and how long that takes.",
    )
    .option("--out <file>", "save the plan, to be applied as it is")
    .option("--schedule", "show the whole timetable", false)
    .addOption(
      new Option(
        "--simulate [crash]",
        "do it to a simulated account that looks like the live one; crash: killed at each write as well",
      ).choices(["crash"]),
    );
  addFormatOption(addCommonOptions(addValueOptions(addGuardOptions(command)), { exitZero: true }))
    .addHelpText("after", help)
    .action(async (options: PlanOptions) => {
      const { plan } = await import("./plan-action.ts");
      end(await plan(options, shell));
    });
}
