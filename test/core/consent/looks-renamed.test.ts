import { describe, expect, test } from "vitest";
import type { Address } from "../../../src/core/base/address.ts";
import { findRenames } from "../../../src/core/consent/looks-renamed.ts";
import type { GuardInput } from "../../../src/core/guards/guard-input.ts";
import type { ResourceChange } from "../../../src/core/model/change.ts";
import { defaultLifecycle, type Desired, type Spec } from "../../../src/core/model/desired.ts";
import type { Live } from "../../../src/core/model/live.ts";
import { change, inputOf } from "../guards/guard-input.ts";

const where = { file: "trueup.yaml", line: 7, column: 1 };
type KindName = ResourceChange["kind"];

const goes = (kind: KindName, name: string, more: Partial<ResourceChange> = {}): ResourceChange => ({
  ...change(0, {}, kind),
  name,
  address: `${kind}/${name}`,
  ...more,
});
const comes = (kind: KindName, name: string, more: Partial<ResourceChange> = {}): ResourceChange =>
  goes(kind, name, { action: "create", where, ...more });

/** A plan beside what it is about: each deletion is live and each creation declared, both with what is said of it. */
function looked(
  changes: readonly ResourceChange[],
  {
    live = {},
    spec = {},
    ...more
  }: {
    /** By name, what the object shows. */
    readonly live?: { readonly [name: string]: Spec | null };
    readonly spec?: { readonly [name: string]: Spec | null };
    readonly allowed?: readonly Address[];
    readonly destroys?: boolean;
  } = {},
) {
  const base = inputOf({ owned: 0, changes, destroys: more.destroys ?? false });
  const found = changes.flatMap(({ action, address, kind, name }): readonly Live[] => {
    const shown = live[name];
    if (action !== "delete" || shown === null) return [];
    const raw = { type: "background_worker" };
    return [
      {
        address,
        kind,
        found: { id: `id ${name}`, name, spec: (shown ?? {}) as Live["found"]["spec"], outputs: {}, raw },
        matchedBy: "inventory",
      },
    ];
  });
  const declared = changes.flatMap(({ action, address, kind, name }): readonly Desired[] => {
    const said = spec[name];
    if (action !== "create" || said === null) return [];
    const one = {
      address,
      kind,
      name,
      spec: { type: "worker", ...said },
      lifecycle: defaultLifecycle,
      where,
    };
    return [{ ...one, places: new Map(), needs: [] }];
  });
  const input: GuardInput = {
    ...base,
    overrides: { ...base.overrides, allowDataLoss: more.allowed ?? [] },
    live: new Map(found.map((one) => [one.address, one])),
    desired: new Map(declared.map((one) => [one.address, one])),
  };
  const { problems, refused } = findRenames(input);
  return { codes: problems.map(({ code }) => code), problems, refused: [...refused] };
}

const postgres = "render/postgres";
const db = goes(postgres, "db", { losesData: true });
const main = comes(postgres, "main");

describe("a database", () => {
  test("that goes while another one comes looks renamed: refused, with the line and the block to paste", () => {
    const { codes, problems, refused } = looked([db, main]);
    expect(codes).toEqual(["looks-renamed"]);
    expect(refused).toEqual([db.address]);
    expect(problems[0]).toMatchObject({
      severity: "refusal",
      address: db.address,
      where,
      answer: {
        flags: ["--allow-data-loss render/postgres/db"],
        word: db.address,
        block: "moved:\n  - { from: render/postgres/db, to: render/postgres/main }",
      },
    });
    expect(problems[0]!.message).toContain("would be deleted while render/postgres/main is made,");
    expect(problems[0]!.message).toContain(
      "The new one would be empty, and the data of the former one lost.",
    );
    expect(problems[0]!.remedy).toContain(
      "If it is the same Postgres database, write `lifecycle: { renamedFrom: db }` in the block of render/postgres/main at trueup.yaml:7;",
    );
  });

  test("may have become one of several: each line is told, and no block guesses", () => {
    const { problems } = looked([db, main, comes(postgres, "first")]);
    expect(problems[0]!.message).toContain("render/postgres/first and render/postgres/main are made,");
    expect(problems[0]!.remedy).toMatch(/render\/postgres\/main at .* or .*render\/postgres\/first at /u);
    expect(problems[0]!.answer).not.toHaveProperty("block");
  });

  test("is not taken for renamed where nothing comes, or what comes is no new one of its kind", () => {
    expect(looked([db]).codes).toEqual([]);
    expect(looked([db, { ...main, recreates: true }]).codes).toEqual([]);
    expect(looked([db, { ...main, action: "update" }]).codes).toEqual([]);
    expect(looked([db, comes("render/key-value", "main")]).codes).toEqual([]);
    expect(looked([db, comes(postgres, "db")]).codes).toEqual([]);
  });

  test("is not where somebody deleted it already, all is to go, or its end is agreed to", () => {
    expect(looked([{ ...db, outside: "gone" }, main]).codes).toEqual([]);
    expect(looked([{ ...db, action: "forget" }, main]).codes).toEqual([]);
    expect(looked([db, main], { destroys: true })).toEqual({ codes: [], problems: [], refused: [] });
    expect(looked([db, main], { allowed: [db.address] }).codes).toEqual([]);
    expect(looked([db, main], { allowed: [main.address] }).codes).toEqual(["looks-renamed"]);
  });

  test("of which one side is not known is only remarked on", () => {
    for (const unknown of [{ live: { db: null } }, { spec: { main: null } }]) {
      const { codes, problems, refused } = looked([db, main], unknown);
      expect([codes, refused]).toEqual([["maybe-renamed"], []]);
      expect(problems[0]).toMatchObject({ severity: "note", address: db.address });
    }
  });
});

describe("what holds no data", () => {
  const cache = goes("render/key-value", "cache");

  test("is remarked on, with up to three guesses and none beyond", () => {
    const several = (count: number) =>
      Array.from({ length: count }, (_, index) => comes("render/key-value", `new-${index}`));
    const { problems } = looked([cache, ...several(1)]);
    expect(problems).toMatchObject([{ severity: "note", code: "maybe-renamed", address: cache.address }]);
    expect(problems[0]!.message).toBe(
      "render/key-value/cache is deleted while render/key-value/new-0 is made.",
    );
    expect(problems[0]!.remedy).toContain("`lifecycle: { renamedFrom: cache }`");
    expect(looked([cache, ...several(3)]).codes).toEqual(["maybe-renamed"]);
    expect(looked([cache, ...several(4)]).codes).toEqual([]);
  });

  test("an environment is named by its own name alone", () => {
    const { problems } = looked([
      goes("render/environment", "shop/staging", { address: "render/environment/shop%2Fstaging" }),
      comes("render/environment", "shop/test", { address: "render/environment/shop%2Ftest" }),
    ]);
    expect(problems[0]!.remedy).toContain("renamedFrom: staging }");
  });

  test("of a kind that cannot be renamed, or that no plan acts on, is not judged", () => {
    expect(
      looked([goes("render/custom-domain", "a.dev"), comes("render/custom-domain", "b.dev")]).codes,
    ).toEqual([]);
    expect(looked([goes("render/workflow", "a"), comes("render/workflow", "b")]).codes).toEqual([]);
  });
});

describe("a service", () => {
  const [api, web] = [goes("render/service", "api"), comes("render/service", "web")];
  const same = {
    live: { api: { repo: "https://git.example/shop" } },
    spec: { web: { repo: "https://git.example/shop" } },
  };
  const other = { ...same, spec: { web: { repo: "https://git.example/blog" } } };

  test("that does the same as a new one looks renamed, and what goes with it is told", () => {
    const notes = [{ note: "goes-for-good", field: "envVars", entries: ["A", "B"] }] as const;
    const { problems, refused } = looked([{ ...api, notes }, web], same);
    expect(refused).toEqual([api.address]);
    expect(problems[0]).toMatchObject({ code: "looks-renamed", answer: { word: "yes" } });
    expect(problems[0]!.message).toContain(
      "its URL and its logs, and A, B cannot be given again from the file.",
    );
    expect(looked([api, web], same).problems[0]!.message).toContain("its URL and its logs.");
    expect(looked([api, web], other).codes).toEqual(["maybe-renamed"]);
  });

  test("takes its disk along: the disk is told of where the services do not say it already", () => {
    const disks = [goes("render/disk", "api", { losesData: true }), comes("render/disk", "web")];
    const alike = looked([api, web, ...disks], same);
    expect(alike.refused).toEqual([api.address]);
    const unlike = looked([api, web, ...disks], other);
    expect(unlike.refused).toEqual(["render/disk/api"]);
    const refusal = unlike.problems.find(({ code }) => code === "looks-renamed");
    expect(refusal!.answer).toMatchObject({
      block: "moved:\n  - { from: render/service/api, to: render/service/web }",
    });
    expect(refusal!.remedy).toContain(
      "`lifecycle: { renamedFrom: api }` in the block of render/service/web at",
    );
  });

  test("whose disk alone goes, or beside which one alone comes, has not given it its name", () => {
    const disks = [goes("render/disk", "api", { losesData: true }), comes("render/disk", "web")];
    expect(looked([{ ...api, action: "keep" }, web, ...disks], other).codes).toEqual([]);
    expect(looked([api, { ...web, action: "keep" }, ...disks], other).codes).toEqual([]);
    expect(looked(disks, other).codes).toEqual([]);
    const empty = [goes("render/disk", "api"), comes("render/disk", "web")];
    expect(looked([api, web, ...empty], other).refused).toEqual([]);
  });
});
