import { Argument, type Command } from "commander";
import type { CompletionShell } from "../../commands/completion.ts";
import { exitHelp } from "./base/exit-help.ts";
import type { Shell } from "./base/shell.ts";

const shells: readonly CompletionShell[] = ["bash", "zsh", "fish", "powershell"];

const help = `
Examples:
  $ trueup completion install            for the shell that you are in
  $ trueup completion install zsh
  $ eval "$(trueup completion bash)"     for this session alone

Completes commands, options, their values, files, and the addresses of your file and of your state.
${exitHelp("done")}`;

export function addCompletionCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  program
    .command("completion")
    .summary("commands, options and addresses completed by your shell")
    .description(
      "Prints the script for a shell, or adds the line that loads it to the file the shell starts with.",
    )
    .addArgument(
      new Argument("<what>", "install, or the shell whose script is printed").choices(["install", ...shells]),
    )
    .addArgument(
      new Argument("[shell]", "with install: which shell (default: the one of $SHELL)").choices(shells),
    )
    .addHelpText("after", help)
    .action(async (what: CompletionShell | "install", which: CompletionShell | undefined) => {
      if (what === "install") {
        const { installCompletion } = await import("./completion-install-action.ts");
        return end(await installCompletion(which, shell));
      }
      const { completionScript } = await import("../../commands/completion.ts");
      shell.stdout.write(completionScript(what));
    });
}

/** What the scripts ask; nobody types it. The parser has all commands by then, since the word names none of them. */
export function addCompleteCommand(program: Command, shell: Shell): void {
  program
    .command("complete", { hidden: true })
    .argument("<current>")
    .argument("[before...]")
    .action(async (current: string, before: readonly string[]) => {
      const { answerCompletion } = await import("./complete-action.ts");
      await answerCompletion(program, before, current.replace(/^at:/u, ""), shell);
    });
}
