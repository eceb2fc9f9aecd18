import { Argument, type Command } from "commander";
import type { CommandOutline, CompletionShell } from "../../commands/completion.ts";
import { exitHelp } from "./base/exit-help.ts";
import type { Shell } from "./base/shell.ts";

const help = `
Examples:
  $ source <(trueup completion bash)
  $ trueup completion fish > ~/.config/fish/completions/trueup.fish
${exitHelp("done")}`;

export function addCompletionCommand(program: Command, shell: Shell): void {
  program
    .command("completion")
    .summary("print completion for your shell")
    .description("Prints a script that completes commands and options.")
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish"]))
    .addHelpText("after", help)
    .action(async (name: CompletionShell) => {
      const { completionScript } = await import("../../commands/completion.ts");
      shell.stdout.write(completionScript(name, outline(program)));
    });
}

/** What the parser knows, so that no option can be missing from the completion. */
function outline(command: Command): CommandOutline {
  return {
    name: command.name(),
    summary: command.summary(),
    options: command.options.flatMap(({ long, description, flags }) =>
      long ? [{ flag: long, description, takesFile: flags.includes("<file>") }] : [],
    ),
    subcommands: command.commands.map((sub) => outline(sub)),
  };
}
