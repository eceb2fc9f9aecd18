import { expect, test } from "vitest";
import type { Address } from "../../../src/core/base/address.ts";
import type { ResourceChange } from "../../../src/core/model/change.ts";
import type { Desired } from "../../../src/core/model/desired.ts";
import { emptyInventory } from "../../../src/core/model/inventory.ts";
import type { Kind } from "../../../src/core/kind/kind.ts";
import { makeSteps } from "../../../src/core/steps/make-steps.ts";
import { kinds } from "../../../src/providers/kinds.ts";

const address: Address = "render/service/api";
const service = kinds.get("render/service")!;

const desired: Desired = {
  address,
  kind: "render/service",
  name: "api",
  spec: { type: "web", runtime: "node", plan: "starter", region: "oregon" },
  lifecycle: { deploy: "trigger", ignore: [], rollback: false },
  needs: [],
  where: { file: "trueup.yaml", line: 1, column: 1 },
  places: new Map(),
};

function change(action: "create" | "update", fields: readonly string[]): ResourceChange {
  return {
    action,
    address,
    kind: "render/service",
    name: "api",
    summary: "",
    fields: fields.map((field) => ({
      field,
      before: { show: "public", value: "a" },
      after: { show: "public", value: "b" },
      verdict: "file",
    })),
    notes: [],
    converged: [],
    optional: [],
  } as unknown as ResourceChange;
}

function problemsOf(kind: Kind, one: ResourceChange) {
  const found = { id: "srv-1", name: "api", spec: {}, outputs: {}, raw: {} };
  const live = { address, kind: "render/service" as const, found, matchedBy: "inventory" as const };
  return makeSteps({
    changes: [one],
    desired: new Map([[address, desired]]),
    live: new Map(one.action === "create" ? [] : [[address, live]]),
    inventory: emptyInventory("l"),
    kinds: new Map([["render/service", kind]]),
    scope: { ownerId: "tea-1" },
    deliveries: new Map(),
  }).problems.map(({ severity, code, message }) => ({ severity, code, message }));
}

test("a change of every mapped field has a step", () => {
  expect(problemsOf(service, change("update", ["plan", "region"]))).toEqual([]);
});

test("a field that the kind's writes forget is an error that names it, and the others are not", () => {
  const forgetful: Kind = {
    ...service,
    fields: { ...service.fields, colour: { ...service.fields["plan"]!, facet: "nowhere" } },
  };
  expect(problemsOf(forgetful, change("update", ["plan", "colour"]))).toEqual([
    {
      severity: "error",
      code: "field-not-written",
      message: `colour of ${address} differs from the file, and trueup knows no call that writes it.`,
    },
  ]);
});

test("a kind that cannot create makes no plan crash: it is told, once", () => {
  const uncreatable: Kind = { ...service, create: () => [], refuseCreate: () => [] };
  expect(problemsOf(uncreatable, change("create", ["plan"]))).toEqual([
    {
      severity: "error",
      code: "no-creation",
      message: `${address} would be created, and trueup knows no call that creates a service.`,
    },
  ]);
});

test("a kind that refuses to create says why itself", () => {
  const refusal = { code: "beta", message: "not yet", remedy: "wait" };
  const refusing: Kind = { ...service, create: () => [], refuseCreate: () => [refusal] };
  expect(problemsOf(refusing, change("create", ["plan"]))).toEqual([]);
});
