import { afterEach, beforeEach, expect, test } from "vitest";
import { hasWork } from "../../src/core/model/plan.ts";
import { finish, input } from "../crash/course.ts";
import { Mortal, type Cut } from "../crash/mortal.ts";
import { idNamed, ourRows, variablesOf, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

/** Each replaced by another region, and used by a service, which goes over to the new one before the former one goes. */
const kinds = [
  {
    table: "postgres",
    path: "/postgres",
    file: (region: string): string => `
databases: [{ name: main, plan: basic-256mb, region: ${region} }]
services:
  - { type: worker, name: user, runtime: docker, envVars: [{ key: URL, fromDatabase: { name: main, property: connectionString } }] }
`,
  },
  {
    table: "keyValues",
    path: "/key-value",
    file: (region: string): string => `
services:
  - { type: keyvalue, name: main, plan: starter, region: ${region}, ipAllowList: [] }
  - { type: worker, name: user, runtime: docker, envVars: [{ key: URL, fromService: { type: keyvalue, name: main, property: connectionString } }] }
`,
  },
  {
    table: "services",
    path: "/services",
    file: (region: string): string => `
services:
  - { type: pserv, name: main, runtime: docker, region: ${region}, envVars: [{ key: A, value: b }] }
  - { type: worker, name: user, runtime: docker, envVars: [{ key: URL, fromService: { type: pserv, name: main, property: hostport } }] }
`,
  },
] as const;

type Kind = (typeof kinds)[number];
const cuts = (count: number): readonly Cut[] =>
  Array.from({ length: count }, (_, index) => index + 1).flatMap((number): Cut[] => [
    { at: "before-write", number },
    { at: "after-write", number },
  ]);

function standing({ table }: Kind): readonly { readonly [name: string]: unknown }[] {
  return ourRows(scene, table).filter(({ name }) => name !== "user");
}

/** What the service that uses it is given. */
function used(): unknown {
  return variablesOf(scene, "user")["URL"];
}

/** The replacement, up to where it is killed; answers with the id of the one before and with what its user was given. */
async function replaceUntil(kind: Kind, cut?: Cut) {
  // One scene follows another within a test.
  await scene.close();
  scene = await openScene();
  await scene.write(kind.file("oregon"));
  expect((await scene.apply()).verdict).toBe("done");
  const before = { id: idNamed(scene, kind.table, "main"), value: used() };
  await scene.write(kind.file("ohio"));
  const run = new Mortal(scene, cut);
  await run.apply(input);
  return { ...before, writes: run.passed.writes };
}

async function expectDone(kind: Kind, region: string): Promise<void> {
  expect(standing(kind)).toMatchObject([{ name: "main", region }]);
  expect(await scene.inventory()).not.toHaveProperty("pending");
  expect(hasWork(await scene.plan())).toBe(false);
}

function creations({ path }: Kind): readonly string[] {
  return writesOf(scene).filter((line) => line.startsWith(`POST ${path} `));
}

test.each(kinds)(
  "of $table whose replacement is taken back after a kill at any write the former one has its place again, and no third is made",
  async (kind) => {
    const { writes } = await replaceUntil(kind);
    for (const cut of cuts(writes)) {
      const { id, value } = await replaceUntil(kind, cut);
      const isThere = standing(kind).some((row) => row["id"] === id);
      await scene.write(kind.file("oregon"));
      scene.requests.length = 0;
      expect(await finish(scene), `${cut.at} ${cut.number}`).toMatchObject({ verdict: "done" });
      await expectDone(kind, "oregon");
      // Its end was agreed to where it is gone by then; nothing of it can come back.
      expect(isThere, `${cut.at} ${cut.number}`).toBe(cut.at === "before-write" || cut.number < writes);
      if (isThere) {
        expect(idNamed(scene, kind.table, "main"), `${cut.at} ${cut.number}`).toBe(id);
        expect(used()).toBe(value);
        expect(creations(kind)).toEqual([]);
      }
    }
  },
);

test.each([
  { kind: kinds[0], made: 2 },
  { kind: kinds[2], made: 3 },
])(
  "of $kind.table what is taken back may be killed anywhere too, and either file is reached from there without a third",
  async ({ kind, made }) => {
    const cut: Cut = { at: "after-write", number: made };
    await replaceUntil(kind, cut);
    await scene.write(kind.file("oregon"));
    const whole = new Mortal(scene);
    expect(await whole.apply(input)).toMatchObject({ verdict: "done" });
    for (const second of cuts(whole.passed.writes)) {
      const { id } = await replaceUntil(kind, cut);
      const other = standing(kind).find((row) => row["id"] !== id)?.["id"];
      await scene.write(kind.file("oregon"));
      await new Mortal(scene, second).apply(input);
      const ids = standing(kind).map((row) => row["id"]);
      // Once more the other way, where the run was killed at what it had sent.
      const region = second.at === "before-write" ? "oregon" : "ohio";
      const wanted = region === "oregon" ? id : other;
      scene.requests.length = 0;
      await scene.write(kind.file(region));
      expect(await finish(scene), `${second.at} ${second.number}`).toMatchObject({ verdict: "done" });
      await expectDone(kind, region);
      if (!ids.includes(wanted)) continue;
      expect(idNamed(scene, kind.table, "main"), `${second.at} ${second.number}`).toBe(wanted);
      expect(creations(kind)).toEqual([]);
    }
  },
);

test("what was made in the place of a service that is taken back needs consent to go: it may have been given more by hand", async () => {
  const [, , kind] = kinds;
  await replaceUntil(kind, { at: "after-write", number: 2 });
  await scene.write(kind.file("oregon"));
  const { refusals } = await scene.plan();
  expect(refusals).toMatchObject([{ code: "replace", address: "render/service/main" }]);
  expect(refusals[0]?.message).toContain("is the former one again");
  expect((await scene.plan({ allowReplace: ["render/service/main"] })).refusals).toEqual([]);
});

test("what was made in the place of a database that is taken back is exported before it goes, and needs consent", async () => {
  const [kind] = kinds;
  const { id } = await replaceUntil(kind, { at: "after-write", number: 2 });
  await scene.write(kind.file("oregon"));
  const { refusals } = await scene.plan();
  expect(refusals).toMatchObject([{ code: "data-loss", address: "render/postgres/main" }]);
  expect(refusals[0]?.message).toContain("is the former one again");
  const made = standing(kind).find((row) => row["id"] !== id)?.["id"] as string;
  const plan = await scene.plan({ allowDataLoss: ["*"] });
  expect(plan.steps.map((step) => step.id)).toEqual([
    "aside render/postgres/main",
    "converge render/postgres/main",
    "update render/postgres/main name",
    "wait render/postgres/main available",
    "export render/postgres/main former 2",
    "wait render/postgres/main former 2 exported",
    "delete render/postgres/main former 2",
  ]);
  await finish(scene);
  expect(
    writesOf(scene)
      .filter((line) => line.includes(made))
      .map((line) => line.split(" ")[0]),
  ).toEqual(["PATCH", "POST", "DELETE"]);
});
