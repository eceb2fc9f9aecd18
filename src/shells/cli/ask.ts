import { createInterface } from "node:readline";
import { Writable } from "node:stream";

export type Question = {
  readonly text: string;
  /** What is typed does not show. */
  readonly hidden: boolean;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WritableStream;
  /** Ctrl-C while the terminal is ours does not reach the process as a signal. */
  readonly onInterrupt: () => void;
};

/** One line from a terminal, without its end; `undefined` when it was closed (Ctrl-D) or interrupted (Ctrl-C) instead. */
export function askLine({ text, hidden, input, output, onInterrupt }: Question): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: hidden ? nowhere : output, terminal: true, historySize: 0 });
  return new Promise((resolve) => {
    const finish = (answer: string | undefined): void => {
      lines.removeAllListeners("close");
      lines.close();
      if (hidden || answer === undefined) output.write("\n");
      resolve(answer);
    };
    lines.once("close", () => finish(undefined));
    lines.once("SIGINT", () => {
      onInterrupt();
      finish(undefined);
    });
    if (hidden) output.write(text);
    lines.question(hidden ? "" : text, finish);
  });
}
