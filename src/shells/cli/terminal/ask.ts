import { StringDecoder } from "node:string_decoder";
import type { Address } from "../../../core/base/address.ts";
import { Secret } from "../../../core/base/secret.ts";
import { displayWidth, escapeText } from "../../../views/base/escape.ts";
import { feed, markPastes, noLine, unmarkPastes, type TypedLine } from "./typed-line.ts";

/** Who can be asked, if anybody: a person sits at `input` only where it is a terminal. */
export type People = {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WritableStream;
  /** While a question stands, the terminal is ours and Ctrl-C does not come as a signal. */
  readonly onInterrupt: () => void;
  /** Ends the question: somebody asked the program to stop (SIGTERM). */
  readonly stop: AbortSignal;
};

/** `word`: what agrees to the plan that was just shown. */
export async function askToApply(word: string, people: People): Promise<"yes" | "no" | "unable"> {
  if (!people.input.isTTY) return "unable";
  const answer = await askLine(`\nApply this plan? Only ${word} goes ahead: `, false, people);
  return answer?.trim() === word ? "yes" : "no";
}

/** A `sync: false` value; nothing typed is nothing given. A paste may hold several lines; the last line break is dropped. */
export async function askForValue(
  address: Address,
  entry: string,
  people: People,
): Promise<Secret | undefined> {
  if (!people.input.isTTY) return undefined;
  const question = escapeText(`Value of ${entry} for ${address} (it does not show; Enter skips it): `);
  const answer = (await askLine(question, true, people))?.replace(/\n$/u, "");
  return answer === undefined || answer === "" ? undefined : new Secret(answer);
}

/**
 * One line, without its end; `undefined` when the terminal was closed (Ctrl-D), interrupted (Ctrl-C) or told to stop instead.
 * The terminal is in raw mode only while the question stands, so that nothing but this function can echo a key; nothing of
 * it outlives the question: no listener, no mode. A process that ends in the middle leaves the terminal as it was, too: Node
 * restores the mode at any exit, the listener below the marks of pastes.
 */
function askLine(question: string, isHidden: boolean, people: People): Promise<string | undefined> {
  const { input, output, onInterrupt, stop } = people;
  if (stop.aborted) return Promise.resolve(undefined);
  const decoder = new StringDecoder("utf8");
  let line = noLine;
  let isOver = false;
  return new Promise((resolve) => {
    const restore = (): void => void output.write(unmarkPastes);
    const finish = (answer: string | undefined): void => {
      if (isOver) return;
      isOver = true;
      input.off("data", read).off("end", giveUp).off("error", giveUp).off("close", giveUp);
      stop.removeEventListener("abort", giveUp);
      process.off("exit", restore);
      input.pause();
      input.setRawMode(false);
      output.write(`${unmarkPastes}\n`);
      resolve(answer);
    };
    const giveUp = (): void => finish(undefined);
    const read = (bytes: Buffer): void => {
      const next = feed(line, decoder.write(bytes));
      if (!isHidden) output.write(repaint(line, next));
      line = next;
      if (line.end === "interrupted") onInterrupt();
      if (line.end !== "open") finish(line.end === "entered" ? line.text : undefined);
    };
    input.setRawMode(true);
    process.once("exit", restore);
    stop.addEventListener("abort", giveUp, { once: true });
    input.on("data", read).once("end", giveUp).once("error", giveUp).once("close", giveUp);
    output.write(`${markPastes}${question}`);
    input.resume();
  });
}

/** Takes back what is no longer there and shows what came. */
function repaint({ text: before }: TypedLine, { text: now }: TypedLine): string {
  const [old, fresh] = [Array.from(before), Array.from(now)];
  const differs = old.findIndex((character, index) => character !== fresh[index]);
  const kept = differs === -1 ? old.length : differs;
  const width = displayWidth(escapeText(old.slice(kept).join("")));
  return "\b \b".repeat(width) + escapeText(fresh.slice(kept).join(""));
}
