import type { Scope } from "../../core/kind/scope.ts";
import type { Query, Reader } from "../../core/kind/reader.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { isObject } from "../../core/base/json.ts";
import type { ApiObject } from "./mapping.ts";

/** Names asked for in one call: a comma joins them (Render's description), so a name with a comma is asked for alone. */
const batch = 50;

/** The confirmation that what a list lacks is really absent: asked by name, in batches. */
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

/** What is no list is no empty one: nothing may be taken for gone because of it. */
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

/** Objects of another owner can come back for keys that reach several workspaces; they are never a match. */
export function isOfOwner(object: ApiObject, scope: Scope): boolean {
  const owner = isObject(object["owner"]) ? object["owner"]["id"] : object["ownerId"];
  return owner === scope.ownerId;
}
