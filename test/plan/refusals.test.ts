import { afterEach, describe, expect, test } from "vitest";
import type { Problem } from "../../src/core/base/problem.ts";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import { idNamed, ourRows, problemsOf, rowNamed, workspaceIds, writesOf } from "../observe.ts";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

async function openWith(text: string, options: SceneOptions = {}): Promise<void> {
  scene = await openScene(options);
  await scene.write(text);
}

async function apply(text: string, input: Partial<ApplyInput> = {}): Promise<void> {
  await scene.write(text);
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
}

/** Both ways to meet a refusal: the plan shows it, and an apply stops at it with nothing written. */
async function refusals(input: Partial<ApplyInput> = {}): Promise<readonly Problem[]> {
  const plan = await scene.plan(input);
  const sent = writesOf(scene).length;
  const state = await scene.inventory().catch(() => undefined);
  const report = await scene.apply(input);
  expect(report.verdict).toBe("refused");
  expect(report.problems).toEqual(expect.arrayContaining([...plan.refusals]));
  expect(report.results).toEqual([]);
  expect(writesOf(scene), "nothing was written to the account").toHaveLength(sent);
  expect(await scene.inventory().catch(() => undefined), "nor to the inventory").toEqual(state);
  return report.problems;
}

const worker = (name: string, more = ""): string =>
  `  - {type: worker, name: ${name}, runtime: node, plan: starter, buildCommand: "true", startCommand: "true"${more}}\n`;
const workers = (...names: readonly string[]): string =>
  `services:\n${names.map((name) => worker(name)).join("")}`;
const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `w${String(index + 1).padStart(2, "0")}`);
const database = (name: string, plan = "basic-256mb", more = ""): string =>
  `databases:\n  - {name: ${name}, plan: ${plan}, postgresMajorVersion: "18"${more}}\n`;

describe("deletions", () => {
  test("more than maxDeletes are refused, and --allow-deletes answers it", async () => {
    await openWith("");
    await apply(workers(...names(8)));
    await scene.write(workers(...names(2)));
    expect(await refusals()).toEqual([
      {
        code: "max-deletes",
        severity: "refusal",
        message:
          "The plan deletes from 6 addresses, more than maxDeletes (5): render/service/w03, render/service/w04, render/service/w05, render/service/w06, render/service/w07 and 1 more.",
        remedy: "If that is meant, run again with --allow-deletes 6.",
        answer: { flags: ["--allow-deletes 6"], word: "yes" },
      },
    ]);
    expect(await refusals({ allowDeletes: 5 })).toMatchObject([{ code: "max-deletes" }]);
    await apply(workers(...names(2)), { allowDeletes: 6 });
    expect(ourRows(scene, "services")).toHaveLength(2);
  });

  test("settings.guards moves the limit, and entries removed from one resource count once", async () => {
    await openWith("");
    const variables = (count: number): string =>
      `, envVars: [${names(count)
        .map((key) => `{key: ${key}, value: x}`)
        .join(", ")}]`;
    await apply(`services:\n${worker("one", variables(9))}${worker("two")}`);
    const guards = "settings: {guards: {maxDeletes: 1}}\n";
    await apply(`${guards}services:\n${worker("one", variables(1))}${worker("two")}`);
    await scene.write(`${guards}services:\n${worker("one")}`);
    expect(await refusals()).toMatchObject([
      {
        code: "max-deletes",
        message:
          "The plan deletes from 2 addresses, more than maxDeletes (1): render/service/one, render/service/two.",
      },
    ]);
  });

  test("more than maxDeleteShare of more than ten are refused", async () => {
    await openWith("");
    await apply(workers(...names(12)));
    await scene.write(workers(...names(8)));
    expect(await refusals()).toMatchObject([
      {
        code: "max-delete-share",
        message:
          "The plan deletes from 4 of 12 owned addresses (33 %), more than maxDeleteShare (30 %): render/service/w09, render/service/w10, render/service/w11, render/service/w12.",
        remedy: "If that is meant, run again with --allow-deletes 4.",
      },
    ]);
  });

  test("a file that lost all its blocks is refused", async () => {
    await openWith("");
    await apply(workers("one"));
    await scene.write("services: []\n");
    expect(await refusals()).toEqual([
      {
        code: "empty-file",
        severity: "refusal",
        message: "The file declares nothing, and 1 resource that it declared before would be deleted.",
        remedy:
          "Put the blocks back, or delete on purpose by leaving at least one block and giving --allow-deletes.",
      },
    ]);
  });

  test("a protected resource stays, also after its block is gone", async () => {
    await openWith("");
    await apply(workers("keeper", "other"));
    // Protecting what is there already changes nothing in the account, and holds all the same.
    await apply(`services:\n${worker("keeper", ", lifecycle: {protect: true}")}${worker("other")}`);
    await scene.write(`services:\n${worker("other")}`);
    expect(await refusals()).toEqual([
      {
        code: "protected",
        severity: "refusal",
        message: "render/service/keeper is protected and would be deleted.",
        remedy: "Put the block back; to let it go, first apply it once with lifecycle.protect: false.",
        address: "render/service/keeper",
      },
    ]);
    await apply(`services:\n${worker("keeper", ", lifecycle: {protect: false}")}${worker("other")}`);
    await apply(`services:\n${worker("other")}`);
    expect(ourRows(scene, "services").map((row) => row["name"])).toEqual(["other"]);
  });
});

describe("data", () => {
  test("replacing a database needs a word, by flag or by a date that has not passed", async () => {
    await openWith("");
    await apply(database("main", "basic-256mb", ", region: oregon"));
    const moved = database("main", "basic-256mb", ", region: frankfurt");
    await scene.write(moved);
    expect(await refusals()).toMatchObject([
      {
        code: "data-loss",
        severity: "refusal",
        message:
          "render/postgres/main must be replaced, because region cannot change, and its data is lost; it is exported to exports/ first.",
        remedy: "Put the old value back, or agree to it with --allow-data-loss render/postgres/main.",
        address: "render/postgres/main",
        where: { file: "trueup.yaml", line: 2 },
      },
    ]);
    const until = (date: string): string =>
      database("main", "basic-256mb", `, region: frankfurt, lifecycle: {allowDataLoss: "${date}"}`);
    await scene.write(until("2026-11-21"));
    expect(await refusals()).toMatchObject([{ code: "data-loss" }]);
    await scene.write(until("2026-11-22"));
    expect((await scene.plan()).refusals).toEqual([]);
    await apply(moved, { allowDataLoss: ["render/postgres/main"], noExport: true });
    expect(rowNamed(scene, "postgres", "main")["region"]).toBe("frankfurt");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a replaced database is wired anew in the same run", async () => {
    await openWith("");
    const shop = (region: string): string => `
services:
${worker("jobs", ", envVars: [{key: DATABASE_URL, fromDatabase: {name: main, property: connectionString}}]")}
${database("main", "basic-256mb", `, region: ${region}`)}`;
    await apply(shop("oregon"));
    const before = idNamed(scene, "postgres", "main");
    await apply(shop("frankfurt"), { allowDataLoss: ["render/postgres/main"], noExport: true });
    const after = idNamed(scene, "postgres", "main");
    expect(after).not.toBe(before);
    expect(rowNamed(scene, "services", "jobs")["envVars"]).toMatchObject([
      { key: "DATABASE_URL", value: expect.stringContaining(after) as string },
    ]);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a disk that would shrink is refused, because no API does it", async () => {
    await openWith("");
    await apply(database("main", "basic-1gb", ", diskSizeGB: 20"));
    await scene.write(database("main", "basic-1gb", ", diskSizeGB: 10"));
    expect(await refusals()).toEqual([
      {
        code: "disk-shrink",
        severity: "refusal",
        message: "diskSizeGB of render/postgres/main is 20 and would become 10; it can only grow.",
        remedy: "Write 20 or more.",
        where: { file: "trueup.yaml", line: 2, column: 63 },
        address: "render/postgres/main",
      },
    ]);
  });
});

describe("creation", () => {
  test("a git service without a repository is refused, and any of three places answers it", async () => {
    await openWith(workers("jobs"));
    const none = { repo: undefined as unknown as string };
    expect(await refusals(none)).toMatchObject([
      {
        code: "repo-unknown",
        severity: "refusal",
        message: "render/service/jobs is built from a repository, and none is given.",
        remedy: "Write repo: in its block or repository: at the root, or give --repo URL.",
        address: "render/service/jobs",
      },
    ]);
    await scene.write(`repository: https://github.com/acme/root\n${workers("jobs")}`);
    expect((await scene.plan(none)).refusals).toEqual([]);
    await scene.write(`services:\n${worker("jobs", ", repo: https://github.com/acme/own")}`);
    expect((await scene.plan(none)).refusals).toEqual([]);
    await apply(workers("jobs"), { repo: "https://github.com/acme/flag" });
    expect(rowNamed(scene, "services", "jobs")["repo"]).toBe("https://github.com/acme/flag");
    expect((await scene.plan(none)).refusals, "needed at creation only").toEqual([]);
  });

  test("the origin of the checkout is the last resort", async () => {
    await openWith(workers("jobs"), { origin: "https://github.com/acme/checkout" });
    await apply(workers("jobs"), { repo: undefined as unknown as string });
    expect(rowNamed(scene, "services", "jobs")["repo"]).toBe("https://github.com/acme/checkout");
  });

  test("a new free web service is made; with what only a paid plan has it is refused before any write", async () => {
    const hobby = (more: string) =>
      `services: [{ type: web, name: hobby, runtime: node, plan: free, buildCommand: b, startCommand: s${more} }]`;
    for (const more of [
      "preDeployCommand: p",
      "numInstances: 2",
      "scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50 }",
    ]) {
      await openWith(hobby(`, ${more}`));
      expect(await refusals()).toMatchObject([{ code: "not-on-free", address: "render/service/hobby" }]);
      await scene.close();
    }
    await openWith(hobby(", numInstances: 1"));
    expect((await scene.apply()).verdict).toBe("done");
    expect(rowNamed(scene, "services", "hobby")["plan"]).toBe("free");
    expect((await scene.plan()).changes.map(({ action }) => action)).toEqual(["keep"]);
  });

  test("an account that makes no free services says so by the API's own sentence", async () => {
    await openWith(
      "services: [{ type: web, name: hobby, runtime: node, plan: free, buildCommand: b, startCommand: s }]",
      { switches: { freeServices: false } },
    );
    const { verdict, problems } = await scene.apply();
    expect(verdict).toBe("failed");
    expect(problems).toMatchObject([
      {
        code: "rejected",
        message:
          "POST /services answered 400: free web services cannot be created through the API: use the dashboard.",
      },
    ]);
    expect(scene.rows("services")).toEqual([]);
  });
});

describe("identity", () => {
  test("adopting needs --adopt where nobody looks at the plan", async () => {
    await openWith(workers("jobs"));
    await scene.edit("POST", "/services", {
      type: "background_worker",
      name: "jobs",
      ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
      repo: "https://github.com/acme/app",
      serviceDetails: {
        runtime: "node",
        plan: "starter",
        envSpecificDetails: { buildCommand: "true", startCommand: "true" },
      },
    });
    const plan = await scene.plan();
    expect(plan.changes).toMatchObject([{ action: "adopt", address: "render/service/jobs" }]);
    expect(plan.refusals).toEqual([]);
    const report = await scene.apply();
    expect(report.verdict).toBe("refused");
    expect(report.problems).toMatchObject([
      {
        code: "adopt",
        severity: "refusal",
        message:
          "render/service/jobs exists already and is not owned yet; adopting it means that removing it from the file deletes it.",
        remedy: "Look at the plan, then run again with --adopt.",
        address: "render/service/jobs",
      },
    ]);
    await apply(workers("jobs"), { adopt: true });
    expect(writesOf(scene)).toEqual([]);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("two live objects of one name are refused with both ids", async () => {
    await openWith(database("main"));
    type Made = { readonly id: string; readonly createdAt: string };
    const make = async (): Promise<Made> => {
      const made = await scene.edit("POST", "/postgres", {
        name: "main",
        ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
        plan: "basic_256mb",
        version: "18",
      });
      return made as Made;
    };
    const made = [await make(), await make()];
    const [first, second] = made.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)) as [Made, Made];
    const tell = ({ id, createdAt }: Made): string => `${id} (created ${createdAt.slice(0, 19)}Z)`;
    expect((await refusals())[0]).toMatchObject({
      code: "ambiguous-name",
      severity: "refusal",
      message: `There are 2 objects of kind Postgres database named main: ${tell(first)}, ${tell(second)}.`,
      remedy: `Say which one is meant: trueup state adopt render/postgres/main ${first.id} or trueup state adopt render/postgres/main ${second.id}. Or rename or delete all but one in the dashboard.`,
      address: "render/postgres/main",
    });
    expect(ourRows(scene, "postgres")).toHaveLength(2);
  });

  test("a state of another workspace is refused", async () => {
    await openWith("");
    await apply(workers("jobs"));
    const [main, second] = workspaceIds(scene);
    await scene.write(`workspace: ${second!}\n${workers("jobs")}`);
    const sent = scene.requests.length;
    const wrong = [
      {
        code: "wrong-workspace",
        severity: "refusal",
        message: `This state belongs to the workspace ${main!}, and the run is against ${second!}.`,
        remedy:
          "Use the right key or workspace, or another --label for another workspace. If an earlier version bound it to a simulator, move the label's folder away: trueup plan --adopt begins anew.",
      },
    ];
    expect(await problemsOf(scene.plan())).toEqual(wrong);
    expect(await problemsOf(scene.apply())).toEqual(wrong);
    expect(scene.requests.slice(sent), "before anything is read").toEqual([]);
  });
});

test("TRUEUP_READ_ONLY makes the write client unconstructible", async () => {
  await openWith(workers("jobs"), { environment: { TRUEUP_READ_ONLY: "1" } });
  expect(await problemsOf(scene.apply())).toEqual([
    {
      code: "read-only",
      severity: "refusal",
      message: "TRUEUP_READ_ONLY is set, so nothing is written.",
      remedy: "Unset it to write.",
    },
  ]);
  expect(writesOf(scene)).toEqual([]);
});
