import { isObject } from "../core/base/json.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { ApiFacts } from "./api-facts.ts";
import type { Query } from "../core/kind/reader.ts";

/**
 * Reads one page of a list: its items, taken out of their envelope (`{"service": {...}, "cursor": "..."}` with the envelope
 * `service`), and their cursors. Throws `unexpected-answer` when the page is no list and `incomplete-read` when an entry is no
 * object: a shorter list would look like deleted resources. Each item has its own cursor (in every recorded page), so a cursor
 * that comes twice shows the caller that a page came twice.
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

/** An entry without the envelope is taken as the item itself. */
function isWhole(inner: unknown): boolean {
  return inner === undefined || isObject(inner);
}

/** The error of a list that could not be read to its end; nothing may be concluded from the part that was. */
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

/** The query as it stands in a URL: `?name=api&limit=100`, or empty. An array becomes values with commas between, as Render documents. */
export function queryText(query: Query): string {
  const pairs = Object.entries(query).map(([name, value]) => {
    const values = typeof value === "string" ? [value] : value;
    return `${name}=${values.map((item) => encodeURIComponent(item)).join(",")}`;
  });
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
