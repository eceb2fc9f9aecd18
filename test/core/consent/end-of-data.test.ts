import { expect, test } from "vitest";
import type { Address } from "../../../src/core/base/address.ts";
import { markEnds, refuseEndOfData } from "../../../src/core/consent/end-of-data.ts";
import type { Due, ResourceChange } from "../../../src/core/model/change.ts";
import type { Found, Live } from "../../../src/core/model/live.ts";
import { kinds } from "../../../src/providers/kinds.ts";
import { change, field, inputOf } from "../guards/guard-input.ts";

const where = { file: "trueup.yaml", line: 3, column: 1 };
const disk = change(0, { action: "delete", losesData: true }, "render/disk");

/** What is said of the end of a disk, when these addresses look renamed. */
function refused(renamed: readonly (typeof disk)["address"][]) {
  return refuseEndOfData(inputOf({ owned: 1, disks: 1, changes: [disk] }), disk, new Set(renamed));
}

test("the end of a disk is refused with the entry that agrees to it", () => {
  expect(refused([])).toMatchObject([{ severity: "refusal", code: "data-loss", address: disk.address }]);
  expect(refused([])[0]?.answer).toHaveProperty("block");
});

test("the disk of a service that looks renamed asks for no entry: it moves along", () => {
  const [refusal, ...more] = refused(["render/service/n01"]);
  expect(more).toEqual([]);
  expect(refusal).toMatchObject({ code: "data-loss", address: disk.address });
  expect(refusal?.answer).not.toHaveProperty("block");
});

test("a disk that looks renamed itself is refused for that alone", () => {
  expect(refused([disk.address])).toEqual([]);
});

test("what ends without data is not asked about", () => {
  const { losesData: _losesData, ...empty } = disk;
  const input = inputOf({ owned: 1, disks: 1, changes: [empty] });
  expect(refuseEndOfData(input, empty, new Set())).toEqual([]);
});

/** What is live of a change, with what an API shows of it. */
function seen(
  { address, kind, name }: ResourceChange,
  more: Partial<Found> & Partial<Pick<Live, "displaced">> = {},
) {
  const { displaced, ...shown } = more;
  const found: Found = { id: `id ${name}`, name, spec: {}, outputs: {}, raw: {}, ...shown };
  const live: Live = { address, kind, found, matchedBy: "inventory", ...(displaced && { displaced }) };
  return [address, live] as const;
}

/** The addresses of a plan whose data ends. */
function marked(changes: readonly ResourceChange[], live: readonly (readonly [Address, Live])[] = []) {
  return markEnds(changes, { kinds, live: new Map(live) }).flatMap((one) =>
    one.losesData ? [one.address] : [],
  );
}

const none: Due = { cancel: false, deploy: false, job: false, noted: false };
const aside = { action: "update", due: { ...none, formers: true } } as const;

test("data ends where what holds it is deleted or replaced, and nowhere else", () => {
  for (const action of ["delete", "replace"] as const) {
    const database = change(0, { action }, "render/postgres");
    expect(marked([database])).toEqual([database.address]);
    expect(marked([change(0, { action }, "render/env-group")])).toEqual([]);
    // Of a kind that no plan acts on, nothing is known.
    expect(marked([change(0, { action }, "render/workflow")])).toEqual([]);
  }
  for (const action of ["create", "update", "adopt", "keep", "forget"] as const)
    expect(marked([change(0, { action }, "render/postgres")])).toEqual([]);
});

test("what the object shows says whether it holds data, where its kind can tell", () => {
  const cache = change(0, { action: "delete" }, "render/key-value");
  const showing = (persistenceMode: string) => marked([cache], [seen(cache, { spec: { persistenceMode } })]);
  expect(showing("off")).toEqual([]);
  expect(showing("aof")).toEqual([cache.address]);
  expect(marked([cache]), "and one that was not seen may hold some").toEqual([cache.address]);
});

test("an update ends data where it turns off that the object keeps any", () => {
  const turning = (action: "update" | "adopt", name: string, value: unknown) =>
    change(
      0,
      { action, fields: [field({ field: name, after: { show: "public", value: value as string } })] },
      "render/key-value",
    );
  for (const action of ["update", "adopt"] as const)
    for (const [name, value] of [
      ["persistenceMode", "off"],
      ["persistenceMode", "Off"],
      ["plan", "free"],
    ] as const) {
      const cache = turning(action, name, value);
      const keeping = seen(cache, { spec: { persistenceMode: "snapshot" } });
      expect(marked([cache], [keeping])).toEqual([cache.address]);
      expect(told({ ...cache, losesData: true }, keeping)).toContain(
        `${cache.address} stays, and its data is lost by the change of ${name}. Put the old value back,`,
      );
      expect(marked([cache], [seen(cache, { spec: { persistenceMode: "off" } })]), "it keeps none").toEqual(
        [],
      );
    }
  for (const [name, value] of [
    ["persistenceMode", "journal_snapshot"],
    ["plan", "starter"],
    ["maxmemoryPolicy", "off"],
  ] as const) {
    const cache = turning("update", name, value);
    expect(marked([cache], [seen(cache, { spec: { persistenceMode: "snapshot" } })])).toEqual([]);
  }
});

test("what stepped aside takes its data along when it goes, whatever becomes of the one in its place", () => {
  const database = change(0, aside, "render/postgres");
  expect(marked([database])).toEqual([database.address]);
  expect(marked([{ ...database, due: none }])).toEqual([]);
  expect(marked([change(0, aside)]), "a service holds none by itself").toEqual([]);
  expect(marked([change(0, aside, "render/workflow")])).toEqual([]);
});

test("a disk tells of its own end, and its service only where no disk of it is in the plan", () => {
  const service = change(0, { action: "delete" });
  const withDisk = [seen(service, { raw: { serviceDetails: { disk: { id: "dsk-1" } } } })];
  expect(marked([service], [seen(service)])).toEqual([]);
  expect(marked([service], withDisk)).toEqual([service.address]);
  expect(marked([service, disk], withDisk)).toEqual([disk.address]);
  expect(marked([disk, service], withDisk)).toEqual([disk.address]);
  const kept = change(0, { action: "keep" }, "render/disk");
  expect(marked([service, kept], withDisk)).toEqual([service.address]);
  // Beside one of a kind that no plan acts on.
  expect(marked([service, change(1, {}, "render/workflow")], withDisk)).toEqual([service.address]);
  const others = change(1, { action: "delete" }, "render/disk");
  expect(marked([service, others], withDisk)).toEqual([service.address, others.address]);
});

test("a disk that is forgotten leaves the end of its data untold: it is gone already", () => {
  const service = change(0, { action: "delete" });
  const withDisk = [seen(service, { raw: { serviceDetails: { disk: { id: "dsk-1" } } } })];
  expect(marked([service, change(0, { action: "forget" }, "render/disk")], withDisk)).toEqual([]);
});

test("the disk in the former one of a service ends with it, and no other one does", () => {
  const stays = change(0, { action: "keep" }, "render/disk");
  expect(marked([change(0, aside), stays])).toEqual([stays.address]);
  expect(marked([change(1, {}), change(0, aside), stays], [])).toEqual([stays.address]);
  expect(marked([change(1, aside), stays])).toEqual([]);
  expect(marked([change(0, { action: "update", due: none }), stays])).toEqual([]);
  expect(marked([change(0, aside), change(0, { action: "keep" }, "render/env-group")])).toEqual([]);
});

/** The sentence and the way out of the end of a change's data. */
function told(one: ResourceChange, ...live: readonly (readonly [Address, Live])[]) {
  const input = { ...inputOf({ owned: 1, changes: [one] }), live: new Map(live) };
  const [refusal] = refuseEndOfData(input, one, new Set());
  return `${refusal?.message} ${refusal?.remedy}`;
}

test("why data ends is told by what becomes of its object", () => {
  const forced = [field({ field: "region", forcesReplace: true }), field({ field: "plan" })];
  const ends = (more: Partial<ResourceChange>) =>
    change(0, { losesData: true, fields: forced, ...more }, "render/postgres");
  expect(told(ends({ action: "delete" }))).toContain(
    "would be deleted, and its data is lost. Put the block back,",
  );
  expect(told(ends({ action: "delete", exportedTo: "exports" }))).toContain(
    "; it is exported to exports first.",
  );
  expect(told(ends({ action: "replace" }))).toContain(
    "must be replaced, because region cannot change, and its data is lost. Put the old value back,",
  );
  expect(told(ends({ action: "update" }))).toContain(
    "is replaced already, and its data is lost with the former one.",
  );
  const back = ends({ action: "update" });
  const displaced: Found = { id: "id-2", name: back.name, spec: {}, outputs: {}, raw: {} };
  expect(told(back, seen(back, { displaced }))).toContain(
    "is the former one again, and its data is lost with the one",
  );
  expect(told(change(0, { losesData: true }))).toContain("and the data of its disk is lost.");
});

test("an export that cannot be made is refused, with what lets the data go without one", () => {
  const database = change(0, { losesData: true, where }, "render/postgres");
  const [address, live] = seen(database, { raw: { suspended: "suspended" } });
  const input = inputOf({ owned: 1, changes: [database] });
  const refusedWith = (exportTo: string | null, data?: "lost" | "exported") => {
    const removed = data ? [{ address, data, until: "2026-12-01", where }] : [];
    const overrides = { ...input.overrides, exportTo };
    const facts = { ...input, overrides, removed, live: new Map([[address, live]]) };
    return refuseEndOfData(facts, database, new Set()).filter(({ code }) => code.startsWith("export"));
  };
  const [refusal] = refusedWith("exports");
  expect(refusal).toMatchObject({
    code: "export-impossible",
    address,
    where,
    answer: { flags: ["--no-export"] },
  });
  expect(refusal!.message).toContain("it is suspended");
  expect(refusal!.answer!.block).toContain("data: lost");
  expect(refusedWith("exports", "exported")[0]).not.toHaveProperty("answer");
  expect(refusedWith("exports", "lost")).toEqual([]);
  expect(refusedWith(null)).toEqual([]);
  expect(refusedWith(null, "exported")).toMatchObject([{ code: "export-demanded", address, where }]);
});
