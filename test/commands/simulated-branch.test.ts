import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import { runPlan } from "../../src/commands/plan.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";
import { key } from "../store/contract.ts";
import { makeRepository, readBranch, type Repository } from "../store/repository.ts";

/** One checkout whose state lies on a branch, a real account and a simulator that says that it is one. */
let repository: Repository;
let checkout: string;
let real: Scene;
let simulated: Scene;
beforeAll(async () => {
  repository = await makeRepository();
  checkout = await repository.checkOut();
  const environment = { PATH: process.env["PATH"], HOME: repository.folder, TRUEUP_STATE_KEY: key };
  real = await openScene({ environment, seed: 7 });
  simulated = await openScene({
    environment,
    seed: 8,
    send: (send) => async (request) => {
      const answer = await send(request);
      return { ...answer, headers: { ...answer.headers, "trueup-simulator": "tried" } };
    },
  });
  await writeFile(
    join(checkout, "trueup.yaml"),
    `state: {backend: git, branch: trueup-state}
services: [{type: web, name: api, runtime: image, image: {url: nginx}, plan: starter}]
`,
  );
});
afterAll(async () => {
  await Promise.all([real.close(), simulated.close(), repository.close()]);
});

const depsOf = (scene: Scene): Deps => ({ ...scene.deps, folder: checkout });
const apply = (scene: Scene) => runApply({ ...planDefaults, yes: true }, depsOf(scene));
const plan = (scene: Scene, label?: string) =>
  runPlan({ ...planDefaults, adopt: true, ...(label !== undefined && { label }) }, depsOf(scene));
const listBranch = async (): Promise<readonly string[]> => {
  const listed = await repository.git(repository.remote, "ls-tree", "-r", "--name-only", "trueup-state");
  return listed.trim().split("\n");
};
const workspaceAt = async (folder: string): Promise<unknown> => {
  const text = await readBranch(repository, "trueup-state", `${folder}/inventory.json`);
  return (JSON.parse(text ?? "{}") as { readonly workspace?: string }).workspace;
};

test("a simulator's state on a branch lies apart, whichever of the two accounts is applied first", async () => {
  expect((await apply(simulated)).verdict).toBe("done");
  expect(
    (await listBranch()).filter((path) => !/^(?:README\.md|\.simulator\/tried\/default\/)/u.test(path)),
  ).toEqual([]);
  expect((await plan(real)).changes, "the real account's plan meets nothing of it").toMatchObject([
    { address: "render/service/api", action: "create" },
  ]);
  expect((await apply(real)).verdict).toBe("done");
  expect(await workspaceAt("default")).toBe(real.simulator.env["RENDER_OWNER_ID"]);
  expect(await workspaceAt(".simulator/tried/default")).toBe(simulated.simulator.env["RENDER_OWNER_ID"]);
  for (const scene of [real, simulated]) {
    expect(scene.rows("services")).toHaveLength(1);
    expect((await plan(scene)).steps).toEqual([]);
  }
});

test("a second label of the one account meets the first label of that account alone", async () => {
  for (const scene of [real, simulated]) {
    const [own] = scene.rows("services");
    expect((await plan(scene, "other")).refusals).toMatchObject([
      { code: "owned-elsewhere", message: expect.stringContaining(own!["id"] as string) as string },
    ]);
  }
});
