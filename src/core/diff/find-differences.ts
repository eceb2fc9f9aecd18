import { compareAll } from "../compare/compare-fields.ts";
import type { Comparison } from "../compare/comparison.ts";
import type { Kind, Kinds } from "../kind/kind.ts";
import { type Desired, whereIn } from "../model/desired.ts";
import type { Live } from "../model/live.ts";
import { findOtherShape, leaveOtherShape } from "./another-shape.ts";
import { leaveLive } from "./leave-live.ts";
import type { RotationFacts } from "../rotation/rotation.ts";
import type { FieldChange, Note, Shown } from "../model/change.ts";
import { showValue } from "../compare/compare-value.ts";
import { eachDeclared, valuesDeclared } from "../model/declared.ts";
import type { FieldTable } from "../model/field.ts";
import { digestDesired, shownItem } from "../compare/field-change.ts";
import type { Json } from "../base/json.ts";
import type { Value } from "../model/value.ts";
import type { Owned } from "../model/inventory.ts";

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
    hasFileMoved: (change) => hasMovedSinceAsked(facts, comparison, { kind, change }),
  });
  return leaveOtherShape(left, findOtherShape(kind, desired, live.found), isForeign);
}

/**
 * Whether the object is what a creation without an answer asked for, and the file asks something else by now. The inventory knows
 * nothing else of such an object, so that without this it would seem to have been so all along.
 */
export function hasMovedSinceAsked(
  { inventory }: Pick<Facts, "inventory">,
  comparison: Comparison,
  { kind, change }: { readonly kind: Kind; readonly change: FieldChange },
): boolean {
  const asked = inventory.pending?.[comparison.desired.address]?.creation?.asks?.[change.field];
  const field = kind.fields[change.field];
  const isAsked = (side: Shown): boolean =>
    side.show === "public" &&
    digestDesired(comparison, field!, change.field, undefined, side.value) === asked;
  return asked !== undefined && field !== undefined && isAsked(change.before) && !isAsked(change.after);
}

/** Whether it still stands in the old object of the resource that it is part of: a domain that leads to `api-3f9a01c2`. */
function standsInFormer({ inventory, kinds }: Facts, desired: Desired, { found }: Live): boolean {
  const host = kinds.get(desired.kind)?.partOf?.(desired);
  const formers = (host && inventory.pending?.[host]?.formers) ?? [];
  return formers.some(({ name }) => Object.values(found.spec).includes(name));
}

/** Every declared field as a difference from nothing: what a creation sends. */
export function listDeclared(comparison: Comparison, table: FieldTable): readonly FieldChange[] {
  return eachDeclared(comparison.desired, table).flatMap(({ name, field, entry, value }): FieldChange[] => {
    if (field.onChange === "none") return [];
    const after = field.value
      ? showValue(value as Value, digestDesired(comparison, field, name, entry, value))
      : { show: "public" as const, value: shownItem(field, value as Json) };
    const place = {
      field: name,
      ...(entry !== undefined && { entry }),
      where: whereIn(comparison.desired, name, entry),
    };
    return [
      {
        ...place,
        before: { show: "absent" },
        after,
        verdict: "unknown",
        removed: false,
        forcesReplace: false,
      },
    ];
  });
}

/** A note for each declared `sync: false` value of a new resource that is not given yet. */
export function askedNotes(comparison: Comparison, table: FieldTable): readonly Note[] {
  return valuesDeclared(comparison.desired, table).flatMap(({ key, name, entry, value }): Note[] => {
    const isKnown = comparison.resolved.get(key)?.state === "known";
    return value.from === "asked" && !isKnown
      ? [{ note: "needs-value", field: name, ...(entry !== undefined && { entry }) }]
      : [];
  });
}

/**
 * The difference of an object's name, which is in no kind's table of fields: it is what a block is known by. Who moved is told
 * from the name in the inventory, as for every field.
 */
export function renaming(desired: Desired, owned: Owned | undefined, live: Live): FieldChange {
  const before = owned?.name;
  const verdict =
    before === undefined
      ? "unknown"
      : before === desired.name
        ? "outside"
        : before === live.found.name
          ? "file"
          : "both";
  return {
    field: "name",
    before: { show: "public", value: live.found.name },
    after: { show: "public", value: desired.name },
    verdict,
    removed: false,
    forcesReplace: false,
    where: desired.where,
  };
}
