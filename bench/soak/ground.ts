import type { Cut } from "../../test/crash/mortal.ts";
import type { Tables } from "./rows.ts";

/**
 * How a run of the program begins. `flags`: as on the command line, `--allow-data-loss render/postgres/main`. `kill`: where
 * it dies, of a process of its own only after how many of its writes.
 */
export type Start = {
  readonly files: readonly string[];
  readonly flags: readonly string[];
  readonly kill?: Cut;
};

/**
 * How it ended. `died`: it was killed. `threw`: neither a report nor a problem, which is wrong whatever happened. `text`: all
 * that it said, for who looks for secrets. `flags`: what answers its refusals; `unanswerable`: codes of those that only an
 * edit answers.
 */
export type End = {
  readonly verdict: string;
  readonly codes: readonly string[];
  readonly refusals: readonly string[];
  readonly flags: readonly string[];
  readonly unanswerable: readonly string[];
  readonly text: string;
  /** Writes that reached the simulator, answered or not. */
  readonly writes: number;
};

/** An account, a folder, and the program that goes between them. */
export type Ground = {
  readonly folder: string;
  readonly owner: string;
  /** Value of the RENDERCAD token that the program itself runs with. */
  readonly ownToken: string;
  write(name: string, text: string): Promise<void>;
  apply(start: Start): Promise<End>;
  /** A call by somebody else; answers its status. */
  edit(method: string, path: string, body?: unknown, api?: "render" | "rendercad"): Promise<number>;
  setFaults(faults: string): Promise<void>;
  wait(milliseconds: number): Promise<void>;
  tables(): Tables;
  close(): Promise<void>;
};

/** Values that may stand nowhere but where they are delivered to. */
export const sources: { readonly [name: string]: string } = {
  SOAK_SOURCE_1: "canary-environment-aB3dE5gH7jK9",
  SOAK_SOURCE_2: "canary-environment-zY8xW6vU4tS2",
};

/** A token that somebody revoked and that is still listed is told of and waits for `--rewrite`: nothing that a run puts right. */
export const switches = { revokedTokens: "gone" } as const;
