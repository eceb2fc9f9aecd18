import { isObject } from "../core/base/json.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { ApiFacts } from "./api-facts.ts";

/**
 * Every page is understood whole or refused; a list whose pages cannot be told apart is an error, never a shorter list.
 * Each item has a cursor of its own (in every recorded page), so one that repeats is a page that repeats.
 */
export function readPage(
  api: ApiFacts,
  page: unknown,
  path: string,
  envelope: string | null,
): { readonly items: readonly unknown[]; readonly cursors: readonly string[] } {
  if (!Array.isArray(page)) {
    throw new ProblemError([
      problem(
        "error",
        "unexpected-answer",
        `GET ${path} answered something that is not a list.`,
        `Check ${api.host}; if it is right, report this.`,
      ),
    ]);
  }
  if (!page.every((item) => isObject(item) && (envelope === null || isWhole(item[envelope]))))
    throw incomplete(path, "an entry of the list is no object");
  const wrapped = page as readonly { readonly cursor?: unknown; readonly [name: string]: unknown }[];
  const items = wrapped.map((item) =>
    envelope !== null && item[envelope] !== undefined ? item[envelope] : item,
  );
  const cursors = wrapped
    .map((item) => item.cursor)
    .filter((cursor): cursor is string => typeof cursor === "string" && cursor !== "");
  return { items, cursors };
}

/** Absent: the item stands there without an envelope. */
function isWhole(inner: unknown): boolean {
  return inner === undefined || isObject(inner);
}

export function incomplete(path: string, reason: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "incomplete-read",
      `GET ${path} could not be read to its end: ${reason}.`,
      "Nothing was concluded from it and nothing was written. Run again.",
    ),
  ]);
}
