import { expect, test } from "vitest";
import type { ResourceChange } from "../../../src/core/model/change.ts";
import { defaultLifecycle, type Desired } from "../../../src/core/model/desired.ts";
import type { Live } from "../../../src/core/model/live.ts";
import { refuseReplacement } from "../../../src/core/guards/refuse-replacement.ts";
import { change, field, inputOf } from "./guard-input.ts";

const where = { file: "trueup.yaml", line: 3, column: 1 };
const fields = [
  field({ field: "region", forcesReplace: true }),
  field({ field: "plan" }),
  field({ field: "type", forcesReplace: true }),
];
const replaced = change(0, { action: "replace", where, fields });

/** What is said of one change, beside others of the same plan, when a person agreed to so many addresses. */
function refused(
  one: ResourceChange,
  {
    beside = [],
    agreed = [],
    desired = [],
    isTakenBack = false,
  }: {
    readonly beside?: readonly ResourceChange[];
    readonly agreed?: readonly ResourceChange[];
    readonly desired?: readonly Desired[];
    /** The live object had stepped aside, and another one was made in its place. */
    readonly isTakenBack?: boolean;
  } = {},
) {
  const input = inputOf({ owned: 9, changes: [...beside, one] });
  const allowReplace = agreed.map(({ address }) => address);
  const overrides = { ...input.overrides, allowReplace };
  const wanted = new Map(desired.map((of) => [of.address, of]));
  const { address, kind, name } = one;
  const found = { id: "srv-1", name, spec: {}, outputs: {}, raw: {} };
  const displaced = isTakenBack && { displaced: { ...found, id: "srv-2" } };
  const live: Live = { address, kind, found, matchedBy: "inventory", ...displaced };
  return refuseReplacement({ ...input, overrides, desired: wanted, live: new Map([[address, live]]) }, one);
}

test("a replacement says what cannot change, and is agreed to by its address or with yes", () => {
  const [refusal] = refused(replaced);
  expect(refusal).toMatchObject({
    severity: "refusal",
    code: "replace",
    address: replaced.address,
    where,
    answer: { flags: ["--allow-replace render/service/n01"], word: "yes" },
  });
  expect(refusal!.message).toContain("must be replaced, because region, type cannot change:");
  expect(refused(replaced, { agreed: [replaced] })).toEqual([]);
  expect(refused(replaced, { agreed: [change(1, {})] })).toHaveLength(1);
});

test("what is no replacement, is rotated or ends data has no refusal for its replacement", () => {
  for (const action of ["create", "update", "delete", "keep", "adopt", "forget"] as const)
    expect(refused({ ...replaced, action })).toEqual([]);
  const succession = { mode: "begin", because: "", orphan: false } as const;
  expect(refused({ ...replaced, succession })).toEqual([]);
  expect(refused({ ...replaced, losesData: true })).toEqual([]);
});

const declared = ({ address, kind, name }: ResourceChange): Desired => ({
  address,
  kind,
  name,
  spec: {},
  lifecycle: defaultLifecycle,
  where,
  places: new Map(),
  needs: [],
});

test("a disk needs no answer of its own where its service is replaced, also by a run that ended", () => {
  const disk = change(0, { action: "replace", fields }, "render/disk");
  const refusedBeside = (...beside: readonly ResourceChange[]) =>
    refused(disk, { beside, desired: [declared(disk)] });
  expect(refusedBeside(replaced)).toEqual([]);
  const due = { cancel: false, deploy: false, job: false, noted: false };
  expect(refusedBeside({ ...replaced, action: "update", due: { ...due, formers: true } })).toEqual([]);
  expect(refusedBeside({ ...replaced, action: "update" })).toHaveLength(1);
  expect(refusedBeside({ ...replaced, action: "update", due })).toHaveLength(1);
  expect(refusedBeside(change(1, { action: "replace" }))).toHaveLength(1);
});

test("what stands in nothing else needs its own answer, whatever is replaced beside it", () => {
  const beside = [change(1, { action: "replace" })];
  expect(refused(replaced, { beside, desired: [declared(replaced)] })).toHaveLength(1);
  // A file may hold blocks of kinds that no plan acts on, and the table of kinds has none of these.
  const understood = change(0, { action: "replace", fields }, "render/workflow");
  expect(refused(understood, { beside, desired: [declared(understood)] })).toHaveLength(1);
});

test("where the former one takes its place back, that is refused as well, though nothing is replaced", () => {
  const returned = { ...replaced, action: "update" } as const;
  const [refusal] = refused(returned, { isTakenBack: true });
  expect(refusal).toMatchObject({ code: "replace", address: returned.address });
  expect(refusal!.message).toContain("is the former one again");
  expect(refused(returned, { isTakenBack: true, agreed: [returned] })).toEqual([]);
  expect(refused(returned)).toEqual([]);
});
