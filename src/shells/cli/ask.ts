import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { Address } from "../../core/address.ts";
import { Secret } from "../../core/secret.ts";
import { escapeText } from "../../views/escape.ts";

/** Who can be asked, if anybody: a person sits at `input` only where it is a terminal. */
export type People = {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WritableStream;
  /** While a question stands, the terminal is ours and Ctrl-C does not come as a signal. */
  readonly onInterrupt: () => void;
};

/** `word`: what agrees to the plan that was just shown. */
export async function askToApply(word: string, people: People): Promise<"yes" | "no" | "unable"> {
  if (!people.input.isTTY) return "unable";
  const answer = await askLine(`\nApply this plan? Only ${word} goes ahead: `, false, people);
  return answer?.trim() === word ? "yes" : "no";
}

/** A `sync: false` value; nothing typed is nothing given. */
export async function askForValue(
  address: Address,
  entry: string,
  people: People,
): Promise<Secret | undefined> {
  if (!people.input.isTTY) return undefined;
  const question = escapeText(`Value of ${entry} for ${address} (it does not show; Enter skips it): `);
  const answer = await askLine(question, true, people);
  return answer === undefined || answer === "" ? undefined : new Secret(answer);
}

/** One line, without its end; `undefined` when the terminal was closed (Ctrl-D) or interrupted (Ctrl-C) instead. */
function askLine(question: string, isHidden: boolean, people: People): Promise<string | undefined> {
  const { input, output, onInterrupt } = people;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input,
    output: isHidden ? nowhere : output,
    terminal: true,
    historySize: 0,
  });
  return new Promise((resolve) => {
    const finish = (answer: string | undefined): void => {
      lines.removeAllListeners("close");
      lines.close();
      if (isHidden || answer === undefined) output.write("\n");
      resolve(answer);
    };
    lines.once("close", () => finish(undefined));
    lines.once("SIGINT", () => {
      onInterrupt();
      finish(undefined);
    });
    lines.question(isHidden ? "" : question, finish);
    if (isHidden) output.write(question);
  });
}
