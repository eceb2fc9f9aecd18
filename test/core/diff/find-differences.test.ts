import { expect, test } from "vitest";
import { makeAddress, type Address } from "../../../src/core/base/address.ts";
import { digestOf, makeDigestKey } from "../../../src/core/base/digest.ts";
import { canonical } from "../../../src/core/base/json.ts";
import { findDifferences } from "../../../src/core/diff/find-differences.ts";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import { emptyInventory, type Former } from "../../../src/core/model/inventory.ts";
import type { Live } from "../../../src/core/model/live.ts";
import { kinds } from "../../../src/providers/kinds.ts";

const key = makeDigestKey("66".repeat(32));
const former: Former = { id: "srv-0", name: "api-3f9a01c2" };

type World = {
  /** The kind, and a field of it that cannot change in place, with its value in the file, live, and when it was last applied. */
  readonly kind: "render/service" | "render/custom-domain";
  readonly field: string;
  readonly file: string;
  readonly live: string;
  readonly applied?: string;
  readonly isForeign?: boolean;
  readonly isRenewed?: boolean;
  readonly tookPlace?: true;
  /** Objects of the service `api` that stepped aside. */
  readonly formers?: readonly Former[];
  readonly replacements?: readonly Address[];
};

const moved: World = { kind: "render/service", field: "region", file: "frankfurt", live: "oregon" };

/** Whether another object takes the place of the live one, or it stays with a note. */
function judged({ kind, field, file, live, applied, isForeign = false, isRenewed = false, ...world }: World) {
  const name = "one";
  const address = makeAddress(kind, name);
  const spec = { service: "api", [field]: file };
  const desired: Desired = {
    address,
    kind,
    name,
    spec,
    lifecycle: defaultLifecycle,
    where: { file: "trueup.yaml", line: 1, column: 1 },
    places: new Map(),
    needs: [],
  };
  const fields =
    applied === undefined ? {} : { [field]: digestOf(key, { address, field }, canonical(applied)) };
  const owned = { kind, id: "id-1", name, fields, needs: [], protect: false };
  const found = { id: "id-1", name, spec: { ...spec, [field]: live }, outputs: {}, raw: {} };
  const there: Live = { address, kind, found, matchedBy: "inventory" };
  const { tookPlace, formers, replacements } = world;
  const { fields: differing, notes } = findDifferences(
    {
      inventory: {
        ...emptyInventory("l"),
        ...(formers && { pending: { "render/service/api": { formers } } }),
      },
      kinds,
      ...(replacements && { replacements }),
    },
    { desired, owned: isForeign ? undefined : owned, resolved: new Map(), key },
    { kind: kinds.get(kind)!, live: { ...there, ...(tookPlace && { tookPlace }) }, isForeign, isRenewed },
  );
  const replaces = differing.filter((one) => one.forcesReplace).map((one) => one.field);
  return { replaces, stays: notes.flatMap((one) => (one.note === "stays" ? [one.verdict] : [])) };
}

const stays = (verdict: "outside" | "unknown") => ({ replaces: [], stays: [verdict] });
const replaced = (field: string) => ({ replaces: [field], stays: [] });

test("what is ours is replaced when the file moved, and stays when live did", () => {
  expect(judged({ ...moved, applied: "oregon" })).toEqual(replaced("region"));
  expect(judged({ ...moved, applied: "frankfurt" })).toEqual(stays("outside"));
});

test("what is not ours stays whatever was agreed to, unless a rotation asks for another one", () => {
  const foreign = { ...moved, isForeign: true };
  const replacements = [makeAddress(moved.kind, "one")];
  expect(judged(foreign)).toEqual(stays("unknown"));
  expect(judged({ ...foreign, replacements })).toEqual(stays("unknown"));
  expect(judged({ ...foreign, isRenewed: true })).toEqual(replaced("region"));
});

test("what the file newly says stays until it is agreed to, of that address", () => {
  expect(judged(moved)).toEqual(stays("unknown"));
  expect(judged({ ...moved, replacements: [makeAddress(moved.kind, "one")] })).toEqual(replaced("region"));
  expect(judged({ ...moved, replacements: [makeAddress(moved.kind, "two")] })).toEqual(stays("unknown"));
});

test("what an earlier run put in the place of another one was moved by the file, whatever is remembered", () => {
  expect(judged({ ...moved, applied: "frankfurt", tookPlace: true })).toEqual(replaced("region"));
});

test("what still stands in the former one of its service is moved to the new one, and nowhere else", () => {
  const domain = { kind: "render/custom-domain", field: "service", file: "api", applied: "api" } as const;
  const formers = [{ id: "srv-9", name: "api-1b2c3d4e" }, former];
  expect(judged({ ...domain, live: former.name, formers })).toEqual(replaced("service"));
  expect(judged({ ...domain, live: "web", formers })).toEqual(stays("outside"));
  expect(judged({ ...domain, live: former.name })).toEqual(stays("outside"));
  expect(judged({ ...moved, live: former.name, applied: "frankfurt", formers })).toEqual(stays("outside"));
});
