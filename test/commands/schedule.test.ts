import { afterEach, expect, test } from "vitest";
import { windowOf } from "../../src/core/schedule/window-count.ts";
import { openScene, start, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const worker = (name: string, variables = ""): string =>
  `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter${variables} }`;
const url = ", envVars: [{ key: URL, fromDatabase: { name: main, property: connectionString } }]";
/** Twenty-two that need nothing come first by name; the database, and what needs it, last. */
const file = `
services:
${Array.from({ length: 22 }, (_, index) => worker(`alone-${String(index).padStart(2, "0")}`)).join("\n")}
${worker("zebra", url)}
databases:
  - { name: main, plan: basic-256mb, postgresMajorVersion: "18" }
`;

test("the run starts in the windows that the schedule says, the most urgent first", async () => {
  scene = await openScene({ latencyMs: 600 });
  await scene.write(file);
  const plan = await scene.plan();
  const { slots, waves, tightest } = plan.schedule;
  expect(waves.map(({ budget }) => budget)).toEqual([undefined, "render/create"]);
  expect(tightest).toBe("render/create");
  expect(plan.schedule.order[0]).toBe("create render/postgres/main");
  const report = await scene.apply();
  expect(report.verdict).toBe("done");
  expect(scene.requests.filter(({ status }) => status === 429)).toEqual([]);
  const began = new Map(
    scene.events.flatMap((event) => (event.event === "step-began" ? [[event.step, event.at]] : [])),
  );
  const hourOf = (at: number): number => windowOf("render/create", start + at).startsAt;
  const planned = report.plan.schedule.slots.filter(({ step }) => step.startsWith("create"));
  expect(planned.map(({ step, start: at }) => [step, hourOf(at)])).toEqual(
    planned.map(({ step }) => [step, hourOf(began.get(step)!)]),
  );
  expect(slots.length).toBe(began.size);
  const last =
    Math.max(...scene.requests.filter(({ method }) => method === "POST").map(({ t }) => t)) - start;
  expect(Math.abs(last - report.plan.schedule.end)).toBeLessThan(60_000);
});
