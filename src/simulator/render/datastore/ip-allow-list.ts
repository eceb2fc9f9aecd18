import type { SpecValue } from "../../../core/model/desired.ts";
import { isObject, sameJson, type Json } from "../../../core/base/json.ts";
import { readObjects, requireText, type Body } from "../../base/body.ts";
import { fail } from "../../base/route.ts";

/** A range of addresses that may connect. */
export type IpRange = { readonly cidrBlock: string; readonly description: string };

/**
 * The range of all addresses. The documentation says that an omitted list means this; in one workspace it is recorded
 * as the default of environments.
 */
export const everywhere: IpRange = { cidrBlock: "0.0.0.0/0", description: "everywhere" };

/**
 * The list in a body. A new list replaces the old one as a whole; `undefined`, for an absent one and for `null`,
 * keeps it (recorded).
 */
export function readIpAllowList(body: Body): IpRange[] | undefined {
  const value = body["ipAllowList"];
  if (value === undefined || value === null) return undefined;
  return readObjects(value, "ipAllowList").map((range) => ({
    cidrBlock: readCidrBlock(range),
    description: typeof range["description"] === "string" ? range["description"] : "",
  }));
}

type Listed = { readonly ipAllowList?: readonly IpRange[] };

/** Whether a change has a list that differs from the current one. */
export function replacesIpAllowList(change: Listed, current: Listed): boolean {
  return change.ipAllowList !== undefined && !sameJson(change.ipAllowList, current.ipAllowList ?? null);
}

/**
 * The list as datastores show it: an empty one is `null`, even when `[]` was sent (recorded), and the order is kept
 * (recorded).
 */
export function viewIpAllowList(ranges: readonly IpRange[]): Json {
  return ranges.length === 0
    ? null
    : ranges.map(({ cidrBlock, description }) => ({ cidrBlock, description }));
}

function readCidrBlock(range: Body): string {
  const block = requireText(range, "cidrBlock");
  return /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(block) ? block : fail(400, `invalid CIDR block: ${block}`);
}

/** The list of a file as a request has it. A file says `source` where the API says `cidrBlock`. */
export function readSources(value: SpecValue | undefined): readonly Body[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value
    .filter(isObject)
    .map((range) => ({ ...range, cidrBlock: range["source"] ?? range["cidrBlock"] }));
}
