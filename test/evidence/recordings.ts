import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { sharedFolder } from "./shared-folder.ts";

/** One request to the real API and its answer. `request` and `response` are the parsed bodies; no body is `null`. */
export type Exchange = {
  readonly recording: string;
  /** Position in its recording, from 0. */
  readonly index: number;
  readonly method: string;
  /** As recorded: without the query, which was not kept. */
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly response: unknown;
};

/** One scenario in the order it was played, against one account, by one program. */
export type Recording = {
  readonly name: string;
  readonly recordedAt: Date;
  readonly exchanges: readonly Exchange[];
};

/** Every recording, by name; throws when the folder is missing, because a judge without evidence must not pass. */
export function readRecordings(): readonly Recording[] {
  const folder = join(sharedFolder(), "recordings");
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort();
  if (names.length === 0) throw new Error(`no recordings in ${folder}`);
  return names.map((name) => readRecording(join(folder, name)));
}

function readRecording(file: string): Recording {
  const name = basename(file, ".jsonl");
  const exchanges = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index): Exchange => ({
      ...(JSON.parse(line) as Omit<Exchange, "recording" | "index">),
      recording: name,
      index,
    }));
  const first = exchanges[0];
  if (!first) throw new Error(`${file} is empty`);
  return { name, recordedAt: new Date(dateOf(first)), exchanges };
}

/** Milliseconds since 1970 of the answer's `Date` header: whole seconds, rounded down. */
export function dateOf(exchange: Exchange): number {
  const time = Date.parse(exchange.headers["date"] ?? "");
  if (Number.isNaN(time)) throw new Error(`${labelOf(exchange)} has no Date header`);
  return time;
}

export function labelOf(exchange: Exchange): string {
  return `${exchange.recording}#${exchange.index} ${exchange.method} ${exchange.path}`;
}
