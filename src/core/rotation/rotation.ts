import type { Address } from "../base/address.ts";
import type { FieldChange, Rotation } from "../model/change.ts";
import { compareAll } from "../compare/compare-fields.ts";
import type { Comparison } from "../compare/comparison.ts";
import type { ValueDelivery } from "./deliveries.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Kind } from "../kind/kind.ts";
import type { Live } from "../model/live.ts";

/** What decides, besides the object itself, whether it is rotated. */
export type RotationFacts = {
  readonly inventory: Inventory;
  /** For values that are shown once, where they have to arrive, by the address that they come from. */
  readonly deliveries: ReadonlyMap<Address, ValueDelivery>;
  /** Addresses whose values are sent again whatever they are: `--rewrite`, `rotate`. */
  readonly rewrites: readonly Address[];
  /** Addresses that may be away for a while when they are replaced: `--allow-gap`. */
  readonly gaps: readonly Address[];
  /** Addresses that are replaced although live was so when the file began to ask for something else: `--allow-replace`. */
  readonly replacements?: readonly Address[];
  /** ISO date. */
  readonly today: string;
};

type Subject = {
  readonly kind: Kind;
  readonly comparison: Comparison;
  readonly live: Live;
  /** Differences of the object that is there now. The reason for the rotation is added where none of them forces it. */
  readonly fields: FieldChange[];
};

/**
 * How an object whose value is shown once is rotated; `undefined`: it is not. Unless the mode is `gap` or `again`, the new
 * value reaches every destination before the old object is deleted. The first line that fits:
 *
 *     what is found                                                       mode
 *     an earlier run made the new object; its value is known, it fits     continue
 *     an earlier run made the object that is there, its value is lost     again
 *     the API takes only one, or `--allow-gap`, and names do not differ   gap
 *     anything else                                                       begin
 */
export function findRotation(facts: RotationFacts, subject: Subject): Rotation | undefined {
  const { kind, live, fields, comparison } = subject;
  if (!kind.shownOnce) return undefined;
  const { address } = comparison.desired;
  const because = findReason(facts, subject);
  if (because === undefined) return undefined;
  const pending = facts.inventory.pending?.[address];
  const isLost = facts.deliveries.get(address)?.lost !== undefined;
  if (!fields.some((field) => field.forcesReplace))
    fields.unshift(reasonField(subject, isLost && !pending?.undelivered && !pending?.creation));
  if (live.newObject && !isLost && !isUnfit(subject, live.newObject))
    return { mode: "continue", because, orphan: false };
  const neverDelivered = pending?.undelivered === true || pending?.creation !== undefined;
  if (isLost && neverDelivered && !live.newObject) return { mode: "again", because, orphan: false };
  const needsGap = pending?.alone === true || facts.gaps.includes(address);
  const mode = needsGap && !kind.rotation?.named ? "gap" : "begin";
  return { mode, because, orphan: live.newObject !== undefined };
}

function findReason(facts: RotationFacts, { kind, comparison, live, fields }: Subject): string | undefined {
  const { desired } = comparison;
  const fixed = fields.filter((field) => field.forcesReplace).map((field) => field.field);
  if (fixed.length > 0) return `${fixed.join(", ")} cannot change`;
  const lost = facts.deliveries.get(desired.address)?.lost;
  if (lost !== undefined) return `must be rotated to be delivered: ${lost}`;
  if (live.newObject) return "an earlier run began to rotate it";
  if (facts.rewrites.includes(desired.address)) return "asked for";
  return kind.rotation?.due?.(desired, live.found, facts.today);
}

/** Whether the new object of an earlier run no longer fits, because the file moved in something that cannot change in place. */
function isUnfit({ kind, comparison, live }: Subject, newObject: NonNullable<Live["newObject"]>): boolean {
  const { fields } = compareAll(comparison, kind.fields, { ...live, found: newObject });
  return fields.some((field) => field.forcesReplace && !field.unreadable);
}

function reasonField({ kind, comparison }: Subject, isOutside: boolean): FieldChange {
  return {
    field: kind.shownOnce?.[0] ?? "value",
    before: { show: "source", text: "the one of now" },
    after: { show: "source", text: "a new one" },
    verdict: isOutside ? "outside" : "file",
    removed: false,
    forcesReplace: true,
    where: comparison.desired.where,
  };
}
