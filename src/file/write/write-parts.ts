import { makeAddress, nameOf, type Address, type KindName } from "../../core/base/address.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Desired } from "../../core/model/desired.ts";
import { referredKinds } from "../base/reference-forms.ts";
import { shapeIn, hostIn, writeBlocks, type WriteOptions, type Written } from "./write.ts";

/** Bytes that one written file may have; a reader takes no file of more than 10 MB. */
export const mostBytes = 9_000_000;

/**
 * The files that ask for these resources: one, or several where that would be larger than `most` bytes. What stands inside another
 * block stays with it: a project in one file with all that is in its environments, a disk and domains with their service.
 */
export function writeParts(
  resources: readonly Desired[],
  options: WriteOptions,
  most = mostBytes,
): readonly [Written, ...Written[]] {
  const write = (part: readonly Desired[]): Written => writeBlocks(part, options);
  const whole = write(resources);
  const size = Buffer.byteLength(whole.text);
  if (size <= most) return [whole];
  const named = new Map(resources.map((one) => [makeAddress(one.kind, one.name), one]));
  const units = [...groupBy(resources, (one) => outermost(one, named, options)).values()];
  for (let parts = Math.ceil(size / most); parts < units.length; parts *= 2) {
    const [first = whole, ...others] = deal(units, resources.length / parts).map(write);
    if ([first, ...others].every(({ text }) => Buffer.byteLength(text) <= most)) return [first, ...others];
  }
  const [first = whole, ...others] = units.map(write);
  return [first, ...others];
}

/** Units in their order, in parts of about `each` resources. */
function deal(units: readonly (readonly Desired[])[], each: number): readonly (readonly Desired[])[] {
  const parts: Desired[][] = [[]];
  for (const unit of units) {
    const last = parts.at(-1)!;
    if (last.length > 0 && last.length + unit.length > each) parts.push([...unit]);
    else last.push(...unit);
  }
  return parts;
}

/** The outermost block that a resource stands in: a domain stands in its service, and that in its project. */
function outermost(desired: Desired, named: ReadonlyMap<Address, Desired>, options: WriteOptions): Address {
  if (desired.environment)
    return makeAddress(referredKinds.project, nameOf(desired.environment).split("/")[0] ?? "");
  const shape = shapeIn(desired, options.kinds);
  if (shape?.inside === undefined) return makeAddress(desired.kind, desired.name);
  const host = makeAddress(shape.inside as KindName, hostIn(desired, shape));
  const around = named.get(host);
  return around ? outermost(around, named, options) : host;
}
