import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Plan } from "../../src/core/model/plan.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ limits: "off" });
});
afterAll(() => scene.close());

const names = ["a", "b", "c", "d", "e"];

/** Services that refer to databases, groups and each other in any way, circles included. */
const blocks = fc.record({
  services: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      databases: fc.subarray(["main", "logs"]),
      groups: fc.subarray(["mail", "shared"]),
      peers: fc.subarray(names),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  ),
});
type Blocks = typeof blocks extends fc.Arbitrary<infer T> ? T : never;

function write({ services }: Blocks, reversed: boolean): string {
  const declared = services.map(({ name }) => name);
  const entries = ({ databases, groups, peers }: Blocks["services"][number]): string =>
    [
      ...databases.map((db) => `{key: DB_${db}, fromDatabase: {name: ${db}, property: connectionString}}`),
      ...groups.map((group) => `{fromGroup: ${group}}`),
      ...peers
        .filter((peer) => declared.includes(peer))
        .map(
          (peer) =>
            `{key: URL_${peer}, fromService: {type: web, name: ${peer}, envVarKey: RENDER_EXTERNAL_URL}}`,
        ),
    ].join(", ");
  const lines = services.map(
    (service) =>
      `  - {type: web, name: ${service.name}, runtime: node, plan: starter, buildCommand: "true", startCommand: "true", envVars: [${entries(service)}]}`,
  );
  const roots = [
    `services:\n${(reversed ? lines.toReversed() : lines).join("\n")}`,
    "databases:\n  - {name: main, plan: basic-256mb}\n  - {name: logs, plan: basic-256mb}",
    "envVarGroups:\n  - {name: mail, envVars: [{key: A, value: x}]}\n  - {name: shared, envVars: [{key: B, value: x}]}",
  ];
  return `${(reversed ? roots.toReversed() : roots).join("\n")}\n`;
}

async function planOf(text: string): Promise<Plan> {
  await scene.write(text);
  const plan = await scene.plan();
  expect(plan.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  return plan;
}

test("steps come after all they need, at most one deploy per service, and the file's order means nothing", async () => {
  await fc.assert(
    fc.asyncProperty(blocks, async (wanted) => {
      const plan = await planOf(write(wanted, false));
      const ids = plan.steps.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { id, needs } of plan.steps) {
        for (const need of needs) {
          expect(ids).toContain(need);
          expect(ids.indexOf(need)).toBeLessThan(ids.indexOf(id));
        }
      }
      for (const { name } of wanted.services) {
        const own = plan.steps.filter((step) => step.address === `render/service/${name}`);
        const deploys = own.filter((step) => step.step === "write" && step.verb === "deploy");
        const cancels = own.filter((step) => step.step === "write" && step.verb === "cancel");
        expect(deploys.length, "its own first deploy, or a cancelled one and one more").toBe(cancels.length);
        if (deploys.length > 0) expect(own.at(-1)).toBe(deploys[0]);
      }
      const turned = await planOf(write(wanted, true));
      expect(turned.hash).toBe(plan.hash);
      expect(turned.steps).toEqual(plan.steps);
    }),
    { numRuns: 40 },
  );
});
