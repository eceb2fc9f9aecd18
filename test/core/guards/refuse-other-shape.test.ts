import { expect, test } from "vitest";
import type { Note, ResourceChange } from "../../../src/core/model/change.ts";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import { refuseOtherShape } from "../../../src/core/guards/refuse-other-shape.ts";
import { change, inputOf } from "./guard-input.ts";

const where = { file: "trueup.yaml", line: 3, column: 1 };
const absent = { show: "absent" } as const;

/** What is said of a block for a static site whose live object is of this type. */
function refused(type: string, more: Partial<ResourceChange>) {
  const one = change(0, { action: "keep", where, ...more });
  const desired: Desired = {
    address: one.address,
    kind: one.kind,
    name: one.name,
    spec: { type: "web", runtime: "static" },
    lifecycle: defaultLifecycle,
    where,
    places: new Map(),
    needs: [],
  };
  const found = { id: "srv-1", name: one.name, spec: { type, runtime: "node" }, outputs: {}, raw: {} };
  const live = { address: one.address, kind: one.kind, found, matchedBy: "inventory" as const };
  const input = inputOf({ owned: 1, changes: [one] });
  return refuseOtherShape(
    { ...input, desired: new Map([[one.address, desired]]), live: new Map([[one.address, live]]) },
    one,
  );
}

/** `verdict: "unknown"`: live had the type already when the file began to ask for another one. */
const stays = (field: string, verdict: "unknown" | "outside"): Note => ({
  note: "stays",
  field,
  before: absent,
  after: absent,
  verdict,
  text: "",
});

test("an object that is not owned is refused, and no flag answers", () => {
  const [refusal, ...more] = refused("worker", { action: "adopt" });
  expect(more).toEqual([]);
  expect(refusal).toMatchObject({
    severity: "refusal",
    code: "other-type",
    address: "render/service/n01",
    where,
  });
  expect(refusal).not.toHaveProperty("answer");
});

test("an owned one that always was of another type is refused, and its flag answers", () => {
  expect(refused("worker", { notes: [stays("runtime", "unknown")] })).toMatchObject([
    { code: "other-type", answer: { flags: ["--allow-replace render/service/n01"] } },
  ]);
});

test("an owned one that somebody else made another one of stays, with its note alone", () => {
  expect(refused("worker", { notes: [stays("runtime", "outside")] })).toEqual([]);
  expect(refused("worker", { notes: [stays("region", "unknown")] })).toEqual([]);
  expect(refused("worker", {})).toEqual([]);
});

test("of a type that trueup does not know an owned one is left, and a replacement has its own refusal", () => {
  expect(refused("robot", { notes: [stays("runtime", "unknown")] })).toEqual([]);
  expect(refused("worker", { action: "replace", notes: [stays("runtime", "unknown")] })).toEqual([]);
});
