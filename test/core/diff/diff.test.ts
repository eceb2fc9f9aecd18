import { expect, test } from "vitest";
import { makeDigestKey } from "../../../src/core/base/digest.ts";
import { diff } from "../../../src/core/diff/diff.ts";
import { emptyInventory, type Owned } from "../../../src/core/model/inventory.ts";
import type { Live } from "../../../src/core/model/live.ts";
import { Secret } from "../../../src/core/base/secret.ts";
import { kinds } from "../../../src/providers/kinds.ts";

const address = "render/service/api";

/** What is planned of a service that the file no longer has. */
function dropped(isLive: boolean) {
  const owned: Owned = {
    kind: "render/service",
    id: "srv-1",
    name: "api",
    fields: { "envVars.TOKEN": "x", "envVars.LEVEL": "x" },
    needs: [],
    protect: false,
    handGiven: ["envVars.TOKEN"],
  };
  const spec = {
    envVars: { TOKEN: new Secret("typed"), LEVEL: new Secret("of the file"), ADDED: new Secret("by hand") },
  };
  const found = { id: "srv-1", name: "api", spec, outputs: {}, raw: {} };
  const live: Live = { address, kind: "render/service", found, matchedBy: "inventory" };
  const [change] = diff({
    desired: [],
    live: new Map(isLive ? [[address, live]] : []),
    gone: new Set(isLive ? [] : [address]),
    resolved: new Map(),
    kinds,
    key: makeDigestKey("44".repeat(32)),
    inventory: { ...emptyInventory("l"), resources: { [address]: owned } },
    deliveries: new Map(),
    rewrites: [],
    gaps: [],
    today: "2026-11-22",
  });
  return change!;
}

test("what the file drops is deleted, with what nobody can give again told; what is gone already is forgotten", () => {
  expect(dropped(true)).toMatchObject({
    action: "delete",
    id: "srv-1",
    notes: [{ note: "goes-for-good", field: "envVars", entries: ["ADDED", "TOKEN"] }],
  });
  expect(dropped(true)).not.toHaveProperty("outside");
  expect(dropped(false)).toMatchObject({ action: "forget", id: "srv-1", notes: [], outside: "gone" });
});
