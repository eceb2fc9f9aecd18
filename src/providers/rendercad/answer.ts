import { isObject } from "../../core/base/json.ts";
import type { Reader } from "../../core/kind/reader.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";

/** A parsed object of RENDERCAD's. What is not there is `undefined`. */
export type ApiObject = { readonly [name: string]: unknown };

/** The whole of a list that comes in one answer, in the member of that name: no list has pages (documented). */
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

export function asObject(value: unknown, path: string): ApiObject {
  if (isObject(value)) return value;
  throw unexpected(path, "something that is not an object");
}

export function textOf(object: ApiObject, member: string, path: string): string {
  const value = object[member];
  if (typeof value === "string" && value !== "") return value;
  throw unexpected(path, `an object without ${member}`);
}

/** Ids are numbers at the API, and texts here; one that comes as a text of digits is the same. */
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
