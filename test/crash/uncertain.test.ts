import { afterEach, describe, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import { showOwned, showStanding } from "../../src/commands/state/state-show.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { verdictOfRun } from "../../src/core/planning/verdict.ts";
import { exitCodeOf } from "../../src/shells/cli/base/exit-code.ts";
import { renderPlan } from "../../src/views/plan/plan.ts";
import { renderStanding } from "../../src/views/run/state-show.ts";
import { ourRows, setFaults, writesOf } from "../observe.ts";
import { openScene, start, type Scene } from "../scene.ts";
import { input } from "./course.ts";
import { Mortal } from "./mortal.ts";

let scene: Scene;
afterEach(() => scene.close());

const minute = 60_000;
const main = "render/postgres/main";
const worker = (name: string): string =>
  `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter }\n`;
const database = 'databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18" }]\n';
const file = `services:\n${worker("api")}${database}`;
const screen = { columns: 200, colour: false, unicode: true };

const posts = (path: string): number =>
  writesOf(scene).filter((line) => line.startsWith(`POST ${path} `)).length;
const looksAt = (path: string) => scene.requests.filter((one) => one.method === "GET" && one.path === path);

/** The database is made, and neither heard of nor seen for an hour. */
async function loseDatabase(): Promise<ReturnType<Scene["apply"]>> {
  scene = await openScene();
  await scene.write(file);
  await setFaults(scene, "drop-after-commit@POST /postgres#1,lag:3600@/postgres");
  return scene.apply();
}

describe("a database of which no answer was heard and which no list shows", () => {
  test("is not sent a second time: its step is uncertain, the rest is done, and the exit code is 1", async () => {
    const report = await loseDatabase();
    expect(posts("/postgres")).toBe(1);
    expect(report.results).toMatchObject([
      { step: `create ${main}`, status: "uncertain", problem: { code: "uncertain-create", address: main } },
      { step: "create render/service/api", status: "done" },
    ]);
    expect(exitCodeOf(verdictOfRun(report))).toBe(1);
    expect(report.problems[0]!.remedy).toContain("From 09:16 UTC on it is sent again");
    expect((await scene.inventory()).pending).toMatchObject({ [main]: { creation: { at: start } } });
  });

  test("is looked for eight times in the minute after its announcement, by its name and in the list", async () => {
    await loseDatabase();
    const [announced] = scene.requests.filter((one) => one.method === "POST" && one.path === "/postgres");
    const looks = looksAt("/postgres").filter(({ t }) => t > announced!.t);
    const named = looks.filter(({ query }) => query?.includes("name=main"));
    const whole = looks.filter(({ query }) => !query?.includes("name="));
    expect(named.map(({ t }) => (t - announced!.t) / 1_000)).toEqual([1, 3, 7, 15, 25, 35, 47, 60]);
    expect(whole.map(({ t }) => t)).toEqual(named.map(({ t }) => t));
  });

  test("holds up nothing else while it is looked for", async () => {
    await loseDatabase();
    const [created] = scene.requests.filter((one) => one.method === "POST" && one.path === "/services");
    expect(created!.t - start).toBeLessThan(minute);
  });

  test("is told by the plan and by the state, with the time from which it may be sent again", async () => {
    await loseDatabase();
    await scene.world.sleep(4 * minute);
    const plan = await scene.plan();
    expect(plan.changes.find(({ address }) => address === main)).toMatchObject({
      action: "create",
      notes: [{ note: "uncertain", at: start, from: start + 15 * minute }],
    });
    expect(renderPlan(plan, screen)).toContain("uncertain, may be sent again at 09:16 UTC");
    const files = { files: [] };
    expect(await showOwned(main, files, scene.deps)).toMatchObject({ again: start + 15 * minute });
    const told = renderStanding(await showStanding(files, scene.deps), "trueup apply --resume", screen);
    expect(told).toContain("and no answer was heard");
    const shown = await showStanding(files, scene.deps);
    expect(shown.again?.get(main)).toBe(start + 15 * minute);
  });

  test("is left alone by every run of the next quarter of an hour, which do the rest", async () => {
    await loseDatabase();
    await scene.write(`${file.replace(database, "")}${worker("jobs")}${database}`);
    await scene.world.sleep(5 * minute);
    const report = await scene.apply();
    expect(report.results).toMatchObject([
      { step: `create ${main}`, status: "uncertain" },
      { step: "create render/service/jobs", status: "done" },
    ]);
    expect(posts("/postgres")).toBe(1);
    expect((await scene.inventory()).pending).toMatchObject({ [main]: { creation: { at: start } } });
  });

  test("is ours as soon as a list shows it", async () => {
    await loseDatabase();
    await scene.world.sleep(5 * minute);
    await setFaults(scene, "");
    expect((await scene.apply({ adopt: false })).verdict).toBe("done");
    expect(ourRows(scene, "postgres")).toHaveLength(1);
    expect(await scene.inventory()).not.toHaveProperty("pending");
  });

  test("is sent again after a quarter of an hour where it was never made", async () => {
    scene = await openScene();
    await scene.write(file);
    await setFaults(scene, "reset-before@POST /postgres#1");
    expect((await scene.apply()).verdict).toBe("failed");
    await scene.world.sleep(15 * minute - 61_000);
    expect((await scene.apply()).verdict).toBe("failed");
    expect(posts("/postgres")).toBe(1);
    await scene.world.sleep(minute);
    expect((await scene.apply()).verdict).toBe("done");
    expect(ourRows(scene, "postgres")).toHaveLength(1);
    expect(await scene.inventory()).not.toHaveProperty("pending");
  });

  test("is not forgotten when a later run fails before it comes to that", async () => {
    scene = await openScene();
    const url = "envVars: [{ key: URL, fromDatabase: { name: main, property: host } }]";
    const asking = worker("api").replace("plan: starter", `plan: starter, ${url}`);
    await scene.write(`services:\n${asking}${database}`);
    await setFaults(scene, "drop-after-commit@POST /postgres#1,lag:3600@/postgres");
    await scene.apply();
    await scene.world.sleep(minute);
    await scene.apply();
    await scene.apply();
    expect(posts("/postgres")).toBe(1);
    expect((await scene.inventory()).pending).toMatchObject({ [main]: { creation: { at: start } } });
  });

  test("stays uncertain when the second creation is refused: the first may still show", async () => {
    scene = await openScene();
    await scene.write(file);
    await setFaults(scene, "drop-after-commit@POST /postgres#1,lag:3600@/postgres");
    await scene.apply();
    await scene.world.sleep(20 * minute);
    await setFaults(scene, "402@POST /postgres,lag:3600@/postgres");
    expect((await scene.apply()).verdict).toBe("failed");
    expect((await scene.inventory()).pending).toMatchObject({ [main]: { creation: { at: start } } });
    await setFaults(scene, "");
    expect((await scene.apply()).verdict).toBe("done");
    expect(ourRows(scene, "postgres")).toHaveLength(1);
  });
});

describe("where the API refuses a second one", () => {
  test("it is sent again after the minute, and the refusal says that it is there", async () => {
    scene = await openScene();
    await scene.write(`services:\n${worker("api")}`);
    await setFaults(scene, "drop-after-commit@POST /services#1,lag:90@/services");
    expect((await scene.apply()).verdict).toBe("done");
    expect(posts("/services")).toBe(2);
    expect(ourRows(scene, "services")).toHaveLength(1);
    await setFaults(scene, "");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("it makes no difference which refusal it chooses for that", async () => {
    scene = await openScene({ switches: { duplicateNameStatus: 400 } });
    await scene.write(`services:\n${worker("api")}`);
    await setFaults(scene, "drop-after-commit@POST /services#1,lag:90@/services");
    expect((await scene.apply()).verdict).toBe("done");
    expect(ourRows(scene, "services")).toHaveLength(1);
  });

  test.each([
    ["the refusal of a second one tells of it", ""],
    ["the second call is lost as well", ",reset-before@POST /services#1"],
  ])(
    "one of an earlier run, when %s, is found, and what the file says since is written to it",
    async (_, lost) => {
      scene = await openScene();
      await scene.write(`services:\n${worker("api")}`);
      await setFaults(scene, "lag:600@/services");
      expect(await new Mortal(scene, { at: "after-write", number: 1 }).apply(input)).toBe("died");
      await setFaults(scene, `lag:600@/services${lost}`);
      await scene.write(`services:\n${worker("api").replace("starter", "standard")}`);
      await scene.world.sleep(9 * minute);
      const report = await scene.apply();
      expect(report.results, "what it has is not what the file says now, and the run says so").toMatchObject([
        { step: "create render/service/api", status: "failed", problem: { code: "made-earlier" } },
      ]);
      expect(exitCodeOf(verdictOfRun(report))).toBe(1);
      await setFaults(scene, "");
      expect((await scene.apply({ adopt: false })).verdict).toBe("done");
      expect(ourRows(scene, "services")).toMatchObject([{ name: "api", plan: "standard" }]);
      expect((await scene.plan()).steps).toEqual([]);
    },
  );

  test("nobody finds it: it is uncertain, and not made with another name or owned without an id", async () => {
    scene = await openScene();
    await scene.write(`services:\n${worker("api")}`);
    await setFaults(scene, "drop-after-commit@POST /services#1,lag:36000@/services");
    const report = await scene.apply();
    expect(report.results).toMatchObject([{ status: "uncertain", problem: { code: "uncertain-create" } }]);
    expect((await scene.inventory()).resources).toEqual({});
  });
});

describe("what stood there before a creation is never what it made", () => {
  test("a database that somebody made while a person read the plan: nothing is made beside it", async () => {
    scene = await openScene();
    await scene.write(file);
    const body = {
      name: "main",
      ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
      plan: "basic_256mb",
      version: "18",
    };
    const deps: Deps = {
      ...scene.deps,
      confirm: async () => {
        await scene.edit("POST", "/postgres", body);
        return "yes";
      },
    };
    const report = await runApply({ ...input, yes: false }, deps);
    expect(report.problems).toMatchObject([{ code: "stale", address: main }]);
    expect(ourRows(scene, "postgres")).toHaveLength(1);
    expect((await scene.inventory()).resources).not.toHaveProperty([main]);
    expect(await scene.inventory()).not.toHaveProperty("pending");
  });

  test("a database that is gone and still in the list is not bound in place of the one that was lost", async () => {
    scene = await openScene();
    await scene.write(file);
    const body = {
      name: "main",
      ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
      plan: "basic_256mb",
      version: "18",
    };
    await setFaults(scene, "lag-deletes:3600@/postgres,reset-before@POST /postgres#1");
    let ghost = "";
    const deps: Deps = {
      ...scene.deps,
      confirm: async () => {
        ({ id: ghost } = (await scene.edit("POST", "/postgres", body)) as { readonly id: string });
        await scene.edit("DELETE", `/postgres/${ghost}`);
        return "yes";
      },
    };
    expect((await runApply({ ...input, yes: false }, deps)).verdict).toBe("failed");
    expect((await scene.inventory()).pending).toMatchObject({ [main]: { besides: [ghost] } });
    await scene.world.sleep(20 * minute);
    await scene.write(`services:\n${worker("api")}`);
    const dropped = (await scene.plan()).changes.find(({ address }) => address === main);
    expect(dropped?.action, "nor deleted in its place where the file drops it").not.toBe("delete");
    await scene.write(file);
    const plan = await scene.plan();
    expect(plan.changes.find(({ address }) => address === main)).toMatchObject({ action: "create" });
    expect((await scene.apply()).verdict).toBe("done");
    expect((await scene.inventory()).resources[main]!.id).not.toBe(ghost);
  });

  test("somebody's service that answers to the name after a lost creation that was never done stays theirs", async () => {
    scene = await openScene();
    await scene.write(`services:\n${worker("api")}`);
    const deps: Deps = {
      ...scene.deps,
      confirm: async () => {
        const made = {
          type: "background_worker",
          name: "api",
          ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
        };
        const serviceDetails = { runtime: "image", plan: "starter" };
        await scene.edit("POST", "/services", {
          ...made,
          image: { imagePath: "theirs", ownerId: made.ownerId },
          serviceDetails,
        });
        await setFaults(scene, "500@POST /services");
        return "yes";
      },
    };
    const report = await runApply({ ...input, yes: false }, deps);
    expect(report.problems).toMatchObject([{ code: "stale" }]);
    expect((await scene.inventory()).resources).toEqual({});
  });
});

describe("what was deleted a moment ago and is still in the list", () => {
  test("is not adopted when its block comes back at once", async () => {
    scene = await openScene();
    await scene.write(`services:\n${worker("api")}${worker("jobs")}${worker("more")}`);
    await scene.apply();
    await setFaults(scene, "lag-deletes:600");
    await scene.write(`services:\n${worker("jobs")}${worker("more")}`);
    await scene.apply();
    await scene.write(`services:\n${worker("api")}${worker("jobs")}${worker("more")}`);
    expect(
      (await scene.plan()).changes.find(({ address }) => address === "render/service/api"),
    ).toMatchObject({
      action: "create",
    });
    expect((await scene.apply({ adopt: false })).verdict).toBe("done");
    expect(new Set(ourRows(scene, "services").map((row) => row["name"]))).toEqual(
      new Set(["api", "jobs", "more"]),
    );
    expect(ourRows(scene, "services")).toHaveLength(3);
  });

  test("is deleted once when the answer was lost, and not missed by the next plan", async () => {
    scene = await openScene();
    await scene.write(`services:\n${worker("api")}${worker("jobs")}${worker("more")}`);
    await scene.apply();
    await scene.write(`services:\n${worker("jobs")}${worker("more")}`);
    await setFaults(scene, "drop-after-commit@DELETE /services/*#1,lag-deletes:600");
    expect((await scene.apply()).verdict).toBe("done");
    expect((await scene.plan()).steps).toEqual([]);
  });
});

test("a deploy that a list shows late is not asked for twice, and the one before it is not taken for it", async () => {
  scene = await openScene();
  const waiting = (level: string): string =>
    `services:\n${worker("api").replace("plan: starter", `plan: starter, lifecycle: { deploy: wait }, envVars: [{ key: LEVEL, value: ${level} }]`)}`;
  await scene.write(waiting("info"));
  await scene.apply();
  await scene.world.sleep(10 * minute);
  await scene.write(waiting("debug"));
  await setFaults(scene, "drop-after-commit@POST /services/*/deploys#1,lag:30");
  const before = scene.world.now();
  expect((await scene.apply()).verdict).toBe("done");
  expect(ourRows(scene, "services")[0]!["deploys"]).toHaveLength(2);
  expect(scene.world.now() - before).toBeGreaterThan(30_000);
});
