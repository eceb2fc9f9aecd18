import type { Command } from "commander";
import { addCommonOptions, type CommonOptions } from "../base/common-options.ts";
import type { Shell } from "../base/shell.ts";

const help = `
Checks the version of Node.js, the file, the API key, the workspace, the clock, and the state. Reads only.
Exit code 0: everything works, perhaps with warnings, 1: something does not.`;

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
