import type { Address } from "../../core/base/address.ts";
import { valuesDeclared } from "../../core/model/declared.ts";
import type { Readiness } from "../../core/kind/readiness.ts";
import { ProblemError } from "../../core/base/problem.ts";
import { scrubLines } from "../../http/scrub.ts";
import { secretsOf, type RunMemory } from "../memory/run-memory.ts";

const shownLines = 10;

/**
 * The last lines that a service or job wrote before it failed, oldest first and without secrets. They are shown in the report and
 * the events of this run and stored nowhere. Empty when the log cannot be read, or when the secrets cannot be read that would
 * have to be taken out of it.
 */
export async function readFailureLog(
  memory: Pick<RunMemory, "input" | "reach" | "resources" | "sent" | "shownOnce">,
  readiness: Readiness,
  address: Address,
): Promise<readonly string[]> {
  const { input, reach, resources } = memory;
  const log = await readiness
    .log?.(reach.readerOf(address), input.scope, resources.idOf(address))
    .catch((error: unknown) => {
      if (error instanceof ProblemError) return undefined;
      throw error;
    });
  if (!log) return [];
  const lines = log.lines.flatMap((line) => line.split(/\r?\n/u));
  const clean = scrubLines(lines, [...log.secrets, ...secretsOf(memory)], openValues(input));
  return clean.filter((line) => line !== "").slice(-shownLines);
}

/** The values that stand in the file in plain text: they are no secrets and stay in the lines. */
function openValues(input: Pick<RunMemory["input"], "desired" | "kinds">): ReadonlySet<string> {
  const values = [...input.desired.values()].flatMap((desired) =>
    valuesDeclared(desired, input.kinds.get(desired.kind)?.fields),
  );
  return new Set(values.flatMap(({ value }) => (value.from === "literal" ? [value.text] : [])));
}
