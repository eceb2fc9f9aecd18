import { appendFile, mkdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { completionShells, startLines, type CompletionShell } from "../../commands/completion.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { escapeText } from "../../views/base/escape.ts";
import { exitCodes } from "./base/exit-code.ts";
import { reportFailure } from "./base/failure.ts";
import type { Shell } from "./base/shell.ts";

/** Adds the line that loads the completion to the file that the shell starts with. Done twice, it is there once. */
export async function installCompletion(which: CompletionShell | undefined, shell: Shell): Promise<number> {
  try {
    const name = which ?? shellOf(shell.env["SHELL"]);
    const path = startFile(name, shell.env);
    const line = startLines[name];
    const before = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    if (before.includes(line)) {
      shell.stdout.write(`${escapeText(path)} has it already.\n`);
      return exitCodes.done;
    }
    await mkdir(dirname(path), { recursive: true });
    const gap = before === "" || before.endsWith("\n") ? "" : "\n";
    await appendFile(path, `${gap}# completion for trueup\n${line}\n`);
    shell.stdout.write(`Added to ${escapeText(path)}. It works in every new ${name}; in this one: ${line}\n`);
    return exitCodes.done;
  } catch (error) {
    return reportFailure(error, {}, shell);
  }
}

function shellOf(path: string | undefined): CompletionShell {
  const name = basename(path ?? "").replace(/\.exe$/u, "");
  const found = completionShells.find((one) => one === name || (one === "powershell" && name === "pwsh"));
  if (found) return found;
  const said = path === undefined || path === "" ? "SHELL is not set" : `SHELL is ${path}`;
  const message = `It is not known which shell to install for: ${said}.`;
  const remedy = `Name it: trueup completion install ${completionShells.join(" | ")}.`;
  throw new ProblemError([problem("error", "usage", message, remedy)]);
}

/** The file that an interactive shell reads when it starts, where its user keeps such lines. */
function startFile(name: CompletionShell, env: Shell["env"]): string {
  const home = env["HOME"] || env["USERPROFILE"] || "";
  if (home === "") {
    const remedy = "Set HOME, or put the output of trueup completion where your shell loads it.";
    throw new ProblemError([problem("error", "usage", "There is no home folder to install to.", remedy)]);
  }
  const config = env["XDG_CONFIG_HOME"] || join(home, ".config");
  switch (name) {
    case "bash":
      return join(home, ".bashrc");
    case "zsh":
      return join(env["ZDOTDIR"] || home, ".zshrc");
    case "fish":
      return join(config, "fish", "conf.d", "trueup.fish");
    case "powershell":
      return env["USERPROFILE"]
        ? join(home, "Documents", "PowerShell", "Microsoft.PowerShell_profile.ps1")
        : join(config, "powershell", "Microsoft.PowerShell_profile.ps1");
    default:
      return name satisfies never;
  }
}
