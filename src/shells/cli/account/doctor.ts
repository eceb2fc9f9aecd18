import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";

const help = `
Examples:
  $ trueup doctor
  $ trueup doctor -f render.yaml --json

Checks the version of Node.js, the file, the API key, the workspace, the clock, and the state. Reads only.
${exitHelp("everything works, perhaps with warnings", "interrupted")}`;

export function addDoctorCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("doctor")
    .summary("check the set-up")
    .description("Checks everything that trueup needs, and says what to do about what is missing.");
  addCommonOptions(command)
    .addHelpText("after", help)
    .action(async (options: CommonOptions) => {
      const { doctor } = await import("./doctor-action.ts");
      end(await doctor(options, shell));
    });
}
