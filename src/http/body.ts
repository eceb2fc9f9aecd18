import type { Address } from "../core/base/address.ts";
import { isHole, keyMembers, type Body, type EntriesHole, type ListHole } from "../core/model/write.ts";
import { revealSecret, type Secret } from "../core/base/secret.ts";
import type { Value } from "../core/model/value.ts";

/** What fills the holes of a body at the moment it is sent. `undefined` for a value means: leave this entry out. */
export type Filling = {
  readonly id: (address: Address, half: "successor" | undefined) => string;
  /** The name that the new object of a rotation has until the old one is gone. */
  readonly newObjectName: (address: Address) => string;
  readonly asideName: (address: Address) => string;
  readonly value: (
    value: Value,
    place: { readonly address: Address; readonly field: string },
  ) => Secret | "generate" | undefined;
  readonly entries: (
    hole: EntriesHole,
  ) => readonly { readonly entry: string; readonly value: Secret | "generate" }[];
  readonly list: (hole: ListHole) => readonly Body[];
};

const left = Symbol("left out");

/**
 * The text of a request, and the secrets that are in it so that an error that repeats them can be scrubbed. This is the
 * one place where a secret becomes plain text. A `generate` value turns `{key, value}` into `{key, generateValue: true}`
 * (Render's description: env var input), and an entry without a value is left out of its list.
 */
export function fillBody(
  body: Body,
  filling: Filling,
): { readonly text: string; readonly secrets: readonly Secret[] } {
  const secrets: Secret[] = [];
  const filled = fill(body, filling, secrets);
  return { text: JSON.stringify(filled === left ? {} : filled), secrets };
}

function fill(body: Body, filling: Filling, secrets: Secret[]): unknown {
  if (body === null || typeof body !== "object") return body;
  if (isHole(body)) {
    if (body.hole === "id") {
      const id = filling.id(body.of, body.half);
      return body.as === "number" ? Number(id) : id;
    }
    if (body.hole === "successor-name") return filling.newObjectName(body.of);
    if (body.hole === "aside-name") return filling.asideName(body.of);
    if (body.hole === "entries") return fillEntries(body, filling, secrets);
    if (body.hole === "list") return fill(filling.list(body), filling, secrets);
    const value = filling.value(body.value, body.place);
    if (value === undefined) return left;
    if (value === "generate") return value;
    secrets.push(value);
    return revealSecret(value);
  }
  if (Array.isArray(body))
    return (body as readonly Body[])
      .map((item) => fill(item, filling, secrets))
      .filter((item) => item !== left);
  return fillObject(body as { readonly [key: string]: Body }, filling, secrets);
}

function fillEntries(hole: EntriesHole, filling: Filling, secrets: Secret[]): unknown {
  return filling.entries(hole).map(({ entry, value }) => {
    const key = keyMembers(entry, hole.members.key);
    if (value === "generate") return { ...key, generateValue: true };
    secrets.push(value);
    return { ...key, [hole.members.value]: revealSecret(value) };
  });
}

function fillObject(body: { readonly [key: string]: Body }, filling: Filling, secrets: Secret[]): unknown {
  const members: [string, unknown][] = [];
  for (const [key, member] of Object.entries(body)) {
    const isValue =
      member !== null && typeof member === "object" && isHole(member) && member.hole === "value";
    const filled = fill(member, filling, secrets);
    if (filled === left) return left;
    members.push(isValue && filled === "generate" ? ["generateValue", true] : [key, filled]);
  }
  return Object.fromEntries(members);
}
