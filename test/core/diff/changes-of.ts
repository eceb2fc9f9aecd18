import { makeAddress, type Address } from "../../../src/core/base/address.ts";
import { digestOf, makeDigestKey } from "../../../src/core/base/digest.ts";
import { canonical, type Json } from "../../../src/core/base/json.ts";
import { diff } from "../../../src/core/diff/diff.ts";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import { emptyInventory, type Owned, type Pending } from "../../../src/core/model/inventory.ts";
import type { Found, Live } from "../../../src/core/model/live.ts";
import { kinds } from "../../../src/providers/kinds.ts";

const key = makeDigestKey("44".repeat(32));

/** One address as the file, the account and the inventory have it. */
export type Side = {
  readonly kind?: Owned["kind"];
  readonly name?: string;
  /** Field values of the block; absent: no block. */
  readonly spec?: { readonly [field: string]: Json };
  /** What is live, by its id and with what it shows; `null`: it is confirmed to be gone. */
  readonly live?: (Partial<Found> & Partial<Omit<Live, "found">>) | null;
  /** The id that is owned, and the values that were applied. */
  readonly owned?: {
    readonly id: string;
    readonly applied?: { readonly [field: string]: Json };
  } & Partial<Owned>;
  readonly pending?: Pending;
  readonly deploy?: "skip" | "trigger";
};

/** The changes of a plan over these addresses. */
export function changesOf(...sides: readonly Side[]) {
  const all = sides.map((side) => {
    const { kind = "render/service", name = "api" } = side;
    return { ...side, kind, name, address: makeAddress(kind, name) };
  });
  const desired = all.flatMap(({ spec, deploy = "trigger", ...one }): readonly Desired[] =>
    spec
      ? [
          {
            address: one.address,
            kind: one.kind,
            name: one.name,
            spec,
            lifecycle: { ...defaultLifecycle, deploy },
            where: { file: "trueup.yaml", line: 1, column: 1 },
            places: new Map(),
            needs: [],
          },
        ]
      : [],
  );
  const live = all.flatMap(({ live: seen, ...one }): readonly (readonly [Address, Live])[] => {
    if (!seen) return [];
    const { matchedBy = "inventory", displaced, tookPlace, ...shown } = seen;
    const found: Found = { id: "srv-1", name: one.name, spec: {}, outputs: {}, raw: {}, ...shown };
    const more = { ...(displaced && { displaced }), ...(tookPlace && { tookPlace }) };
    return [[one.address, { address: one.address, kind: one.kind, found, matchedBy, ...more }]];
  });
  const resources = all.flatMap(({ owned, ...one }) => {
    if (!owned) return [];
    const { applied = {}, ...more } = owned;
    const digests = Object.entries(applied).map(([field, value]) => [
      field,
      digestOf(key, { address: one.address, field }, canonical(value)),
    ]);
    const fields = Object.fromEntries(digests) as Owned["fields"];
    const noted: Owned = { kind: one.kind, name: one.name, needs: [], protect: false, fields, ...more };
    return [[one.address, noted]] as const;
  });
  const pending = all.flatMap((one) => (one.pending ? [[one.address, one.pending] as const] : []));
  return diff({
    desired,
    live: new Map(live),
    gone: new Set(all.flatMap((one) => (one.live === null ? [one.address] : []))),
    resolved: new Map(),
    kinds,
    key,
    inventory: {
      ...emptyInventory("l"),
      resources: Object.fromEntries(resources),
      ...(pending.length > 0 && { pending: Object.fromEntries(pending) }),
    },
    deliveries: new Map(),
    rewrites: [],
    gaps: [],
    today: "2026-11-22",
  });
}
