import { describe, expect, test } from "vitest";
import { revealSecret, Secret } from "../../../src/core/base/secret.ts";
import { valueHole } from "../../../src/core/model/write.ts";
import type { WriteStep } from "../../../src/core/model/plan.ts";
import { variableOutput, type Value } from "../../../src/core/model/value.ts";
import { refreshTargets } from "../../../src/engine/values/resolve-now.ts";
import { foundAs, remember } from "./remember.ts";

const api = "render/service/api";
const web = "render/service/web";

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
    await refreshTargets(memory, taking("url"));
    expect(calls).toEqual([]);
    memory.resources.noteChanged(api);
    await refreshTargets(memory, taking("url"));
    expect(calls).toEqual(["/services/srv-1"]);
    expect(memory.resources.found(api)?.spec["envVars"], "what was not read again stays").toBe(
      before.spec.envVars,
    );
  });

  test("is read with the variables where one of them is taken", async () => {
    const { memory, calls } = open();
    memory.resources.noteChanged(api);
    await refreshTargets(memory, taking("url", variableOutput("TOKEN")));
    expect(calls).toEqual(["/services/srv-1", "/services/srv-1/env-vars"]);
    const { envVars, routes } = memory.resources.found(api)!.spec as {
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
    memory.resources.noteChanged(api);
    await refreshTargets(memory, taking("url"));
    expect(calls).toEqual(["/services/srv-2"]);
    expect(memory.resources.found(api)).toBe(gone);
  });
});
