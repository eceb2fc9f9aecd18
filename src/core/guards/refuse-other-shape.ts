import { findOtherShape, isSinceAsked, refuseForeignShape, refuseOwnShape } from "../diff/another-shape.ts";
import type { ResourceChange } from "../model/change.ts";
import { quoteWord } from "../consent/consent.ts";
import type { GuardInput } from "./guard-input.ts";
import { problem, type Problem } from "../base/problem.ts";

/**
 * Refuses a block whose live object is of another shape (another-shape.ts). An object that is not owned stays as it is,
 * whatever is agreed to: adopting never replaces. An owned one that never was what the file says is replaced with
 * `--allow-replace`. A word typed under the plan is no consent here, because that plan does not replace it.
 */
export function refuseOtherShape(
  { desired, live, kinds }: GuardInput,
  change: ResourceChange,
): readonly Problem[] {
  const { address, action } = change;
  const [wanted, found, kind] = [desired.get(address), live.get(address), kinds.get(change.kind)];
  const other = wanted && found && kind && findOtherShape(kind, wanted, found.found);
  if (!other || action === "replace") return [];
  const place = { where: change.where, address };
  if (action === "adopt") {
    const { message, remedy } = refuseForeignShape(wanted, kind, found.found, other);
    return [problem("refusal", "other-type", message, remedy, place)];
  }
  const { shape } = other;
  if (!shape || !isSinceAsked(change, other)) return [];
  const flag = `--allow-replace ${quoteWord(address)}`;
  const { message, remedy } = refuseOwnShape(wanted, kind, found, { other: { ...other, shape }, flag });
  return [problem("refusal", "other-type", message, remedy, { ...place, answer: { flags: [flag] } })];
}
