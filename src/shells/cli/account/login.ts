import { Argument, type Command } from "commander";
import { addAccountOptions, type AccountOptions } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { LoginOptions } from "./login-action.ts";

const loginHelp = `
Examples:
  $ trueup login rendercad
  $ trueup login rendercad --no-browser

Shows a link and a code, opens the link where there is a browser, and waits until you have signed in on RENDERCAD's page.
The token is kept in the system's key ring (secret-tool on Linux, the Keychain on macOS), else in
~/.config/trueup/rendercad.json, for your user alone, and is sent to no other RENDERCAD_HOST than this one.
RENDERCAD_API_TOKEN wins over it. Render has no such sign-in: set RENDER_API_KEY.
${exitHelp("signed in", "interrupted")}`;

const logoutHelp = `
Examples:
  $ trueup logout

Removes the token that login kept on this machine. It stays valid until you revoke it in RENDERCAD, under Settings > API
Tokens.
${exitHelp("done, or nobody was signed in")}`;

export function addLoginCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("login")
    .summary("sign in to RENDERCAD with a browser")
    .description("Signs in by a code that you confirm in a browser, and keeps the token for your user.")
    .addArgument(accountArgument("<account>"))
    .option("--again", "a new token, although the one that is kept works", false)
    .option("--no-browser", "only show the link")
    .option("--no-key-ring", "keep the token in the file, also where there is a key ring");
  addAccountOptions(command)
    .addHelpText("after", loginHelp)
    .action(async (_account: string, options: LoginOptions) => {
      const { login } = await import("./login-action.ts");
      end(await login(options, shell));
    });
}

export function addLogoutCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const command = program
    .command("logout")
    .summary("forget the sign-in to RENDERCAD")
    .description("Forgets the token that login kept on this machine.")
    .addArgument(accountArgument("[account]"));
  addAccountOptions(command)
    .addHelpText("after", logoutHelp)
    .action(async (_account: string | undefined, options: AccountOptions) => {
      const { logout } = await import("./login-action.ts");
      end(await logout(options, shell));
    });
}

function accountArgument(name: string): Argument {
  return new Argument(name, "which account").choices(["rendercad"]);
}
