import type { Scope } from "../../core/kind/scope.ts";
import type { Query, Reader } from "../../core/kind/reader.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { isObject } from "../../core/base/json.ts";
import type { ApiObject } from "./mapping.ts";

/** How many names go into one call. Names are joined by commas (Render's description), so a name with a comma is asked for alone. */
const batch = 50;

/** The objects of these names. It is used to confirm that what a list lacks is really absent, so it asks for each name, in batches. */
export async function listByName(
  reader: Reader,
  how: { readonly path: string; readonly envelope: string | null; readonly query: Query },
  names: readonly string[],
): Promise<readonly ApiObject[]> {
  const plain = names.filter((name) => !name.includes(","));
  const groups = [
    ...chunk(plain, batch),
    ...names.filter((name) => name.includes(",")).map((name) => [name]),
  ];
  const pages = await Promise.all(
    groups.map((group) => reader.list(how.path, { ...how.query, name: group }, how.envelope)),
  );
  const wanted = new Set(names);
  return pages
    .flat()
    .map((item) => asObject(item, how.path))
    .filter((item) => wanted.has(String(item["name"])));
}

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** The value as an object; throws `unexpected-answer` for anything else. `path` is the call's path, for the message. */
export function asObject(value: unknown, path: string): ApiObject {
  if (isObject(value)) return value;
  throw new ProblemError([
    problem(
      "error",
      "unexpected-answer",
      `${path} answered something that is not an object.`,
      "Check RENDER_HOST; if it is right, report this.",
    ),
  ]);
}

/** The value as a list; throws `unexpected-answer` for anything else: taken for an empty list, it would look as if all were gone. */
export function listOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ProblemError([
    problem(
      "error",
      "unexpected-answer",
      `${path} answered something that is not a list.`,
      "Check RENDER_HOST; if it is right, report this.",
    ),
  ]);
}

/** A member that must be a text and not empty; throws `unexpected-answer` otherwise. */
export function textOf(object: ApiObject, member: string, path: string): string {
  const value = object[member];
  if (typeof value === "string" && value !== "") return value;
  throw new ProblemError([
    problem(
      "error",
      "unexpected-answer",
      `${path} answered an object without ${member}.`,
      "Check RENDER_HOST; if it is right, report this.",
    ),
  ]);
}

/** Whether an object belongs to the workspace. A key that reaches several workspaces may be answered with objects of another one. */
export function isOfOwner(object: ApiObject, scope: Scope): boolean {
  const owner = isObject(object["owner"]) ? object["owner"]["id"] : object["ownerId"];
  return owner === scope.ownerId;
}
