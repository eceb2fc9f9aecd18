import { afterEach, expect, test } from "vitest";
import type { Plan } from "../../src/core/model/plan.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const worker = (name: string, more = ""): string =>
  `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter${more} }\n`;

/** What is planned when the file changes from one text to another: what is sent first by luck says nothing of what has to be. */
async function planFrom(before: string, after: string): Promise<Plan> {
  scene = await openScene();
  await scene.write(before);
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write(after);
  return scene.plan();
}

const needsOf = ({ steps }: Plan, id: string): readonly string[] =>
  steps.find((step) => step.id === id)?.needs ?? [`no step ${id}`];

test("a database is copied and deleted after everything that refers to it is gone", async () => {
  const uses = ", envVars: [{ key: DB, fromDatabase: { name: main, property: connectionString } }]";
  const stays = worker("stays");
  const plan = await planFrom(
    `services:\n${stays}${worker("a", uses)}${worker("z", uses)}databases: [{ name: main, plan: basic-256mb }]\n`,
    `services:\n${stays}`,
  );
  const last = plan.steps.filter(({ address }) => address === "render/postgres/main");
  expect(last.map(({ id }) => id)).toContain("delete render/postgres/main");
  for (const { id } of last.filter((step) => step.step === "write"))
    expect(needsOf(plan, id)).toEqual(
      expect.arrayContaining(["delete render/service/a", "delete render/service/z"]),
    );
});

test("a service gets more instances after its disk is gone", async () => {
  const plan = await planFrom(
    `services:\n${worker("q", ", disk: { name: data, mountPath: /data }")}`,
    `services:\n${worker("q", ", numInstances: 2")}`,
  );
  const scaling = plan.steps.filter(
    (step) => step.step === "write" && step.verb === "update" && step.fields.includes("numInstances"),
  );
  expect(scaling).toHaveLength(1);
  expect(scaling[0]!.needs).toContain("delete render/disk/q");
});

test("a domain that came with another one is made again after that one is deleted", async () => {
  const web = (domains: string): string =>
    `services: [{ type: web, name: api, runtime: image, image: { url: nginx }, plan: starter, domains: [${domains}] }]\n`;
  const plan = await planFrom(web("acme.dev, www.acme.dev"), web("www.acme.dev"));
  expect(needsOf(plan, "create render/custom-domain/www.acme.dev")).toContain(
    "delete render/custom-domain/acme.dev",
  );
});
