import { compareAll } from "../compare/compare-fields.ts";
import type { Comparison } from "../compare/comparison.ts";
import type { Kind, Kinds } from "../kind/kind.ts";
import type { Desired } from "../model/desired.ts";
import type { Live } from "../model/live.ts";
import { findOtherShape, leaveOtherShape } from "./another-shape.ts";
import { leaveLive } from "./leave-live.ts";
import type { RotationFacts } from "../rotation/rotation.ts";

type Facts = Pick<RotationFacts, "inventory" | "replacements"> & { readonly kinds: Kinds };

/** What differs between a block and its live object, without what stays as it is: that is told in notes. */
export function findDifferences(
  facts: Facts,
  comparison: Comparison,
  subject: {
    readonly kind: Kind;
    readonly live: Live;
    readonly isForeign: boolean;
    readonly isRenewed: boolean;
  },
): ReturnType<typeof leaveLive> {
  const { kind, live, isForeign, isRenewed } = subject;
  const { desired } = comparison;
  const left = leaveLive(compareAll(comparison, kind.fields, live), comparison, {
    isForeign: isForeign && !isRenewed,
    isAllowed: isRenewed || (facts.replacements ?? []).includes(desired.address),
    isOwnDoing: live.tookPlace === true || standsInFormer(facts, desired, live),
  });
  return leaveOtherShape(left, findOtherShape(kind, desired, live.found), isForeign);
}

/** Whether it still stands in the old object of the resource that it is part of: a domain that leads to `api-3f9a01c2`. */
function standsInFormer({ inventory, kinds }: Facts, desired: Desired, { found }: Live): boolean {
  const host = kinds.get(desired.kind)?.partOf?.(desired);
  const formers = (host && inventory.pending?.[host]?.formers) ?? [];
  return formers.some(({ name }) => Object.values(found.spec).includes(name));
}
