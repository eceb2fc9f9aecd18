import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { finish } from "../crash/course.ts";
import { Mortal, type Cut } from "../crash/mortal.ts";
import { pointsOf } from "../crash/points.ts";
import { idNamed, ourRows } from "../observe.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const both = `databases:
  - { name: main, plan: basic-256mb }
  - { name: other, plan: basic-256mb }
`;
const kept = both.replace(/^.*name: main.*\n/mu, "");
const ends = [
  {
    how: "deleted, as its block is gone and an entry of removed agrees",
    file: `${kept}removed: [{ address: render/postgres/main, data: exported, until: 2026-12-31 }]\n`,
    input: { ...planDefaults, yes: true, allowDeletes: 5 },
    left: ["other"],
  },
  {
    how: "destroyed with all others",
    file: both,
    input: { ...planDefaults, yes: true, destroys: "all", allowDataLoss: ["*"], allowDeletes: 5 },
    left: [],
  },
] as const;

/** What the files in the folder of exports hold. */
async function copies(): Promise<string> {
  const names = await readdir(join(scene.folder, "exports")).catch((): string[] => []);
  const archives = names.filter((name) => name.endsWith(".tar.gz"));
  const texts = archives.map(async (name) =>
    gunzipSync(await readFile(join(scene.folder, "exports", name))).toString(),
  );
  return (await Promise.all(texts)).join("");
}

/** Databases that are gone and that no file holds. */
async function lost(ids: readonly string[]): Promise<readonly string[]> {
  const there = new Set(ourRows(scene, "postgres").map(({ id }) => id));
  const text = await copies();
  return ids.filter((id) => !there.has(id) && !text.includes(id));
}

test.each(ends)(
  "a database that is $how is never gone without a file, wherever the run is killed",
  async ({ file, input, left }) => {
    const begin = async (cut?: Cut) => {
      await scene.close();
      scene = await openScene();
      await scene.write(both);
      expect((await scene.apply()).verdict).toBe("done");
      const ids = ["main", "other"].map((name) => idNamed(scene, "postgres", name));
      await scene.write(file);
      const run = new Mortal(scene, cut);
      return { ids, passed: run.passed, end: await run.apply(input) };
    };
    const { passed, end, ids: all } = await begin();
    expect(end).toMatchObject({ verdict: "done" });
    expect(await lost(all)).toEqual([]);
    expect(passed.writes).toBeGreaterThanOrEqual(2);
    for (const cut of pointsOf(passed)) {
      const { ids, end: died } = await begin(cut);
      expect(died).toBe("died");
      expect(await lost(ids), `${cut.at} ${cut.number}`).toEqual([]);
      expect(await finish(scene, input)).toMatchObject({ verdict: "done" });
      expect(await lost(ids), `${cut.at} ${cut.number}, at the end`).toEqual([]);
      expect(ourRows(scene, "postgres").map(({ name }) => name)).toEqual(left);
    }
  },
);

test("what this looks for is found: a database that nobody exports is gone without a file", async () => {
  await scene.write(both);
  await scene.apply();
  const ids = ["main", "other"].map((name) => idNamed(scene, "postgres", name));
  expect(await scene.apply({ ...ends[1].input, noExport: true })).toMatchObject({ verdict: "done" });
  expect(await lost(ids)).toEqual(ids);
});
