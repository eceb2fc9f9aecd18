import type { Address } from "../base/address.ts";
import type { Json } from "../base/json.ts";
import { describeValue, type Value } from "./value.ts";

/**
 * A request body before it is sent: JSON with holes. A value hole is filled with the plain text of a value, an id hole
 * with the id that a resource has when the call is sent, an entries hole with a whole list: what is live at that moment,
 * with `set` and without `removed`; a list hole with an ordered list, what is declared first, then the rest of what is
 * live. Only the HTTP body writer fills holes.
 */
export type Body = Json | Hole | readonly Body[] | { readonly [key: string]: Body };
export type Hole =
  | {
      readonly hole: "value";
      readonly value: Value;
      readonly place: { readonly address: Address; readonly field: string };
    }
  | {
      readonly hole: "id";
      readonly of: Address;
      /** Of what is made to take its place. */
      readonly half?: "successor";
      /** The API wants a number, where ids are texts of digits here. */
      readonly as?: "number";
    }
  /** The name that a successor has until the former one is gone. */
  | { readonly hole: "successor-name"; readonly of: Address }
  /** The name that a former one has from the moment on that it steps aside. */
  | { readonly hole: "aside-name"; readonly of: Address }
  | EntriesHole
  | ListHole;
export type EntriesHole = {
  readonly hole: "entries";
  readonly of: Address;
  readonly field: string;
  /** Members of an item: those that its key is made of, the last words of it one each, and the value's. */
  readonly members: { readonly key: readonly string[]; readonly value: string };
  readonly set: { readonly [entry: string]: Value };
  readonly removed: readonly string[];
};

export type ListHole = {
  readonly hole: "list";
  readonly of: Address;
  readonly field: string;
  /** Members that an entry's key is made of. */
  readonly key: readonly string[];
  readonly declared: readonly Json[];
  readonly removed: readonly string[];
};

export function valueHole(value: Value, address: Address, field: string): Hole {
  return { hole: "value", value, place: { address, field } };
}

/**
 * An entry's key in its members. Only the first can hold a space: a path does, the name of a header does not. A second
 * entry of the same members has a number behind its key, `(2)`, which no name of a header can end with.
 */
export function keyMembers(entry: string, members: readonly string[]): { readonly [member: string]: string } {
  const words = (members.length > 1 ? entry.replace(/\(\d+\)$/u, "") : entry).split(" ");
  const last = words.splice(words.length - members.length + 1);
  return Object.fromEntries([words.join(" "), ...last].map((text, index) => [members[index]!, text]));
}

export function isHole(body: Body): body is Hole {
  return typeof body === "object" && body !== null && !Array.isArray(body) && "hole" in body;
}

/** Every hole in the body, in the order of its text. */
export function holesOf(body: Body | undefined): readonly Hole[] {
  if (body === undefined || body === null || typeof body !== "object") return [];
  if (isHole(body)) return [body];
  const members: readonly Body[] = Array.isArray(body) ? body : Object.values(body);
  return members.flatMap((member) => holesOf(member));
}

/** The body as plan, hash and journal may hold it: a secret stands there as its source, never as value or digest. */
export function describeBody(body: Body): Json {
  if (body === null || typeof body !== "object") return body;
  if (isHole(body)) return describeHole(body);
  if (Array.isArray(body)) return (body as readonly Body[]).map((item) => describeBody(item));
  return Object.fromEntries(Object.entries(body).map(([key, member]) => [key, describeBody(member)]));
}

function describeHole(hole: Hole): Json {
  switch (hole.hole) {
    case "id":
      return { id: hole.of, ...(hole.half && { half: hole.half }) };
    case "successor-name":
      return { successorOf: hole.of };
    case "aside-name":
      return { asideOf: hole.of };
    case "value":
      return describeValue(hole.value);
    case "entries": {
      const set = Object.entries(hole.set).map(([entry, value]) => [entry, describeValue(value)] as const);
      return { replaces: hole.field, set: Object.fromEntries(set), removed: hole.removed };
    }
    case "list":
      return { replaces: hole.field, declared: hole.declared, removed: hole.removed };
    default:
      return hole satisfies never;
  }
}
