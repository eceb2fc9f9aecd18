import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { isPending } from "../../src/core/model/plan.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { openScene, type Scene } from "../scene.ts";

const root = fileURLToPath(new URL("../../examples/", import.meta.url));
let scene: Scene;
afterEach(() => scene.close());

/** The folder of an example in a scene of its own, with the variables that the files take values from. */
async function openExample(folder: string): Promise<void> {
  scene = await openScene({
    environment: { STRIPE_KEY: "sk_example", GHCR_TOKEN: "ghp_example" },
  });
  for (const name of await readdir(join(root, folder))) {
    await scene.write(await readFile(join(root, folder, name), "utf8"), name);
  }
}

/** Applied, and then there is nothing to do. */
async function applyExample(input: Parameters<Scene["apply"]>[0] = {}): Promise<RunReport> {
  const report = await scene.apply(input);
  // A cancel that waited for a limit and came too late is reported, and mended by the deploy that follows.
  expect(report.problems.filter(({ code }) => code !== "late-cancel")).toEqual([]);
  expect(report.verdict).toBe("done");
  const again = await scene.plan(input);
  expect(again.changes.filter(({ action }) => action !== "keep")).toEqual([]);
  expect(again.refusals).toEqual([]);
  expect(isPending(again)).toBe(false);
  return report;
}

function own(table: string): readonly { readonly [column: string]: unknown }[] {
  return scene.rows(table).filter(({ ownerId }) => ownerId === scene.simulator.env["RENDER_OWNER_ID"]);
}

test("every example is in the list, and has a test here", async () => {
  scene = await openScene();
  const folders = (await readdir(root, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.sort()).toEqual([
    "blueprint",
    "fleet",
    "overlays",
    "rendercad",
    "shop",
    "small",
    "workflows",
  ]);
  const list = await readFile(join(root, "README.md"), "utf8");
  for (const folder of folders) expect(list).toContain(`| [${folder}](`);
});

describe("applied, then planned again without a change", () => {
  test("small: one service", async () => {
    await openExample("small");
    await applyExample();
    expect(own("services").map(({ name }) => name)).toEqual(["hello"]);
  });

  test("rendercad: tokens and webhooks whose values are in the variables that take them", async () => {
    await openExample("rendercad");
    const { plan } = await applyExample();
    expect(plan.problems.filter(({ severity }) => severity !== "note")).toEqual([]);
    const variables = own("services").flatMap(
      ({ envVars }) => envVars as readonly { readonly key: string; readonly value: string }[],
    );
    const tokens = scene.rows("rendercad tokens").map(({ token }) => token);
    const delivered = variables.filter(({ key }) => key === "RENDERCAD_TOKEN").map(({ value }) => value);
    expect(delivered).toHaveLength(2);
    expect(delivered.every((value) => tokens.includes(value))).toBe(true);
  });

  test("shop: one of nearly everything, with nothing that the loader warns about", async () => {
    await openExample("shop");
    const { plan } = await applyExample();
    expect(plan.problems.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(own("services")).toHaveLength(5);
    expect(own("postgres")).toHaveLength(1);
    expect(own("webhooks")).toHaveLength(1);
  });

  test("fleet: forty services, twice the hourly limit", async () => {
    await openExample("fleet");
    const { took } = await applyExample();
    expect(own("services")).toHaveLength(40);
    expect(took).toBeGreaterThan(60 * 60_000);
    expect(scene.requests.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("blueprint: a render.yaml as it is", async () => {
    await openExample("blueprint");
    await applyExample();
    expect(own("services")).toMatchObject([{ name: "blog", runtime: "python", autoDeployTrigger: "off" }]);
    expect(own("keyValues")).toMatchObject([{ name: "blog-queue" }]);
  });

  test("overlays: staging and production of one base", async () => {
    await openExample("overlays");
    await applyExample({ overlays: ["staging.yaml"], label: "staging" });
    expect(own("services")).toMatchObject([{ name: "api", branch: "develop" }]);
    expect(own("postgres")).toMatchObject([{ name: "main", plan: "basic_256mb" }]);
    await scene.close();
    await openExample("overlays");
    await applyExample({ overlays: ["production.yaml"], label: "production" });
    expect(own("services")).toMatchObject([{ name: "api", branch: "main" }]);
    expect(own("postgres")).toMatchObject([{ name: "main", plan: "pro_8gb" }]);
  });
});
