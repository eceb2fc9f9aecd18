import { describe, expect, test } from "vitest";
import { makeAddress } from "../../../src/core/base/address.ts";
import { digestOf, makeDigestKey } from "../../../src/core/base/digest.ts";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import { diff, type DiffInput } from "../../../src/core/diff/diff.ts";
import type { Field } from "../../../src/core/model/field.ts";
import { emptyInventory, unknownDigest, type Owned } from "../../../src/core/model/inventory.ts";
import { canonical, type Json } from "../../../src/core/base/json.ts";
import type { Kind } from "../../../src/core/kind/kind.ts";
import { kinds } from "../../../src/providers/kinds.ts";

const key = makeDigestKey("11".repeat(32));

/** Every field of every kind whose difference can replace its object: a new kind is among them by itself. */
const fixed = [...kinds.values()].flatMap((kind) =>
  Object.entries(kind.fields)
    .filter(([, field]) => field.onChange === "replace" || field.replaces)
    .map(([name, field]) => ({ kind, name, field, title: `${kind.name} ${name}` })),
);
type Fixed = (typeof fixed)[number];

/** What no file could say, whatever the field is. */
const odd: readonly (Json | undefined)[] = [
  undefined,
  null,
  "",
  18,
  -1,
  true,
  {},
  [null],
  ["no such word"],
  { value: "x" },
];

/** Two values that a file can say, the second one unlike the first whatever the field compares by. */
function wordsOf({ schema }: Field): readonly [Json, Json] {
  const words = schema["enum"] as readonly Json[] | undefined;
  if (words) return [words[0]!, words.at(-1)!];
  const items = schema["items"] as { readonly enum?: readonly string[] } | undefined;
  if (items?.enum) return [[items.enum[0]!], [items.enum[1]!]];
  return ["https://one.example.com", "https://two.example.com"];
}

/** Odd for this field: a word that is not on its list, a number for a text. */
function oddOf(field: Field): readonly Json[] {
  const [first] = wordsOf(field);
  if (!field.schema["enum"] || typeof first !== "string") return [];
  return [`${first}-2`, Number(first)].filter((one) => !Number.isNaN(one));
}

/** The first word of its list in another case, and in another spelling. */
function spellingsOf(field: Field): readonly string[] {
  const [first] = wordsOf(field);
  if (!field.schema["enum"] || typeof first !== "string") return [];
  const upper = first.toUpperCase() === first ? first.toLowerCase() : first.toUpperCase();
  return [upper, ` ${first}`, first.split("").join("_")].filter((one) => one !== first);
}

type World = {
  readonly file: Json;
  readonly live: Json | undefined;
  /** What the inventory remembers; absent: nothing. */
  readonly applied?: Json;
  readonly digest?: string;
  readonly owned?: Partial<Owned>;
  readonly isForeign?: boolean;
  readonly replacements?: DiffInput["replacements"];
};

function changeOf({ kind, name, field }: Fixed, world: World) {
  const address = makeAddress(kind.name, "one");
  const digestIn = (value: Json): string =>
    digestOf(key, { address, field: name }, canonical(field.normal?.(value) ?? value));
  const fields = {
    ...(world.applied !== undefined && { [name]: digestIn(world.applied) }),
    ...(world.digest !== undefined && { [name]: world.digest }),
  };
  const desired: Desired = {
    address,
    kind: kind.name,
    name: "one",
    spec: { [name]: world.file },
    lifecycle: defaultLifecycle,
    where: { file: "trueup.yaml", line: 1, column: 1 },
    places: new Map(),
    needs: [],
  };
  const owned = {
    kind: kind.name,
    id: "id-1",
    name: "one",
    fields,
    needs: [],
    protect: false,
    ...world.owned,
  };
  const spec = world.live === undefined ? {} : { [name]: world.live };
  const found = { id: "id-1", name: "one", spec, outputs: {}, raw: {} };
  const [change] = diff({
    desired: [desired],
    live: new Map([
      [address, { address, kind: kind.name, found, matchedBy: world.isForeign ? "name" : "inventory" }],
    ]),
    gone: new Set(),
    resolved: new Map(),
    kinds: new Map<Kind["name"], Kind>([[kind.name, kind]]),
    key,
    inventory: { ...emptyInventory("1"), ...(!world.isForeign && { resources: { [address]: owned } }) },
    deliveries: new Map(),
    rewrites: [],
    gaps: [],
    ...(world.replacements && { replacements: world.replacements }),
    today: "2026-11-22",
  });
  return change!;
}

/** Fields of which only some changes replace tell by the pair; `static` is the one word that does. */
function pairOf({ field }: Fixed): readonly [Json, Json] {
  const [one, other] = wordsOf(field);
  return [one, other];
}

test("the registry has fields that replace, of both accounts", () => {
  const titles = fixed.map(({ title }) => title);
  expect(titles).toEqual(
    expect.arrayContaining(["render/service runtime", "render/postgres user", "rendercad/token scope"]),
  );
});

describe.each(fixed)("$title", (one) => {
  const [first, second] = pairOf(one);

  test("is replaced when the file moved and both values are known", () => {
    const change = changeOf(one, { applied: first, file: second, live: first });
    expect(change.action).toBe("replace");
    expect(change.notes.filter(({ note }) => note === "stays")).toEqual([]);
  });

  test("stays, with a note that is drift, when live moved", () => {
    const change = changeOf(one, { applied: first, file: first, live: second });
    expect(change.action).toBe("keep");
    expect(change.notes).toMatchObject([{ note: "stays", field: one.name, verdict: "outside" }]);
  });

  test.each([...odd, ...oddOf(one.field)])("stays when live shows %j", (live) => {
    for (const applied of [first, second]) {
      const change = changeOf(one, { applied, file: first, live });
      // A field that can be written in place may be; it is never made anew.
      expect(["keep", "update"]).toContain(change.action);
      if (one.field.onChange === "replace") expect(change.action).toBe("keep");
      expect(change.converged, "and is not remembered as the file's").toEqual([]);
    }
  });

  test("is the same in another spelling, and not replaced by what the file says since", () => {
    for (const live of spellingsOf(one.field)) {
      const same = changeOf(one, { applied: first, file: first, live });
      expect([live, same.action, same.notes]).toEqual([live, "keep", []]);
      const moved = changeOf(one, { applied: first, file: second, live });
      expect(["keep", "update"]).toContain(moved.action);
    }
  });

  test("stays when it is newly said, and --allow-replace makes it a replacement", () => {
    const world = { file: second, live: first };
    expect(changeOf(one, world)).toMatchObject({
      action: "keep",
      notes: [{ note: "stays", verdict: "unknown" }],
      converged: [one.name],
    });
    const address = makeAddress(one.kind.name, "one");
    expect(changeOf(one, { ...world, replacements: [address] }).action).toBe("replace");
    for (const live of odd) {
      expect(changeOf(one, { ...world, live, replacements: [address] }).action).not.toBe("replace");
    }
  });

  test("stays when its digest is another key's, and when it is adopted", () => {
    expect(changeOf(one, { file: second, live: first, digest: unknownDigest }).action).toBe("keep");
    const adopted = changeOf(one, { file: second, live: first, isForeign: true });
    expect(adopted.action).toBe(one.kind.permanent ? "keep" : "adopt");
    expect(adopted.fields).toEqual([]);
  });
});
