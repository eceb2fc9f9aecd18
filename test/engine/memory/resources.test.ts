import { describe, expect, test } from "vitest";
import { Secret } from "../../../src/core/base/secret.ts";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import { emptyInventory, type Owned } from "../../../src/core/model/inventory.ts";
import type { Found, LiveSpec } from "../../../src/core/model/live.ts";
import { Resources } from "../../../src/engine/memory/resources.ts";

const main = "render/postgres/main";
const old = "render/postgres/old";

const found = (id: string, spec: LiveSpec = {}): Found => ({ id, name: "main", spec, outputs: {}, raw: {} });
const owned = (id: string, name: string): Owned => ({
  kind: "render/postgres",
  id,
  name,
  fields: {},
  needs: [],
  protect: false,
  file: "file-then",
});
const declared: Desired = {
  address: main,
  kind: "render/postgres",
  name: "main",
  spec: {},
  lifecycle: defaultLifecycle,
  where: { file: "trueup.yaml", line: 1, column: 1 },
  places: new Map(),
  needs: [],
};

/** `main` is declared and live; `old` is owned, and its block is gone. */
function open(spec: LiveSpec = {}): Resources {
  return new Resources({
    desired: new Map([[main, declared]]),
    declaring: new Map([[main, "file-now"]]),
    found: new Map([[main, found("dpg-1", spec)]]),
    inventory: {
      ...emptyInventory("l"),
      resources: { [main]: owned("dpg-1", "main before"), [old]: owned("dpg-9", "old") },
    },
  });
}

describe("what stands at an address", () => {
  test("is what was read and what is owned, with the name and the file of the block before those of the inventory", () => {
    const resources = open();
    const both = [main, old] as const;
    expect(both.map((address) => resources.idOf(address))).toEqual(["dpg-1", "dpg-9"]);
    expect(both.map((address) => resources.nameOf(address))).toEqual(["main", "old"]);
    expect(both.map((address) => resources.fileOf(address))).toEqual(["file-now", "file-then"]);
    expect(resources.nameOf("render/postgres/other")).toBe("");
  });

  test("is no id where nothing was made yet, and the step that needs one says so", () => {
    expect(() => open().idOf("render/postgres/other")).toThrow("render/postgres/other has no id yet.");
  });

  test("is another object after a replacement, which has to be read again and owns nothing before its entry is kept", () => {
    const resources = open();
    resources.noteGone(main);
    resources.keep(main, null);
    expect(resources.found(main)).toBeUndefined();
    expect(resources.isChanged(main)).toBe(false);
    resources.noteMade(main, "dpg-2");
    expect(resources.found(main)).toMatchObject({ id: "dpg-2", name: "main", spec: {} });
    expect(resources.isChanged(main)).toBe(true);
    expect(resources.owned(main)).toBeUndefined();
    resources.keep(main, owned("dpg-2", "main"));
    expect(resources.owned(main)?.id).toBe("dpg-2");
    expect(resources.wanted().inventory.resources[main]?.id).toBe("dpg-2");
  });

  test("stays one that was changed when it was read again", () => {
    const resources = open();
    resources.noteChanged(main);
    resources.noteRead(main, found("dpg-1", { plan: "pro" }));
    expect(resources.isChanged(main)).toBe(true);
    expect(resources.found(main)?.spec["plan"]).toBe("pro");
  });
});

test("secrets are found in fields and in entries of fields", () => {
  const [password, key] = [new Secret("p"), new Secret("k")];
  expect(open({ plan: "pro", password, envVars: { KEY: key, PORT: "1" } as never }).secrets()).toEqual([
    password,
    key,
  ]);
});
