import type { BudgetName } from "./budget.ts";
import type { Address } from "../base/address.ts";
import type { Json } from "../base/json.ts";
import { describeValue, type Value } from "./value.ts";

/** One HTTP write as data: what the journal records, what the plan hash covers, what a budget is spent on. */
export type Write = {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/services/{render/service/api}/env-vars/PORT`: an address in braces stands for the id it has when the call is sent. */
  readonly path: string;
  /** Absent: the call has none. */
  readonly body?: Body;
  /** The limits that count the call: it takes one call of each. */
  readonly budgets: readonly BudgetName[];
};

/** One write of a kind, before the planner gives it its place. `fields` are the field keys it makes equal to the file. */
export type WriteDraft = {
  /**
   * The part of the resource that it writes: `resource` is the object itself, else a facet or an entry (`envVars.PORT`). No
   * two drafts of one change have the same part.
   */
  readonly part: string;
  readonly write: Write;
  readonly fields: readonly string[];
  /** The write takes effect with the next deploy only: the plan adds a deploy after the last such write. */
  readonly deploys: boolean;
  /** It is worth a call, but no wait: its failure is a warning, and a plan that would need another window for it leaves it out. */
  readonly mayFail?: true;
};

/** A draft of one write. It takes effect at once, unless `deploys` says that it needs a deploy. */
export function draft(part: string, write: Write, fields: readonly string[], deploys = false): WriteDraft {
  return { part, write, fields, deploys };
}

/** The addresses in the path and the body of a write. `field`: the output, where a value of that resource is sent. */
export function targetsOf(write: Write): readonly { readonly address: Address; readonly field?: string }[] {
  const inPath = [...write.path.matchAll(/\{([^{}#]+)(?:#[^{}]*)?\}/g)].map((match) => ({
    address: match[1] as Address,
  }));
  const inBody = holesOf(write.body).flatMap((hole) => {
    if (hole.hole === "id") return [{ address: hole.of }];
    if (hole.hole === "list" || hole.hole === "successor-name" || hole.hole === "aside-name") return [];
    const values = hole.hole === "value" ? [hole.value] : Object.values(hole.set);
    return values.flatMap((value) =>
      value.from === "output" ? [{ address: value.of, field: value.output }] : [],
    );
  });
  return [...inPath, ...inBody];
}

/**
 * A request body before it is sent: JSON with holes, which only the HTTP body writer fills, in the call itself. So a plan
 * holds no secret and no id that does not exist yet.
 *
 *     hole             what fills it when the call is sent
 *     value            the plain text of a value
 *     id               the id that the resource `of` has by then
 *     successor-name   the name that the new one of two has
 *     aside-name       the name that the old one of two steps aside to
 *     entries          a whole list: what is live by then, with `set` and without `removed`
 *     list             an ordered list: `declared`, which may have holes, then the rest of what is live, without `removed`
 */
export type Body = Json | Hole | readonly Body[] | { readonly [key: string]: Body };

/** A place in a body that is filled when the call is sent. `of` and `place` name the resource that it is about. */
export type Hole =
  | {
      readonly hole: "value";
      readonly value: Value;
      readonly place: { readonly address: Address; readonly field: string };
    }
  | {
      readonly hole: "id";
      readonly of: Address;
      /** The id of the new object that is made to take the place of the resource. */
      readonly half?: "successor";
      /** The API wants a number: trueup keeps each id as a text, here one of digits. */
      readonly as?: "number";
    }
  /** The name that the new object of a rotation has until the old one is gone. */
  | { readonly hole: "successor-name"; readonly of: Address }
  /** The name that a former one has from the moment on that it steps aside. */
  | { readonly hole: "aside-name"; readonly of: Address }
  | EntriesHole
  | ListHole;

/** A hole for a whole list of entries, for an API that only takes the list as a whole. */
export type EntriesHole = {
  readonly hole: "entries";
  readonly of: Address;
  /** The field that the list is: `envVars`. */
  readonly field: string;
  /** Names of an item's members: those that its key is made of (`keyMembers` splits it), and the one that has the value. */
  readonly members: { readonly key: readonly string[]; readonly value: string };
  /** By entry key, what the file asks to be there. */
  readonly set: { readonly [entry: string]: Value };
  /** Keys of live entries that are left out. */
  readonly removed: readonly string[];
};

/** A hole for a whole ordered list. */
export type ListHole = {
  readonly hole: "list";
  readonly of: Address;
  /** The field that the list is: `routes`. */
  readonly field: string;
  /** Members that an entry's key is made of. */
  readonly key: readonly string[];
  /** The items of the file, in its order. */
  readonly declared: readonly Body[];
  /** Keys of live items that are left out. */
  readonly removed: readonly string[];
};

/** The hole that a value of a field goes into; address and field are where it belongs, for its digest. */
export function valueHole(value: Value, address: Address, field: string): Hole {
  return { hole: "value", value, place: { address, field } };
}

/**
 * The key of an entry, split into the members that it was made of: `keyMembers("/my file X-Robots", ["path", "name"])` is
 * `{ path: "/my file", name: "X-Robots" }`. Only the first member can hold a space: a path may, the name of a header may
 * not. A second entry of the same members has a number behind its key, `(2)`, with which no name of a header can end.
 */
export function keyMembers(entry: string, members: readonly string[]): { readonly [member: string]: string } {
  const words = (members.length > 1 ? entry.replace(/\(\d+\)$/u, "") : entry).split(" ");
  const last = words.splice(words.length - members.length + 1);
  return Object.fromEntries([words.join(" "), ...last].map((text, index) => [members[index]!, text]));
}

/** Whether this part of a body is a hole. */
export function isHole(body: Body): body is Hole {
  return typeof body === "object" && body !== null && !Array.isArray(body) && "hole" in body;
}

/** Every hole in the body, in the order of its text. */
export function holesOf(body: Body | undefined): readonly Hole[] {
  if (body === undefined || body === null || typeof body !== "object") return [];
  if (isHole(body)) return body.hole === "list" ? [body, ...holesOf(body.declared)] : [body];
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
      return { replaces: hole.field, declared: describeBody(hole.declared), removed: hole.removed };
    default:
      return hole satisfies never;
  }
}
