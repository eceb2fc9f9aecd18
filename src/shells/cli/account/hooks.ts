import type { Command } from "commander";
import { collect, everywhere, parseDuration } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { HooksVerifyOptions } from "./hooks-action.ts";

const help = `
Examples:
  $ trueup hooks verify --secret-env HOOK_SECRET < request.txt
  $ trueup hooks verify --secret-file secret.txt --header "$signature" < body.json

Without --header, stdin is the whole request as it arrived: headers, an empty line, the body. With --header it is the body
alone, byte for byte. Whose signature it is follows from the headers: X-Webhook-Signature is RENDERCAD's; webhook-id,
webhook-timestamp and webhook-signature are Render's (Standard Webhooks). RENDERCAD signs no time: a receiver that must not
act twice remembers the delivery_id of the body.
${exitHelp("the signature is valid")}`;

export function addHooksCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const hooks = program
    .command("hooks")
    .summary("for people who write webhook receivers: verify")
    .description("Helps to write receivers of webhooks, of Render and of RENDERCAD.")
    .addHelpText("after", help);
  hooks
    .command("verify")
    .summary("check the signature of a delivery on stdin")
    .description("Checks the signature of a webhook delivery on stdin, of either side. No network.")
    .option("--header <line>", "a header as it arrived, as 'Name: value' (repeatable)", collect, [])
    .option("--secret-env <name>", "the variable that holds the signing secret")
    .option("--secret-file <file>", "the file that holds it, plain or encrypted with age")
    .option("--tolerance <time>", "how far from now a signed time may be (default: 5m)", parseDuration)
    .optionsGroup(everywhere)
    .option("--json", "one JSON document on stdout", false)
    .option("--no-color", "no colours (also: NO_COLOR)")
    .addHelpText("after", help)
    .action(async (options: HooksVerifyOptions) => {
      const { verify } = await import("./hooks-action.ts");
      end(await verify(options, shell));
    });
}
