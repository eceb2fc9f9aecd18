import type { Command } from "commander";
import { addCommonOptions, collect, parseDuration } from "../base/common-options.ts";
import { addValueOptions } from "./guard-options.ts";
import { addFormatOption } from "./documents.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { RotateOptions } from "./rotate-action.ts";

const help = `
Examples:
  $ trueup rotate rendercad/token/worker
  $ trueup rotate rendercad/token/worker --yes

Makes a new one, writes it to every variable that takes it, deploys the services, waits until they are live, proves the new
one, and only then revokes the old one: there is no moment without a working one. A run that is killed on the way is taken up by
the next rotate or apply.
${exitHelp("done", "refused", "stopped", "locked", "interrupted")}`;

export function addRotateCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("rotate")
    .summary("replace a value that is shown once, without a gap")
    .description(
      "Makes a new RENDERCAD token or webhook secret, delivers it everywhere, and revokes the old one.",
    )
    .argument("<addresses...>", "rendercad/token/NAME or rendercad/webhook/NAME")
    .option("--yes", "do not ask", false)
    .option(
      "--allow-gap <address>",
      "a webhook that cannot be registered twice: the old one goes first (repeatable)",
      collect,
      [],
    )
    .option("--allow-older", "apply an older commit over a newer one", false)
    .option("--max-duration <time>", "stop after this long, to go on with the next run", parseDuration)
    .option("--lock-timeout <time>", "how long to wait for another run to give the lock back", parseDuration);
  addFormatOption(addCommonOptions(addValueOptions(command)))
    .addHelpText("after", help)
    .action(async (addresses: readonly string[], options: RotateOptions) => {
      const { rotate } = await import("./rotate-action.ts");
      end(await rotate(addresses, options, shell));
    });
}
