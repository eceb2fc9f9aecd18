import type { SpecValue } from "../../../core/model/desired.ts";
import { isObject, sameJson, type Json } from "../../../core/base/json.ts";
import { readObjects, requireText, type Body } from "../../base/body.ts";
import { fail } from "../../base/route.ts";

export type IpRange = { readonly cidrBlock: string; readonly description: string };

/** What the documentation says an omitted list means; recorded as the default of environments in one workspace. */
export const everywhere: IpRange = { cidrBlock: "0.0.0.0/0", description: "everywhere" };

/** A new list replaces the old one as a whole (recorded); absent and `null` keep it. */
export function readIpAllowList(body: Body): IpRange[] | undefined {
  const value = body["ipAllowList"];
  if (value === undefined || value === null) return undefined;
  return readObjects(value, "ipAllowList").map((range) => ({
    cidrBlock: readCidrBlock(range),
    description: typeof range["description"] === "string" ? range["description"] : "",
  }));
}

type Listed = { readonly ipAllowList?: readonly IpRange[] };

/** Whether a change has another list than what it changes. */
export function replacesIpAllowList(change: Listed, current: Listed): boolean {
  return change.ipAllowList !== undefined && !sameJson(change.ipAllowList, current.ipAllowList ?? null);
}

/** Datastores show an empty list as `null`, even when `[]` was sent (recorded). The order is kept (recorded). */
export function viewIpAllowList(ranges: readonly IpRange[]): Json {
  return ranges.length === 0
    ? null
    : ranges.map(({ cidrBlock, description }) => ({ cidrBlock, description }));
}

function readCidrBlock(range: Body): string {
  const block = requireText(range, "cidrBlock");
  return /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(block) ? block : fail(400, `invalid CIDR block: ${block}`);
}

/** A file's spelling of the same list, which says `source`, as a request has it. */
export function readSources(value: SpecValue | undefined): readonly Body[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value
    .filter(isObject)
    .map((range) => ({ ...range, cidrBlock: range["source"] ?? range["cidrBlock"] }));
}
