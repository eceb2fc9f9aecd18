import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { runPlan } from "../../src/commands/plan.ts";
import type { Inventory } from "../../src/core/model/inventory.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { documentNames } from "../../src/store/base/documents.ts";
import { makeMemory, openMemoryStore } from "../../src/store/partition/memory-store.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";
import { commitAll, namesIn, openRepository, workers } from "./owning.ts";

let scene: Scene;
const folders: string[] = [];
afterEach(async () => {
  await scene.close();
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

const free = { allowDeletes: 9, adopt: true };

/** Several checkouts that keep one state together, wherever it lies. */
type Shared = {
  /** A folder, and the commands as they run in it. */
  open(): Promise<Checkout>;
  inventory(): Inventory;
};
type Checkout = Pick<Scene, "write" | "folder"> & {
  apply(input?: Partial<typeof planDefaults>): Promise<RunReport>;
  plan(input?: Partial<typeof planDefaults>): ReturnType<typeof runPlan>;
  deps: Deps;
};

async function openShared(): Promise<Shared> {
  scene = await openScene();
  const memory = makeMemory();
  const store = openMemoryStore(memory, { world: scene.world });
  return {
    async open() {
      const folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
      folders.push(folder);
      const deps: Deps = { ...scene.deps, folder, wrapStore: () => store };
      return {
        folder,
        deps,
        write: (text, name = "trueup.yaml") => scene.write(text, join("..", folder.split("/").at(-1)!, name)),
        apply: (input = {}) => runApply({ ...planDefaults, yes: true, ...free, ...input }, deps),
        plan: (input = {}) => runPlan({ ...planDefaults, adopt: null, ...input }, deps),
      };
    },
    inventory: () => JSON.parse(memory.documents.get(documentNames.inventory) ?? "{}") as Inventory,
  };
}

test("two repositories that share a state are told apart, also where their files have one name", async () => {
  const shared = await openShared();
  const [app, web] = [await shared.open(), await shared.open()];
  const ofApp = await openRepository(app, "https://github.com/acme/app");
  const ofWeb = await openRepository(web, "https://github.com/acme/web");
  await app.write(workers("api", "cron"));
  await commitAll(ofApp);
  await web.write(workers("site"));
  await commitAll(ofWeb);
  expect((await app.apply()).verdict).toBe("done");
  const { verdict, plan } = await web.apply();
  expect(verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api", "cron", "site"]);
  expect(plan.problems).toMatchObject([
    {
      code: "file-elsewhere",
      message: expect.stringContaining("github.com/acme/app//trueup.yaml") as string,
    },
  ]);
  await app.write(workers("api"));
  await commitAll(ofApp);
  await app.apply();
  expect(namesIn(scene)).toEqual(["api", "site"]);
});

test("what the other repository declares is refused, because nobody here can look at its file", async () => {
  const shared = await openShared();
  const [app, web] = [await shared.open(), await shared.open()];
  await commitAll(await openRepository(app, "https://github.com/acme/app"));
  await commitAll(await openRepository(web, "https://github.com/acme/web"), "another start");
  await app.write(workers("api"));
  await app.apply();
  await web.write(workers("site", "api"));
  const { verdict, plan } = await web.apply();
  expect([verdict, plan.refusals.map(({ code }) => code)]).toEqual(["refused", ["other-files"]]);
});

test("a repository that moved to another host takes over what its file declares, and leaves what it dropped", async () => {
  const shared = await openShared();
  const app = await shared.open();
  const git = await openRepository(app, "https://github.com/acme/app");
  await app.write(workers("api", "cron"));
  await commitAll(git);
  await app.apply();
  await git("remote", "set-url", "origin", "git@gitlab.com:acme/app.git");
  await app.write(workers("api"));
  await commitAll(git);
  expect((await app.apply()).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api", "cron"]);
  expect(shared.inventory().resources["render/service/api"]?.file).toBe("gitlab.com/acme/app//trueup.yaml");
});

test("where git cannot be asked, a file is the one at its place, and nothing counts as gone", async () => {
  const shared = await openShared();
  const app = await shared.open();
  const git = await openRepository(app, "https://github.com/acme/app");
  await app.write(workers("api", "cron"));
  await app.write(workers("site"), "b.yaml");
  await commitAll(git);
  await app.apply({ files: ["trueup.yaml", "b.yaml"] });
  await rm(join(app.folder, "b.yaml"));
  await app.write(workers("api"));
  const { checkouts } = app.deps;
  const unreadable = { unreadable: "fatal: detected dubious ownership in repository" };
  const deps: Deps = { ...app.deps, checkouts: { ...checkouts, openCheckout: async () => unreadable } };
  const { verdict, plan } = await runApply({ ...planDefaults, yes: true, ...free }, deps);
  expect(verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api", "site"]);
  expect(plan.problems.map(({ code }) => code).sort()).toEqual(["file-lost", "repository-unreadable"]);
  const { file } = shared.inventory().resources["render/service/api"]!;
  expect(file).toBe("github.com/acme/app//trueup.yaml");
  expect(shared.inventory().files[file!]?.commit).toBeDefined();
});

test("files that were copied without their repository are the same files", async () => {
  const shared = await openShared();
  const [app, image] = [await shared.open(), await shared.open()];
  const git = await openRepository(app, "https://github.com/acme/app");
  await app.write(workers("api", "cron"));
  await commitAll(git);
  await app.apply();
  await image.write(workers("api"));
  expect((await image.apply()).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api"]);
  await app.write(workers("api"));
  await commitAll(git);
  expect((await app.plan()).steps).toEqual([]);
});
