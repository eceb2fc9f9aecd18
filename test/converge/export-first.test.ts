import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import { rehearse } from "../../src/commands/rehearsal/rehearse.ts";
import type { Download } from "../../src/world/download.ts";
import type { Transport } from "../../src/world/transport.ts";
import { renderPlan } from "../../src/views/plan/plan.ts";
import { finish } from "../crash/course.ts";
import { pointsOf } from "../crash/points.ts";
import { Mortal } from "../crash/mortal.ts";
import { idNamed, ourRows, rowNamed, writesOf } from "../observe.ts";
import { openScene, planDefaults, type Scene, type SceneOptions } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const address = "render/postgres/main";
const agreed: Partial<ApplyInput> = { allowDataLoss: [address], allowDeletes: 5 };
/** The new one is there and available before the former one, which has stepped aside, is exported and goes. */
const made = [`aside ${address}`, `create ${address}`, `wait ${address} available`] as const;
const exporting = [`export ${address} former`, `wait ${address} former exported`] as const;
const ended = [`export ${address}`, `wait ${address} exported`, `delete ${address}`] as const;
const steps = [...made, ...exporting, `delete ${address} former`];

function database(region: string, name = "main"): string {
  return `databases: [{ name: ${name}, plan: basic-256mb, postgresMajorVersion: "18", region: ${region} }]\n`;
}

/** A database that is there, and a file that wants it in another region. */
async function moveDatabase(options: SceneOptions = {}): Promise<string> {
  scene = await openScene(options);
  await scene.write(database("oregon"));
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write(database("ohio"));
  scene.requests.length = 0;
  return idNamed(scene, "postgres", "main");
}

async function filesIn(folder = "exports"): Promise<readonly string[]> {
  const names = await readdir(join(scene.folder, folder)).catch((): string[] => []);
  return names.sort();
}

async function archives(folder = "exports"): Promise<readonly string[]> {
  return (await filesIn(folder)).filter((name) => name !== ".gitignore");
}

async function unpack(path: string): Promise<string> {
  return gunzipSync(await readFile(join(scene.folder, path))).toString();
}

/** Of the former database: a number if the answer was a refusal. */
function deletions(): readonly string[] {
  return writesOf(scene).filter((line) => line.startsWith("DELETE /postgres/"));
}

describe("a database that is replaced", () => {
  test("is exported, fetched, and only then deleted; the report says where its data is", async () => {
    const id = await moveDatabase();
    const plan = await scene.plan(agreed);
    expect(plan.steps.map((step) => step.id)).toEqual(steps);
    expect(plan.steps[3]).toMatchObject({ verb: "export", write: { budgets: ["render/write"] } });
    expect(plan.steps[5]?.needs).toEqual([steps[4]]);
    expect(plan.schedule.end).toBeGreaterThan(60_000);
    const screen = { columns: 120, colour: false, unicode: true };
    expect(renderPlan(plan, screen)).toMatch(
      /region cannot change, exported first to exports\/; the new one is made first\s+DATA IS LOST/u,
    );

    const report = await scene.apply(agreed);
    expect(report.verdict).toBe("done");
    const [name = "", ...others] = await archives();
    expect(others).toEqual([]);
    expect(name).toMatch(/^main-20261122T\d{6}Z\.dir\.tar\.gz$/u);
    expect(await unpack(`exports/${name}`)).toMatch(new RegExp(`^main-[0-9a-f]{8} ${id} as of `, "u"));
    expect(report.problems).toMatchObject([
      { code: "exported", severity: "note", address, message: expect.stringContaining(`exports/${name} (`) },
    ]);
    expect(await scene.read("exports/.gitignore")).toBe("*\n");
    expect((await stat(join(scene.folder, "exports", name))).mode & 0o777).toBe(0o600);
    expect((await stat(join(scene.folder, "exports"))).mode & 0o777).toBe(0o700);

    const calls = scene.requests.map(({ method, path }) => `${method} ${path}`);
    const order = [
      `PATCH /postgres/${id}`,
      "POST /postgres",
      `POST /postgres/${id}/export`,
      calls.find((call) => call.startsWith("GET /exports/")) ?? "no download",
      `DELETE /postgres/${id}`,
    ].map((call) => calls.indexOf(call));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(rowNamed(scene, "postgres", "main")["region"]).toBe("ohio");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("has its copy in the folder of --export-to, beside what is there, which nothing is written over", async () => {
    await moveDatabase();
    await mkdir(join(scene.folder, "kept"));
    // Whenever it is fetched, its name is taken already.
    const taken = Array.from({ length: 240 }, (_, second) => {
      const time = new Date(Date.UTC(2026, 10, 22, 9, 0, second));
      return `main-${time.toISOString().replaceAll(/[-:]|\.\d+/gu, "")}.dir.tar.gz`;
    });
    for (const name of taken) await writeFile(join(scene.folder, "kept", name), "older");
    const plan = await scene.plan({ ...agreed, exportTo: "kept/" });
    expect(plan.changes[0]?.exportedTo).toBe("kept/");
    expect((await scene.apply({ ...agreed, exportTo: "kept/" })).verdict).toBe("done");
    expect(await filesIn()).toEqual([]);
    const fresh = (await filesIn("kept")).filter((name) => !taken.includes(name));
    expect(fresh).toEqual([expect.stringMatching(/^main-\w+-2\.dir\.tar\.gz$/u)]);
    expect(new Set(await Promise.all(taken.map((name) => scene.read(`kept/${name}`))))).toEqual(
      new Set(["older"]),
    );
  });

  test("is not exported with --no-export, which is part of the plan hash", async () => {
    await moveDatabase();
    const plan = await scene.plan({ ...agreed, noExport: true });
    expect(plan.steps.map((step) => step.id)).toEqual([...made, steps.at(-1)]);
    expect(plan.changes[0]).not.toHaveProperty("exportedTo");
    expect(plan.hash).not.toBe((await scene.plan(agreed)).hash);
    const report = await scene.apply({ ...agreed, noExport: true });
    expect(report).toMatchObject({ verdict: "done", problems: [] });
    expect(await filesIn()).toEqual([]);
    expect((await scene.plan({ noExport: true })).hash).not.toBe((await scene.plan()).hash);
  });
});

test("every end of a database is exported first, a deletion's and a destruction's too, and an update is none", async () => {
  scene = await openScene();
  const both = (plan: string): string =>
    `databases:\n${["main", "other"].map((name) => `  - { name: ${name}, plan: ${plan}, region: ohio }\n`).join("")}`;
  await scene.write(both("basic-256mb"));
  await scene.apply();
  await scene.write(both("basic-1gb"));
  const exports = async (): Promise<readonly string[]> =>
    (await scene.plan(agreed)).steps.map(({ id }) => id).filter((id) => /export/u.test(id));
  expect(await exports()).toEqual([]);
  await scene.write(database("ohio", "other"));
  expect(await exports()).toEqual(ended.slice(0, 2));
  const { steps: destroying } = await scene.plan({ ...agreed, destroys: "all" });
  const ending = (name: string): readonly string[] => ended.map((id) => id.replace("main", name));
  expect(destroying.map(({ id }) => id).sort()).toEqual([...ending("main"), ...ending("other")].sort());
  const ids = ourRows(scene, "postgres").map(({ id }) => id as string);
  expect(
    (await scene.apply({ ...agreed, allowDataLoss: ["render/postgres/*"], destroys: "all" })).verdict,
  ).toBe("done");
  expect(ourRows(scene, "postgres")).toEqual([]);
  const texts = await Promise.all((await archives()).map((name) => unpack(`exports/${name}`)));
  for (const id of ids) expect(texts.join("")).toContain(id);
});

describe("in GitHub Actions", () => {
  test("a folder that is lost with the runner is refused, and one that was chosen is not", async () => {
    await moveDatabase();
    scene.setVariable("GITHUB_ACTIONS", "true");
    await scene.write(`state: { backend: file, path: state }\n${database("ohio")}`);
    const { refusals } = await scene.plan(agreed);
    expect(refusals).toMatchObject([{ code: "export-lost", severity: "refusal", address }]);
    expect(refusals[0]?.remedy).toContain("--export-to");
    expect(refusals[0]?.remedy).toContain("--no-export");
    expect((await scene.apply(agreed)).verdict).toBe("refused");
    expect(writesOf(scene)).toEqual([]);
    expect((await scene.plan({ ...agreed, noExport: true })).refusals).toEqual([]);
    expect((await scene.apply({ ...agreed, exportTo: "kept" })).verdict).toBe("done");
    expect(await archives("kept")).toHaveLength(1);
  });
});

describe("nothing is deleted", () => {
  const refused = { status: 400, headers: {}, text: '{"message":"exports are not available"}' };
  const refuseExport =
    (send: Transport): Transport =>
    async (request) =>
      request.method === "POST" && request.url.endsWith("/export") ? refused : send(request);

  test("when the API does not export, and the message names the way out", async () => {
    const id = await moveDatabase({ send: refuseExport });
    const report = await scene.apply(agreed);
    expect(report.verdict).toBe("failed");
    expect(report.problems).toMatchObject([
      {
        code: "export-refused",
        message: expect.stringContaining("exports are not available") as string,
        remedy: expect.stringContaining("--no-export") as string,
      },
    ]);
    expect(deletions()).toEqual([]);
    expect(ourRows(scene, "postgres").map((row) => row["id"])).toContain(id);
  });

  const spoiled: readonly { readonly what: string; readonly download: (whole: Download) => Download }[] = [
    {
      what: "is cut off",
      download:
        () =>
        async ({ sink }) => {
          await sink(new Uint8Array([0x1f, 0x8b, 8]));
          return { failed: "after 3 bytes, the connection failed (UND_ERR_SOCKET)" };
        },
    },
    {
      what: "is a page of somebody else's",
      download:
        () =>
        async ({ sink }) => {
          await sink(Buffer.from("<html>sign in</html>"));
          return { bytes: 20 };
        },
    },
    {
      what: "is empty",
      download: () => async () => ({ bytes: 0 }),
    },
  ];
  test.each(spoiled)("when what is fetched $what; the next run does it all", async ({ download }) => {
    let isBroken = true;
    const id = await moveDatabase({
      download: (whole) => (from) => (isBroken ? download(whole) : whole)(from),
    });
    const report = await scene.apply(agreed);
    expect(report.verdict).toBe("failed");
    expect(report.problems).toMatchObject([{ code: "export-not-kept", address }]);
    expect(deletions()).toEqual([]);
    expect(await archives(), "nothing is left that looks like a copy").toEqual([]);
    isBroken = false;
    const next = await scene.apply(agreed);
    expect(next.verdict).toBe("done");
    const [name = ""] = await archives();
    expect(await unpack(`exports/${name}`)).toContain(id);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("when the folder cannot be written to", async () => {
    await moveDatabase();
    await scene.write("no folder", "exports");
    const report = await scene.apply(agreed);
    expect(report.problems).toMatchObject([
      { code: "export-not-kept", message: expect.stringMatching(/exports cannot be written to \(E\w+\)/u) },
    ]);
    expect(deletions()).toEqual([]);
  });

  test("before the export is ready, however long that takes; an older one does not count", async () => {
    const id = await moveDatabase({ switches: { exportMs: 0 } });
    await scene.edit("POST", `/postgres/${id}/export`);
    await fetch(`${scene.simulator.control}/switches`, {
      method: "POST",
      body: JSON.stringify({ exportMs: 7 * 3_600_000 }),
    });
    const report = await scene.apply(agreed);
    expect(report.problems).toMatchObject([
      { code: "not-ready", message: `${address} was not exported within 360 minutes.` },
    ]);
    expect(deletions()).toEqual([]);
    expect(await archives()).toEqual([]);
  });
});

test("an export whose answer was lost is found in the list and not asked for twice", async () => {
  await moveDatabase();
  let lost = 0;
  const send: Scene["world"]["send"] = async (request) => {
    const answer = await scene.world.send(request);
    if (request.method !== "POST" || !request.url.endsWith("/export")) return answer;
    lost += 1;
    throw new Error("the connection was reset");
  };
  const deps = { ...scene.deps, world: { ...scene.world, send } };
  const report = await runApply({ ...planDefaults, yes: true, ...agreed }, deps);
  expect(report.verdict).toBe("done");
  expect(lost).toBe(1);
  expect(await archives()).toHaveLength(1);
});

test("a rehearsal exports as well, killed at every write too, and leaves nothing on disk", async () => {
  await moveDatabase();
  const { rehearsal } = await rehearse({ ...planDefaults, ...agreed }, scene.deps, { crash: true });
  expect(rehearsal).toMatchObject({ verdict: "converges", writes: 4, left: [], differs: [], problems: [] });
  expect(rehearsal.crashes).toMatchObject({ points: 8, wrong: [] });
  expect(await filesIn()).toEqual([]);
  expect(writesOf(scene)).toEqual([]);
});

test("killed anywhere, no database is gone without a file, and whoever comes later ends well", async () => {
  const input: ApplyInput = { ...planDefaults, yes: true, ...agreed };
  await moveDatabase();
  const whole = new Mortal(scene);
  expect(await whole.apply(input)).toMatchObject({ verdict: "done" });
  expect(whole.passed.writes).toBe(4);
  for (const cut of pointsOf(whole.passed)) {
    await scene.close();
    const id = await moveDatabase();
    expect(await new Mortal(scene, cut).apply(input)).toBe("died");
    const isGone = ourRows(scene, "postgres").every((row) => row["id"] !== id);
    const copies = await archives();
    expect(copies.length > 0 || !isGone, `${cut.at} ${cut.number}`).toBe(true);
    // Killed at the call that makes the new one, nobody knows at once whether there is one: a later run makes it.
    expect(await finish(scene, input)).toMatchObject({ verdict: "done" });
    const texts = await Promise.all((await archives()).map((name) => unpack(`exports/${name}`)));
    expect(texts.join(""), `${cut.at} ${cut.number}`).toContain(id);
    expect(ourRows(scene, "postgres").map(({ region }) => region)).toEqual(["ohio"]);
    expect((await scene.plan()).steps).toEqual([]);
  }
});
