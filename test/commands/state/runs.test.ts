import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listRuns, showRun } from "../../../src/commands/state/runs.ts";
import { renderRunRecord, renderRuns, renderRunsJson } from "../../../src/views/run/runs.ts";
import { problemsOf, setFaults } from "../../observe.ts";
import { openScene, type Scene } from "../../scene.ts";

const worker = (name: string, more = ""): string =>
  `  - {type: worker, name: ${name}, runtime: node, plan: starter, buildCommand: "true", startCommand: "true"${more}}\n`;
const input = { files: [] };
const screen = { columns: 100, colour: false, unicode: true };

let scene: Scene;
beforeEach(async () => void (scene = await openScene({ environment: { GITHUB_SHA: "0123456789abcdef" } })));
afterEach(() => scene.close());

describe("runs", () => {
  test("are listed newest first, with who, commit, plan hash, steps and outcome", async () => {
    await scene.write(`services:\n${worker("one")}`);
    const first = await scene.apply();
    await scene.world.sleep(60_000);
    await scene.write(`services:\n${worker("one", ", numInstances: 2")}${worker("two")}`);
    await setFaults(scene, "500:1");
    await scene.apply().catch(() => undefined);
    await setFaults(scene, "");
    await scene.world.sleep(60_000);
    const third = await scene.apply();
    const { runs } = await listRuns(input, scene.deps);
    expect(runs.map((run) => run.run)).toEqual([third.run, first.run]);
    expect(runs[1]).toMatchObject({
      verdict: "done",
      plan: first.plan.hash,
      commit: "0123456789abcdef",
      by: { user: "ada", host: "test" },
      began: "2026-11-22T09:00:10.000Z",
      steps: [{ step: "create render/service/one", status: "done" }],
      isRunning: false,
    });
    expect(JSON.parse(renderRunsJson(runs, "here"))).toMatchObject({ formatVersion: "1.0", place: "here" });
    expect(renderRuns(runs, "here", screen).split("\n")[1]).toMatch(
      /^ {2}\S+-\d{6} +done {2}1 done {2}ada on test {2}01234567 {2}2026-11-22T09:00:10/u,
    );
  });

  test("are found in the folder of the state where no file is called as usual, and none is given", async () => {
    await scene.write(`services:\n${worker("one")}`, "shop.yaml");
    const { run } = await scene.apply({ files: ["shop.yaml"] });
    expect((await listRuns(input, scene.deps)).runs.map((one) => one.run)).toEqual([run]);
    await rm(join(scene.folder, "state"), { recursive: true });
    expect(await problemsOf(listRuns(input, scene.deps))).toMatchObject([{ code: "file-not-found" }]);
  });

  test("a run that failed tells which step, why, and what it kept from happening", async () => {
    await scene.write(
      `services:\n${worker("one", ", envVars: [{key: URL, fromDatabase: {name: main, property: connectionString}}]")}databases:\n  - {name: main, plan: basic-256mb, postgresMajorVersion: "18", databaseName: "x"}\n`,
    );
    const send = scene.deps.world.send;
    const failing: typeof send = (request) =>
      request.method === "POST" && request.url.includes("/postgres")
        ? Promise.resolve({ status: 400, headers: {}, text: `{"message":"no"}` })
        : send(request);
    const { runApply } = await import("../../../src/commands/apply.ts");
    const { planDefaults } = await import("../../scene.ts");
    const report = await runApply(
      { ...planDefaults, yes: true },
      { ...scene.deps, world: { ...scene.deps.world, send: failing } },
    );
    expect(report.verdict).toBe("failed");
    const run = await showRun(report.run.slice(0, 12), input, scene.deps);
    expect(run.verdict).toBe("failed");
    expect(run.steps).toEqual(
      expect.arrayContaining([
        { step: "create render/postgres/main", status: "failed", code: expect.any(String) as string },
        { step: "create render/service/one", status: "blocked", by: "create render/postgres/main" },
      ]),
    );
    const text = renderRunRecord(run, screen);
    expect(text).toContain("outcome");
    expect(text).toContain("create render/service/one  blocked, it needs: create render/postgres/main");
  });

  test("a run that nobody knows is an error", async () => {
    await scene.write(`services:\n${worker("one")}`);
    expect(await problemsOf(showRun("x", input, scene.deps))).toMatchObject([{ code: "run-unknown" }]);
  });
});
