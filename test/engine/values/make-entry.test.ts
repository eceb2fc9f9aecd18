import { describe, expect, test } from "vitest";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import type { NewObject, Owned } from "../../../src/core/model/inventory.ts";
import { makeEntry } from "../../../src/engine/values/make-entry.ts";
import { foundAs, remember } from "./remember.ts";

const api = "render/service/api";
const token = "rendercad/token/ci";
const declared: Desired = {
  address: api,
  kind: "render/service",
  name: "api",
  spec: { region: "oregon" },
  lifecycle: defaultLifecycle,
  where: { file: "trueup.yaml", line: 1, column: 1 },
  places: new Map(),
  needs: [],
};

describe("what is noted of an object after a step", () => {
  const fields = { name: "aa" };
  const owned: Owned = {
    kind: "rendercad/token",
    id: "tok-1",
    name: "ci",
    fields,
    needs: [],
    protect: false,
    revealed: { token: "digest of the old one" },
    sealed: { token: "the old one, sealed" },
    settled: { scope: "bb" },
  };
  const newObject: NewObject = {
    name: "ci 2",
    id: "tok-2",
    revealed: { token: "digest of the new one" },
    sealed: { token: "the new one, sealed" },
  };
  const after = (id: string) => {
    const { memory } = remember({
      found: { [token]: foundAs(id) },
      owned: { [token]: owned },
      pending: { [token]: { successor: newObject } },
    });
    return makeEntry(memory, token, { keys: [] });
  };

  test("is what was shown once of this very object, and of no other one", async () => {
    expect(await after("tok-1")).toMatchObject({
      id: "tok-1",
      revealed: owned.revealed,
      sealed: owned.sealed,
    });
    expect(await after("tok-2")).toMatchObject({ revealed: newObject.revealed, sealed: newObject.sealed });
    expect(await after("tok-3")).not.toHaveProperty("revealed");
    expect(await after("tok-3")).not.toHaveProperty("sealed");
  });

  test("is what was settled, as long as it is the same object", async () => {
    expect((await after("tok-1")).settled).toEqual(owned.settled);
    expect(await after("tok-2")).not.toHaveProperty("settled");
  });

  test("is the digests of before with those of the step, and its protection until the end of an apply", async () => {
    const before = {
      ...owned,
      kind: "render/service",
      fields: { ...fields, plan: "bb" },
      protect: true,
    } as const;
    const { memory } = remember({ owned: { [api]: before }, desired: { [api]: declared } });
    const noted = await makeEntry(memory, api, { keys: ["region"], removed: ["name"] });
    const region = expect.stringMatching(/^[0-9a-f]{64}$/u) as string;
    expect(noted).toMatchObject({ id: "tok-1", protect: true });
    expect(noted.fields).toEqual({ plan: "bb", region });
  });
});
