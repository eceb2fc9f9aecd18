import { describe, expect, test } from "vitest";
import { Secret } from "../../../src/core/base/secret.ts";
import type { Pending } from "../../../src/core/model/inventory.ts";
import type { Found } from "../../../src/core/model/live.ts";
import { changesOf, type Side } from "./changes-of.ts";

const address = "render/service/api";
const changeOf = (...sides: readonly Side[]) => changesOf(...sides)[0]!;
const remarks = (...sides: readonly Side[]) =>
  changeOf(...sides).notes.flatMap((one) => (one.note === "remark" ? [one.text] : []));

const block = { type: "worker", region: "oregon" };
const service = { spec: block, live: { spec: block }, owned: { id: "srv-1", applied: block } };
const replaced = { ...service, spec: { ...block, region: "frankfurt" } };

describe("what the file drops", () => {
  const spec = {
    envVars: { TOKEN: new Secret("typed"), LEVEL: new Secret("of the file"), ADDED: new Secret("by hand") },
  };
  const owned = {
    id: "srv-1",
    fields: { "envVars.TOKEN": "x", "envVars.LEVEL": "x" },
    handGiven: ["envVars.TOKEN"],
  };

  test("is deleted, with what nobody can give again told; what is gone already is forgotten", () => {
    const dropped = changeOf({ live: { spec }, owned });
    expect(dropped).toMatchObject({
      action: "delete",
      id: "srv-1",
      notes: [{ note: "goes-for-good", field: "envVars", entries: ["ADDED", "TOKEN"] }],
    });
    expect(dropped).not.toHaveProperty("outside");
    expect(changeOf({ live: null, owned })).toMatchObject({
      action: "forget",
      address,
      id: "srv-1",
      notes: [],
      outside: "gone",
    });
  });

  test("is forgotten where it is always there, or comes with what stays", () => {
    const settings = {
      kind: "render/notification-settings",
      name: "default",
      live: {},
      owned: { id: "own" },
    } as const;
    expect(changeOf(settings)).toMatchObject({ action: "forget", notes: [] });
    const kind = "render/custom-domain";
    const www = {
      kind,
      name: "www.acme.dev",
      live: { derivedFrom: "acme.dev" },
      owned: { id: "d-1" },
    } as const;
    const apex = {
      kind,
      name: "acme.dev",
      spec: { service: "api" },
      live: { spec: { service: "api" } },
    } as const;
    const [, ofWww] = changesOf(apex, www);
    expect(ofWww).toMatchObject({ action: "forget", address: "render/custom-domain/www.acme.dev" });
    expect(changeOf(www)).toMatchObject({ action: "delete" });
  });

  test("is nothing that may be said where nobody looked for it", () => {
    expect(() => changesOf({ owned })).toThrow(`${address}: its absence is not confirmed`);
    expect(() => changesOf({ spec: block })).toThrow(`${address}: its absence is not confirmed`);
  });
});

describe("what is neither declared nor owned", () => {
  test("is deleted: as somebody's where a block is exclusive, and as ours where an earlier run made it", () => {
    const claimed = changeOf({ live: { id: "srv-9" } });
    expect(claimed).toMatchObject({ action: "delete", id: "srv-9", outside: "added" });
    const ours = changeOf({ live: { id: "srv-9" }, pending: { creation: { at: 0 } } });
    expect(ours).toMatchObject({ action: "delete", id: "srv-9" });
    expect(ours).not.toHaveProperty("outside");
  });

  test("is forgotten where an earlier run began to make it, and only once it is confirmed to be gone", () => {
    const pending: Pending = { creation: { at: 0 } };
    expect(changesOf({ live: null, pending })).toMatchObject([
      { action: "forget", address, outside: "gone" },
    ]);
    expect(changesOf({ pending })).toEqual([]);
    expect(changesOf({ live: null, pending, spec: block })).toMatchObject([{ action: "create" }]);
    expect(changesOf({ live: null, pending, owned: { id: "srv-1" } })).toMatchObject([{ id: "srv-1" }]);
  });
});

describe("what is declared", () => {
  test("is created, again where it was owned, or kept, adopted, updated or replaced", () => {
    const made = changeOf({ spec: block, live: null });
    expect(made).toMatchObject({
      action: "create",
      recreates: false,
      fields: [{ field: "type" }, { field: "region" }],
      where: { file: "trueup.yaml", line: 1 },
      converged: [],
    });
    expect(made).not.toHaveProperty("outside");
    const again = changeOf({ spec: block, live: null, owned: { id: "srv-1" } });
    expect(again).toMatchObject({ action: "create", recreates: true, outside: "gone" });
    expect(changeOf(service)).toMatchObject({ action: "keep", id: "srv-1" });
    expect(changeOf({ spec: block, live: { spec: block, matchedBy: "name" } })).toMatchObject({
      action: "adopt",
    });
    expect(changeOf({ ...service, live: { spec: block, name: "old" } })).toMatchObject({
      action: "update",
      fields: [{ field: "name" }],
    });
    expect(changeOf(replaced)).toMatchObject({ action: "replace" });
  });

  test("is noted where it became equal: by itself, by somebody, or because it stays as it is", () => {
    const seen = changeOf({ ...service, owned: { id: "srv-1" } });
    expect(seen).toMatchObject({ action: "keep", converged: ["type", "region"] });
    expect(seen).not.toHaveProperty("moved");
    expect(seen).not.toHaveProperty("settled");
    const plan = { spec: { plan: "pro" }, live: { spec: { plan: "pro" } } };
    const moved = changeOf({ ...plan, owned: { id: "srv-1", applied: { plan: "starter" } } });
    expect(moved).toMatchObject({ action: "keep", converged: ["plan"], moved: ["plan"] });
    const stays = changeOf({
      ...service,
      live: { spec: { ...block, region: "ohio" } },
      owned: { id: "srv-1" },
    });
    expect(stays).toMatchObject({ action: "keep", settled: { region: expect.any(String) } });
  });

  test("is gone outside where another object has its name, unless an earlier run put that there", () => {
    const other = { spec: block, id: "srv-2" };
    expect(changeOf({ ...service, live: other })).toMatchObject({ outside: "gone" });
    expect(changeOf({ ...service, live: { ...other, tookPlace: true } })).not.toHaveProperty("outside");
    expect(changeOf(service)).not.toHaveProperty("outside");
  });

  test("takes over what the file does not give only where it is replaced and steps aside", () => {
    const envVars = { LEVEL: new Secret("of the dashboard") };
    const live = { spec: { ...block, envVars } };
    expect(changeOf({ ...replaced, live })).toMatchObject({ takesOver: { envVars: 1 } });
    expect(changeOf({ ...service, live })).not.toHaveProperty("takesOver");
  });
});

describe("a replacement that an earlier run began", () => {
  const aside: Pending = { formers: [{ id: "srv-1", name: "api-1b2c3d4e" }], creation: { at: 60_000 } };
  const shown = { spec: block, name: "api-1b2c3d4e" };
  const isUncertain = (side: Side): boolean => changeOf(side).notes.some(({ note }) => note === "uncertain");

  test("is told, and whether the new one was made is uncertain while the old one stands at the address", () => {
    expect(remarks({ ...replaced, live: shown, pending: aside })).toContain(
      "an earlier run began to replace it",
    );
    expect(isUncertain({ ...replaced, live: shown, pending: aside })).toBe(true);
    const other: Pending = { ...aside, formers: [{ id: "srv-0", name: "api-1b2c3d4e" }] };
    expect(isUncertain({ ...replaced, pending: other })).toBe(false);
    expect(isUncertain({ ...service, live: shown, pending: aside })).toBe(false);
    expect(isUncertain({ ...replaced, pending: { creation: { at: 60_000 } } })).toBe(false);
    expect(remarks(replaced)).toEqual([]);
  });

  test("is taken back where the file asks for the former one, and is due to be finished where it does not", () => {
    const displaced: Found = { id: "srv-2", name: "api", spec: block, outputs: {}, raw: {} };
    const back = changeOf({ ...service, live: { ...shown, displaced }, pending: aside });
    expect(back).toMatchObject({ action: "update", fields: [{ field: "name", verdict: "unknown" }] });
    expect(remarks({ ...service, live: { ...shown, displaced }, pending: aside })).toEqual([
      "it has its place again, and what an earlier run made there goes",
    ]);
    const left: Pending = { formers: [{ id: "srv-0", name: "api-1b2c3d4e" }] };
    expect(changeOf({ ...service, pending: left })).toMatchObject({
      action: "update",
      due: { formers: true },
    });
    expect(changeOf({ ...service, pending: aside }).due, "the one that stays is not due").toBeUndefined();
  });

  test("does not tell its name as a change where it steps aside anyway", () => {
    const fields = (side: Side) => changeOf(side).fields.map(({ field }) => field);
    expect(fields({ ...replaced, live: shown, pending: aside })).toEqual(["region"]);
    expect(fields({ ...replaced, live: shown })).toEqual(["name", "region"]);
  });

  test("says which address goes with the former one", () => {
    const outputs = { hostport: "api:10000" };
    const text = "the new one gets another address: api:10000 goes with the former one";
    expect(remarks({ ...replaced, live: { spec: block, outputs } })).toEqual([text]);
    expect(remarks({ ...service, live: { spec: block, outputs } })).toEqual([]);
  });
});

describe("what an earlier run left undone", () => {
  const left = (pending: Pending, deploy?: "skip") => {
    const { action, due } = changeOf({ ...service, pending, ...(deploy && { deploy }) });
    return { action, due };
  };
  const none = { cancel: false, deploy: false, job: false, noted: false };

  test("is a deploy that is still due, unless its service is never deployed", () => {
    expect(left({ deployFor: ["a step"] })).toEqual({ action: "update", due: { ...none, deploy: true } });
    expect(left({ deployFor: ["a step"] }, "skip")).toEqual({ action: "keep", due: undefined });
  });

  test("is a first deploy to cancel, and one that is found to have begun", () => {
    expect(left({ cancellation: true })).toEqual({ action: "update", due: { ...none, cancel: true } });
    expect(left({ deployed: true })).toEqual({ action: "keep", due: { ...none, noted: true } });
  });

  test("is no job by itself: that stands beside what is due", () => {
    expect(left({ job: true })).toEqual({ action: "keep", due: undefined });
    expect(left({ job: true, deployFor: ["a step"] }).due).toEqual({ ...none, deploy: true, job: true });
    expect(left({})).toEqual({ action: "keep", due: undefined });
  });
});

describe("what stands in another one", () => {
  const disk = {
    kind: "render/disk",
    spec: { sizeGB: 10 },
    live: { id: "dsk-1", spec: { sizeGB: 10 } },
  } as const;
  const actionOf = (...sides: readonly Side[]) => changesOf(...sides).find(({ kind }) => kind === disk.kind);

  test("is replaced with it, and says so first", () => {
    expect(actionOf(replaced, { ...disk, owned: { id: "dsk-1", applied: { sizeGB: 10 } } })).toMatchObject({
      action: "replace",
      fields: [
        {
          field: "service",
          before: { show: "public", value: address },
          after: { show: "source", text: `the new ${address}` },
          verdict: "file",
          forcesReplace: true,
        },
      ],
    });
    expect(actionOf(service, { ...disk, owned: { id: "dsk-1", applied: { sizeGB: 10 } } })?.action).toBe(
      "keep",
    );
    expect(actionOf(replaced, { ...disk, live: null })?.action).toBe("create");
  });

  test("is made again by itself where what it came with is deleted", () => {
    const kind = "render/custom-domain";
    const spec = { service: "api" };
    const apex = { kind, name: "acme.dev", live: { id: "d-0", spec }, owned: { id: "d-0" } } as const;
    const www = {
      kind,
      name: "www.acme.dev",
      spec,
      live: { id: "d-1", spec, derivedFrom: "acme.dev" },
    } as const;
    const change = (...sides: readonly Side[]) => changesOf(...sides).find(({ name }) => name === www.name);
    expect(change(apex, { ...www, owned: { id: "d-1", applied: spec } })).toMatchObject({
      action: "replace",
      fields: [{ field: "custom-domain", after: { show: "source", text: "by itself" } }],
    });
    expect(change({ ...apex, spec }, { ...www, owned: { id: "d-1", applied: spec } })?.action).toBe("keep");
  });
});
