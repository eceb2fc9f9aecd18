import type { Json } from "../../src/core/base/json.ts";

/**
 * What somebody else does behind the file's back, and what drift has to say of it. In a path and in a body,
 * `{services/api}` stands for the id of the only row of that name. `found`: verdict, address, and what differs; a field
 * whose own verdict is not `outside` carries it.
 */
export type Edit = {
  readonly what: string;
  readonly calls: readonly Call[];
  readonly found: readonly string[];
};
export type Call = readonly [method: string, path: string, body?: Json];

export function changed(
  what: string,
  [address, ...fields]: readonly [string, ...string[]],
  ...call: Call
): Edit {
  return { what, calls: [call], found: [`changed render/${address}: ${fields.join(", ")}`] };
}
