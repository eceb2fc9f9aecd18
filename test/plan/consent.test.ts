import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import { runDestroy } from "../../src/commands/destroy.ts";
import { savePlanFile } from "../../src/commands/run/plan-file.ts";
import { joinAnswers } from "../../src/core/consent/answers.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { Mortal } from "../crash/mortal.ts";
import { idNamed, ourRows, problemsOf, writesOf } from "../observe.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const worker = (name: string, more = ""): string =>
  `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter${more} }\n`;
const database = (name: string, more = ""): string =>
  `databases: [{ name: ${name}, plan: basic-256mb${more} }]\n`;
const cache = `  - { type: keyvalue, name: cache, plan: starter, ipAllowList: [] }\n`;
const disk = ", disk: { name: data, mountPath: /data }";
const base = `services:\n${worker("a")}${worker("b")}${worker("c")}`;

type Case = {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly refusals: readonly string[];
  readonly flags: Partial<ApplyInput>;
  readonly word: string;
  /** Appended to the file instead of the flags; absent where the file cannot say it. */
  readonly block?: string;
};

const removed = (...addresses: readonly string[]): string =>
  `removed:\n${addresses.map((address) => `  - { address: ${address}, data: lost, until: 2026-12-01 }\n`).join("")}`;

const cases: readonly Case[] = [
  {
    what: "a database that the file drops",
    before: base + database("main"),
    after: base,
    refusals: ["data-loss render/postgres/main"],
    flags: { allowDataLoss: ["render/postgres/main"] },
    word: "render/postgres/main",
    block: removed("render/postgres/main"),
  },
  {
    what: "a Key Value instance that the file drops",
    before: base + cache,
    after: base,
    refusals: ["data-loss render/key-value/cache"],
    flags: { allowDataLoss: ["render/key-value/*"] },
    word: "render/key-value/cache",
    block: removed("render/key-value/cache"),
  },
  {
    what: "a Key Value instance that is to keep nothing any more",
    before: base + cache,
    after: base + cache.replace("plan: starter", "plan: starter, persistenceMode: off"),
    refusals: ["data-loss render/key-value/cache"],
    flags: { allowDataLoss: ["render/key-value/cache"] },
    word: "render/key-value/cache",
    block: removed("render/key-value/cache"),
  },
  {
    what: "a disk that a service drops",
    before: base + worker("q", disk),
    after: base + worker("q"),
    refusals: ["data-loss render/disk/q"],
    flags: { allowDataLoss: ["render/disk/q"] },
    word: "render/disk/q",
    block: removed("render/disk/q"),
  },
  {
    what: "a service that takes its disk along",
    before: base + worker("q", disk),
    after: base,
    refusals: ["data-loss render/disk/q"],
    flags: { allowDataLoss: ["*"] },
    word: "render/disk/q",
    block: removed("render/disk/q"),
  },
  {
    what: "a database that is replaced",
    before: base + database("main", ", region: oregon"),
    after: base + database("main", ", region: ohio"),
    refusals: ["data-loss render/postgres/main"],
    flags: { allowDataLoss: ["render/postgres/main"] },
    word: "render/postgres/main",
    block: removed("render/postgres/main"),
  },
  {
    what: "a service that is replaced",
    before: base + worker("q", ", region: oregon"),
    after: base + worker("q", ", region: ohio"),
    refusals: ["replace render/service/q"],
    flags: { allowReplace: ["render/service/q"] },
    word: "yes",
    block: removed("render/service/q"),
  },
  {
    what: "a database under another name",
    before: base + database("main"),
    after: base + database("other"),
    refusals: ["looks-renamed render/postgres/main"],
    flags: { allowDataLoss: ["render/postgres/main"] },
    word: "render/postgres/main",
    block: removed("render/postgres/main"),
  },
  {
    what: "a service under another name",
    before: `services:\n${worker("b", ", rootDir: b")}${worker("q")}`,
    after: `services:\n${worker("b", ", rootDir: b")}${worker("r")}`,
    refusals: ["looks-renamed render/service/q"],
    flags: { allowDataLoss: ["render/service/q"] },
    word: "yes",
    block: removed("render/service/q"),
  },
];

const codesOf = ({ problems }: RunReport): readonly string[] =>
  problems.map(({ code, address }) => (address === undefined ? code : `${code} ${address}`));

async function reach({ before, after }: Pick<Case, "before" | "after">): Promise<void> {
  await scene.write(before);
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write(after);
}

/** A person at a terminal who types this. */
function typing(...words: readonly string[]): {
  readonly asked: string[];
  apply: (input?: Partial<ApplyInput>) => Promise<RunReport>;
} {
  const asked: string[] = [];
  const confirm = async (word: string): Promise<"yes" | "no"> => {
    asked.push(word);
    return words[asked.length - 1] === word ? "yes" : "no";
  };
  const apply = (input: Partial<ApplyInput> = {}): Promise<RunReport> =>
    runApply({ ...planDefaults, yes: false, noExport: true, ...input }, { ...scene.deps, confirm });
  return { asked, apply };
}

describe.each(cases)("$what", (one) => {
  const { flags, word, block = "" } = one;
  const tables = ["services", "postgres", "keyValues"] as const;
  const rows = () => tables.map((table) => scene.rows(table));

  test("is refused under --yes, with a saved plan and where nobody can be asked", async () => {
    await reach(one);
    const before = rows();
    const report = await scene.apply();
    expect(report.verdict).toBe("refused");
    expect(codesOf(report)).toEqual(one.refusals);
    await savePlanFile(join(scene.folder, "plan.json"), await scene.plan());
    expect((await scene.apply({ yes: false, planFile: "plan.json" })).verdict).toBe("refused");
    expect(codesOf(await scene.apply({ yes: false }))).toEqual(one.refusals);
    expect(rows()).toEqual(before);
  });

  test("goes through with its flag, which is no part of the plan hash", async () => {
    await reach(one);
    const [plain, answered] = [await scene.plan(), await scene.plan(flags)];
    expect(answered.hash).toBe(plain.hash);
    expect(answered.refusals).toEqual([]);
    expect((await scene.apply(flags)).verdict).toBe("done");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("goes through when its word is typed, and not for another one", async () => {
    await reach(one);
    const before = rows();
    const wrong = typing("y");
    expect((await wrong.apply()).verdict).toBe("declined");
    expect(wrong.asked).toEqual([word]);
    expect(rows()).toEqual(before);
    expect((await typing(word).apply()).verdict).toBe("done");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("goes through with its entry in the file, until its date is over", async () => {
    await reach(one);
    await scene.write(one.after + block.replaceAll("2026-12-01", "2026-11-21"));
    expect(codesOf(await scene.apply())).toEqual(one.refusals);
    await scene.write(one.after + block);
    expect((await scene.apply()).verdict).toBe("done");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("is answered by the flags and the block that its refusal gives", async () => {
    await reach(one);
    const { refusals } = await scene.plan();
    const answers = joinAnswers(refusals);
    expect(answers.unanswerable).toEqual([]);
    expect(answers.word).toBe(word);
    await scene.write(`${one.after}${answers.block ?? ""}\n`);
    const expected = answers.block === undefined ? one.refusals.length : 0;
    expect((await scene.plan()).refusals).toHaveLength(expected);
  });
});

test("what was typed holds for --resume, and for nothing that came since", async () => {
  await reach({ before: base + database("main"), after: `services:\n${worker("a")}` });
  const input: ApplyInput = { ...planDefaults, yes: false, noExport: true };
  const confirm = async (): Promise<"yes"> => "yes";
  const dying = new Mortal({ ...scene, deps: { ...scene.deps, confirm } }, { at: "before-write", number: 2 });
  expect(await dying.apply(input)).toBe("died");
  const report = await new Mortal(scene).apply({ ...input, resume: true });
  expect(report).toMatchObject({ verdict: "done" });
  expect(ourRows(scene, "postgres")).toEqual([]);
});

test("data that is to be exported is not lost by --no-export, and lost data is not exported", async () => {
  await reach({ before: base + database("main"), after: base });
  const entry = (data: string): string =>
    `removed: [{ address: render/postgres/main, data: ${data}, until: 2026-12-01 }]\n`;
  await scene.write(base + entry("exported"));
  expect(codesOf(await scene.apply({ noExport: true }))).toEqual(["export-demanded render/postgres/main"]);
  expect((await scene.plan()).steps.map(({ id }) => id)).toContain("export render/postgres/main");
  await scene.write(base + entry("lost"));
  expect((await scene.plan()).steps.map(({ id }) => id)).toEqual(["delete render/postgres/main"]);
});

test("a suspended database cannot be exported, which --no-export or the file answers", async () => {
  await reach({ before: base + database("main"), after: base });
  await scene.edit("POST", `/postgres/${idNamed(scene, "postgres", "main")}/suspend`);
  const agreed = { allowDataLoss: ["render/postgres/main"] };
  const { refusals } = await scene.plan(agreed);
  expect(refusals).toMatchObject([
    {
      code: "export-impossible",
      answer: { flags: ["--no-export"] },
      message: expect.stringContaining("suspended"),
    },
  ]);
  expect((await scene.apply({ ...agreed, noExport: true })).verdict).toBe("done");
  expect(ourRows(scene, "postgres")).toEqual([]);
});

test("a disk that no file declares goes with its service only when that is agreed to", async () => {
  await reach({ before: base + worker("q"), after: base });
  const id = idNamed(scene, "services", "q");
  await scene.edit("POST", "/disks", { serviceId: id, name: "data", mountPath: "/data", sizeGB: 1 });
  expect(codesOf(await scene.apply())).toEqual(["data-loss render/service/q"]);
  expect((await scene.apply({ allowDataLoss: ["render/service/q"] })).verdict).toBe("done");
});

describe("an address or a glob that fits nothing", () => {
  const places: readonly (readonly [string, Partial<ApplyInput>])[] = [
    ["--allow-data-loss", { allowDataLoss: ["render/service/aa"] }],
    ["--allow-replace", { allowReplace: ["render/service/aa"] }],
    ["--allow-gap", { allowGaps: ["render/service/aa"] }],
    ["--rewrite", { rewrites: ["render/service/aa"] }],
    ["--target", { targets: ["render/service/aa"] }],
    ["--exclude", { excludes: ["render/service/aa"] }],
    ["destroy", { destroys: ["render/service/aa"] }],
    ["rotate", { rotates: ["render/service/aa"] }],
  ];
  test.each(places)("of %s is an error that says what was meant", async (flag, input) => {
    await reach({ before: base, after: base });
    const [found] = await problemsOf(scene.apply(input));
    expect(found).toMatchObject({
      code: "address-unknown",
      message: `${flag} render/service/aa fits no address.`,
    });
    expect(found?.remedy).toMatch(/^Did you mean render\/service\/[abc]\?/u);
    expect(writesOf(scene)).toHaveLength(3);
  });

  test("is only a remark where an earlier run knew it, and nothing else is done for it", async () => {
    await reach({ before: base, after: base });
    const input = { ...planDefaults, yes: true, addresses: ["render/service/a"], allowDeletes: 1 };
    expect((await runDestroy(input, scene.deps)).verdict).toBe("done");
    await scene.write(base.replace(worker("a"), worker("d")));
    const sent = writesOf(scene).length;
    const again = await runDestroy(input, scene.deps);
    expect(again.verdict).toBe("done");
    expect(again.plan.problems.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["address-gone", "nothing-to-destroy"]),
    );
    expect(writesOf(scene), "nor is the rest of the file applied").toHaveLength(sent);
  });
});

describe("destroy", () => {
  const everything = base + database("main");
  const input = { ...planDefaults, yes: true, addresses: [], noExport: true };
  const words = { ...input, allowDeletes: 4, allowDataLoss: ["render/postgres/*"] };

  test("needs the number and a word for data, each refused for itself", async () => {
    await reach({ before: everything, after: everything });
    const report = await runDestroy(input, scene.deps);
    expect(report.verdict).toBe("refused");
    expect(codesOf(report)).toEqual(["data-loss render/postgres/main", "destroy-count"]);
    expect(joinAnswers(report.plan.refusals).flags).toEqual([
      "--allow-data-loss render/postgres/main",
      "--allow-deletes 4",
    ]);
    expect((await runDestroy(words, scene.deps)).verdict).toBe("done");
    expect([...ourRows(scene, "services"), ...ourRows(scene, "postgres")]).toEqual([]);
  });

  test("is repeated with the same words after each kill, and when nothing is left", async () => {
    for (let number = 1; number <= 4; number += 1) {
      await scene.close();
      scene = await openScene();
      await reach({ before: everything, after: everything });
      for (const cut of [number, 1]) {
        const dying = new Mortal(scene, { at: "after-write", number: cut });
        await dying.run((deps) => runDestroy(words, deps));
      }
      const report = await new Mortal(scene).run((deps) => runDestroy(words, deps));
      if (report === "died") throw new Error("nothing killed it");
      expect([report.verdict, report.problems]).toEqual(["done", []]);
      expect([...ourRows(scene, "services"), ...ourRows(scene, "postgres")]).toEqual([]);
    }
    expect((await runDestroy(words, scene.deps)).verdict).toBe("done");
  });

  test("at a terminal asks for the number and the addresses whose data ends", async () => {
    await reach({ before: everything, after: everything });
    const asked: string[] = [];
    const deps = { ...scene.deps, confirm: async (word: string) => (asked.push(word), "no" as const) };
    expect((await runDestroy({ ...input, yes: false }, deps)).verdict).toBe("declined");
    expect(asked).toEqual(["4 render/postgres/main"]);
  });
});

describe("a saved plan", () => {
  const save = async (): Promise<string> => {
    const path = join(scene.folder, "plan.json");
    await savePlanFile(path, await scene.plan());
    return path;
  };

  test("is its owner's alone, and applies what it shows", async () => {
    await reach({ before: base, after: base + worker("d") });
    const path = await save();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await scene.apply({ yes: false, planFile: "plan.json" })).verdict).toBe("done");
  });

  test("that was edited is refused, also where its text alone was", async () => {
    await reach({ before: base, after: base + worker("d") });
    const path = await save();
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll("render/service/d", "render/service/harmless"));
    expect(await problemsOf(scene.apply({ yes: false, planFile: "plan.json" }))).toMatchObject([
      { code: "plan-file", message: expect.stringContaining("was changed after it was saved") },
    ]);
    const plan = await scene.plan();
    const told = plan.changes.map((change) => ({ ...change, action: "keep" as const }));
    await savePlanFile(path, { ...plan, changes: told });
    expect(await problemsOf(scene.apply({ yes: false, planFile: "plan.json" }))).toMatchObject([
      { code: "plan-moved" },
    ]);
    expect(ourRows(scene, "services")).toHaveLength(3);
  });
});

test("a database is exported and deleted only after what refers to it is gone", async () => {
  const uses = ", envVars: [{ key: DB, fromDatabase: { name: main, property: connectionString } }]";
  const all = `services:\n${worker("a", uses)}${worker("b", uses)}${database("main")}`;
  await reach({ before: all, after: all });
  const before = writesOf(scene).length;
  const input = { ...planDefaults, yes: true, addresses: [], allowDeletes: 3, allowDataLoss: ["*"] };
  expect((await runDestroy(input, scene.deps)).verdict).toBe("done");
  const sent = writesOf(scene).slice(before);
  expect(sent).toEqual([
    expect.stringContaining("DELETE /services/"),
    expect.stringContaining("DELETE /services/"),
    expect.stringMatching(/^POST \/postgres\/.*\/export/u),
    expect.stringContaining("DELETE /postgres/"),
  ]);
});

test("a normal day in CI passes with --yes alone", async () => {
  const cron = (name: string): string =>
    `  - { type: cron, name: ${name}, runtime: image, image: { url: nginx }, plan: starter, schedule: "0 3 * * *" }\n`;
  const day = [
    `services:\n${cron("x")}${cron("y")}${cron("z")}${worker("a", ", envVars: [{ key: A, value: one }]")}`,
    `services:\n${cron("x")}${cron("y")}${cron("z")}${worker("a", ", envVars: [{ key: A, value: two }]")}`,
    `services:\n${cron("x")}${cron("y")}${cron("z")}${worker("a")}${database("main")}`,
    `services:\n${cron("x")}${cron("y")}${worker("a")}${database("main")}`,
  ];
  for (const file of day) {
    await scene.write(file);
    expect(codesOf(await scene.apply())).toEqual([]);
    expect((await scene.plan()).steps).toEqual([]);
  }
  expect(ourRows(scene, "services").map((row) => row["name"])).toEqual(["a", "x", "y"]);
});
