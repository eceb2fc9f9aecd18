import { describe, expect, test } from "vitest";
import type { Address } from "../../../src/core/base/address.ts";
import { makeDigestKey } from "../../../src/core/base/digest.ts";
import { revealSecret, Secret } from "../../../src/core/base/secret.ts";
import type { Reader } from "../../../src/core/kind/reader.ts";
import { valueHole } from "../../../src/core/model/body.ts";
import {
  emptyInventory,
  type Inventory,
  type NewObject,
  type Owned,
} from "../../../src/core/model/inventory.ts";
import type { Found } from "../../../src/core/model/live.ts";
import { variableOutput, type Value } from "../../../src/core/model/value.ts";
import type { WriteStep } from "../../../src/core/model/plan.ts";
import type { PerformInput } from "../../../src/engine/memory/perform-input.ts";
import { RunMemory } from "../../../src/engine/memory/run-memory.ts";
import { kinds } from "../../../src/providers/kinds.ts";

const api = "render/service/api";
const web = "render/service/web";
const token = "rendercad/token/ci";
const foundAs = (id: string): Found => ({ id, name: "api", spec: {}, outputs: {}, raw: {} });

/** A run that knows these objects, on an account of one service with one variable. `calls`: what it read. */
function remember({
  found = {},
  owned = {},
  pending,
}: {
  readonly found?: { readonly [address: Address]: Found };
  readonly owned?: { readonly [address: Address]: Owned };
  readonly pending?: Inventory["pending"];
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
    desired: new Map(),
    found: new Map(Object.entries(found) as [Address, Found][]),
    deliveries: new Map(),
    declaring: new Map(),
    inventory: { ...emptyInventory("l"), resources: owned, ...(pending && { pending }) },
  };
  return { memory: new RunMemory(input as PerformInput), calls };
}

/** A step of `web` that takes these values of `api`. */
function taking(...outputs: readonly string[]): WriteStep {
  const values = outputs.map((output): Value => ({ from: "output", of: api, output }));
  return {
    step: "write",
    id: "update web",
    address: web,
    kind: "render/service",
    needs: [],
    verb: "update",
    write: {
      method: "PUT",
      path: "/somewhere",
      body: values.map((value, index) => valueHole(value, web, `envVars.V${index}`)),
      budgets: [],
    },
    fields: [],
    removed: [],
    optional: false,
  };
}

describe("what a step takes from an object", () => {
  const before = { ...foundAs("srv-1"), spec: { envVars: { OLD: new Secret("a") }, routes: ["/"] } };
  const open = (found = before) => remember({ found: { [api]: found } });

  test("is read again where this run wrote to the object, and not before", async () => {
    const { memory, calls } = open();
    await memory.refreshTargets(taking("url"));
    expect(calls).toEqual([]);
    memory.noteWritten({ ...taking(), address: api });
    await memory.refreshTargets(taking("url"));
    expect(calls).toEqual(["/services/srv-1"]);
    expect(memory.found.get(api)?.spec["envVars"], "what was not read again stays").toBe(before.spec.envVars);
  });

  test("is read with the variables where one of them is taken", async () => {
    const { memory, calls } = open();
    memory.noteWritten({ ...taking(), address: api });
    await memory.refreshTargets(taking("url", variableOutput("TOKEN")));
    expect(calls).toEqual(["/services/srv-1", "/services/srv-1/env-vars"]);
    const { envVars, routes } = memory.found.get(api)!.spec as {
      readonly envVars: { readonly [key: string]: Secret };
      readonly routes: unknown;
    };
    expect(Object.keys(envVars)).toEqual(["TOKEN"]);
    expect(revealSecret(envVars["TOKEN"]!)).toBe("s3cret");
    expect(routes).toEqual(["/"]);
  });

  test("stays as it was read where the object is gone", async () => {
    const gone = { ...before, id: "srv-2" };
    const { memory, calls } = open(gone);
    memory.noteWritten({ ...taking(), address: api });
    await memory.refreshTargets(taking("url"));
    expect(calls).toEqual(["/services/srv-2"]);
    expect(memory.found.get(api)).toBe(gone);
  });
});

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
    return memory.ownedAfter(token, {}, []);
  };

  test("is what was shown once of this very object, and of no other one", () => {
    expect(after("tok-1")).toMatchObject({ id: "tok-1", revealed: owned.revealed, sealed: owned.sealed });
    expect(after("tok-2")).toMatchObject({ revealed: newObject.revealed, sealed: newObject.sealed });
    expect(after("tok-3")).not.toHaveProperty("revealed");
    expect(after("tok-3")).not.toHaveProperty("sealed");
  });

  test("is what was settled, as long as it is the same object", () => {
    expect(after("tok-1").settled).toEqual(owned.settled);
    expect(after("tok-2")).not.toHaveProperty("settled");
  });

  test("is the digests of before with those of the step, and its protection until the end of an apply", () => {
    const { memory } = remember({ owned: { [api]: { ...owned, kind: "render/service", protect: true } } });
    const noted = memory.ownedAfter(api, { region: "cc" }, ["name"]);
    expect(noted).toMatchObject({ id: "tok-1", fields: { region: "cc" }, protect: true });
    expect(noted.fields).not.toHaveProperty("name");
  });
});

test("an object without an id is no object yet, and a step says so", () => {
  const { memory } = remember({});
  expect(() => memory.idOf(api)).toThrow("render/service/api has no id yet");
  memory.noteCreated(api, "srv-3");
  expect(memory.idOf(api)).toBe("srv-3");
  expect(() => memory.idOf(api, "successor")).toThrow("has no id yet");
});

test("logs are scrubbed of what was read, sent and shown once", () => {
  const { memory } = remember({
    found: { [api]: { ...foundAs("srv-1"), spec: { plan: "starter", envVars: { A: new Secret("read") } } } },
  });
  memory.noteSent(api, "envVars.B", new Secret("sent"));
  memory.shownOnce.note(token, { token: new Secret("shown") });
  expect(memory.secrets().map(revealSecret).sort()).toEqual(["read", "sent", "shown"]);
});
