import { isObject } from "../../core/base/json.ts";
import type { Reader } from "../../core/kind/reader.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";

/** A parsed object of RENDERCAD's API. Its members have no types; a missing one is `undefined`. */
export type ApiObject = { readonly [name: string]: unknown };

/** A list, which stands in the member of that name of one answer: lists have no pages (documented). Throws `unexpected-answer` when it is not there. */
export async function listObjects(
  reader: Reader,
  path: string,
  member: string,
): Promise<readonly ApiObject[]> {
  const answer = await reader.get(path);
  if (isObject(answer) && answer["success"] === false) throw unexpected(path, "that it could not answer");
  const items = isObject(answer) ? answer[member] : undefined;
  if (!Array.isArray(items)) throw unexpected(path, `no list of ${member}`);
  return items.map((item: unknown) => asObject(item, path));
}

/** The value as an object; throws `unexpected-answer` for anything else. `path` is the call's path, for the message. */
export function asObject(value: unknown, path: string): ApiObject {
  if (isObject(value)) return value;
  throw unexpected(path, "something that is not an object");
}

/** A member that must be a text and not empty; throws `unexpected-answer` otherwise. */
export function textOf(object: ApiObject, member: string, path: string): string {
  const value = object[member];
  if (typeof value === "string" && value !== "") return value;
  throw unexpected(path, `an object without ${member}`);
}

/** The id of an object as a text. The API has numbers; an id that it sends as a text of digits is accepted too. */
export function idOf(object: ApiObject, path: string): string {
  const { id } = object;
  if (typeof id === "string" && /^[1-9]\d{0,14}$/u.test(id)) return id;
  if (typeof id === "number" && Number.isSafeInteger(id)) return String(id);
  throw unexpected(path, "an object without id");
}

function unexpected(path: string, what: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "unexpected-answer",
      `${path} answered ${what}.`,
      "Check RENDERCAD_HOST; if it is right, report this.",
    ),
  ]);
}
