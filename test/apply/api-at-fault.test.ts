import { afterEach, expect, test } from "vitest";
import { renderStepEnd, noProgress } from "../../src/views/run/progress.ts";
import { ourRows, setFaults } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const screen = { columns: 200, colour: false, unicode: true } as const;
const services = (count: number): string =>
  `services:\n${Array.from({ length: count }, (_, index) => `  - { type: worker, name: w${index}, runtime: node, plan: starter, buildCommand: b, startCommand: s }\n`).join("")}`;
const posts = (): number =>
  scene.requests.filter(({ method, path }) => method === "POST" && path === "/services").length;

test("a creation that the API answers with its own fault is sent twice and told both at once and at the end", async () => {
  scene = await openScene({ faults: "500@POST /services" });
  await scene.write(services(1));
  const report = await scene.apply();
  expect(report.verdict).toBe("failed");
  expect(posts()).toBe(2);
  expect(report.problems.filter(({ code }) => code === "sent-again")).toMatchObject([
    { severity: "warning", address: "render/service/w0" },
  ]);
  const told = scene.events.filter(({ event }) => event === "warning");
  expect(told).toHaveLength(1);
  expect(renderStepEnd(noProgress, told[0]!, screen)).toContain(
    "was answered with 500, and nothing of it is there",
  );
});

test("where every creation meets such a fault the hour is not spent on second tries, and later runs make what is missing", async () => {
  scene = await openScene({ faults: "503@POST /services" });
  await scene.write(services(10));
  const report = await scene.apply();
  expect(report.verdict).toBe("failed");
  expect(posts()).toBeLessThanOrEqual(10 + 3);
  expect(report.problems.filter(({ code }) => code === "sent-again").length).toBeLessThanOrEqual(3);
  await setFaults(scene, "");
  expect((await scene.apply()).verdict).toBe("done");
  expect(ourRows(scene, "services")).toHaveLength(10);
});

test("one fault in between is made good by the second try", async () => {
  scene = await openScene({ faults: "500@POST /services#2,500@POST /services#5" });
  await scene.write(services(6));
  const report = await scene.apply();
  expect(report.verdict).toBe("done");
  expect(posts()).toBe(8);
  expect(report.problems.map(({ code }) => code)).toEqual(["sent-again", "sent-again"]);
});
