import type { Address } from "../../../src/core/base/address.ts";
import { makeDigestKey } from "../../../src/core/base/digest.ts";
import type { Reader } from "../../../src/core/kind/reader.ts";
import type { Desired } from "../../../src/core/model/desired.ts";
import { emptyInventory, type Inventory, type Owned } from "../../../src/core/model/inventory.ts";
import type { Found } from "../../../src/core/model/live.ts";
import type { PerformInput } from "../../../src/engine/memory/perform-input.ts";
import { makeRunMemory } from "../../../src/engine/memory/run-memory.ts";
import { kinds } from "../../../src/providers/kinds.ts";

export const foundAs = (id: string): Found => ({ id, name: "api", spec: {}, outputs: {}, raw: {} });

/** A run that knows these objects, on an account of one service with one variable. `calls`: what it read. */
export function remember({
  found = {},
  owned = {},
  pending,
  desired = {},
}: {
  readonly found?: { readonly [address: Address]: Found };
  readonly owned?: { readonly [address: Address]: Owned };
  readonly pending?: Inventory["pending"];
  readonly desired?: { readonly [address: Address]: Desired };
}) {
  const calls: string[] = [];
  const reader: Reader = {
    get: async (path) => {
      calls.push(path);
      return path.endsWith("/srv-1") ? { id: "srv-1", name: "api", type: "web_service" } : undefined;
    },
    list: async (path) => {
      calls.push(path);
      return [{ key: "TOKEN", value: "s3cret" }];
    },
    listToEnd: async () => {
      throw new Error("nothing is written back as a whole here");
    },
  };
  const input: Partial<PerformInput> = {
    kinds,
    key: makeDigestKey("77".repeat(32)),
    scope: { ownerId: "tea-1" },
    readers: { render: reader, rendercad: reader },
    desired: new Map(Object.entries(desired) as [Address, Desired][]),
    found: new Map(Object.entries(found) as [Address, Found][]),
    deliveries: new Map(),
    declaring: new Map(),
    compared: new Map(),
    inventory: { ...emptyInventory("l"), resources: owned, ...(pending && { pending }) },
  };
  return { memory: makeRunMemory(input as PerformInput), calls };
}
