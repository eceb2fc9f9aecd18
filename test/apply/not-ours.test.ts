import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { makeLiar } from "../odd-answers.ts";
import { idNamed, rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
const liar = makeLiar();
beforeEach(async () => {
  liar.lie = undefined;
  scene = await openScene({ send: liar.send });
});
afterEach(() => scene.close());

async function apply(text: string): Promise<void> {
  await scene.write(text);
  const report = await scene.apply();
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
}

const api = (more: string): string =>
  `services: [{ type: web, name: api, runtime: node, plan: starter, buildCommand: b, startCommand: s${more} }]\n`;

test.each([
  {
    declared: "paths: [src/**]",
    moved: "paths: [lib/**]",
    left: { paths: ["lib/**"], ignoredPaths: ["docs/**"] },
  },
  {
    declared: "ignoredPaths: [docs/**]",
    moved: "ignoredPaths: [wiki/**]",
    left: { paths: ["src/**"], ignoredPaths: ["wiki/**"] },
  },
])(
  "the list of a build filter that the file does not name stays: $moved",
  async ({ declared, moved, left }) => {
    await apply(api(`, buildFilter: { ${declared} }`));
    await scene.edit("PATCH", `/services/${idNamed(scene, "services", "api")}`, {
      buildFilter: { paths: ["src/**"], ignoredPaths: ["docs/**"] },
    });
    await apply(api(`, buildFilter: { ${moved} }`));
    expect(rowNamed(scene, "services", "api")["buildFilter"]).toEqual(left);
    expect((await scene.plan()).steps).toEqual([]);
  },
);

/** Every service is shown with this parent server, whatever the query said of previews. */
function showParent(parentServer: Json): void {
  liar.lie = (object) => {
    if (typeof object["serviceDetails"] === "object")
      Object.assign(object["serviceDetails"] as object, { parentServer });
  };
}

test("a preview that is listed all the same is nobody's match; a parent that is null is none", async () => {
  await scene.edit("POST", "/services", {
    type: "web_service",
    name: "api",
    ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
    repo: "https://github.com/acme/app",
    serviceDetails: {
      runtime: "node",
      plan: "starter",
      envSpecificDetails: { buildCommand: "b", startCommand: "s" },
    },
  });
  await scene.write(api(""));
  const action = async (): Promise<unknown> => (await scene.plan()).changes.map((change) => change.action);
  expect(await action()).toEqual(["adopt"]);
  showParent({ id: "srv-parent", name: "api" });
  expect(await action()).toEqual(["create"]);
  showParent(null);
  expect(await action()).toEqual(["adopt"]);
});
