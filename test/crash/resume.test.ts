import { afterEach, beforeEach, expect, test } from "vitest";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import { problemsOf, rowNamed, variablesOf, writesOf } from "../observe.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";
import { Mortal, type Cut } from "./mortal.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const input: ApplyInput = { ...planDefaults, yes: true };

const shop = (level: string, more = ""): string => `
services:
${["api", "jobs"]
  .map(
    (name) => `
  - type: worker
    name: ${name}
    runtime: image
    image: { url: nginx }
    plan: starter
    envVars:
      - { key: LEVEL, value: ${level} }
      - { key: MODE, value: ${level} }
`,
  )
  .join("")}${more}`;

async function killed(cut: Cut): Promise<void> {
  expect(await new Mortal(scene, cut).apply(input)).toBe("died");
}

/** Another process: it sees that the first is gone. */
async function resume(): ReturnType<Scene["apply"]> {
  const report = await new Mortal(scene).apply({ ...input, yes: false, resume: true });
  if (report === "died") throw new Error("nobody killed this run");
  return report;
}

test("a killed run is carried on with the plan that was approved, without asking again", async () => {
  await scene.write(shop("info"));
  await scene.apply();
  await scene.write(shop("debug"));
  await killed({ at: "after-write", number: 2 });
  const report = await resume();
  expect(report).toMatchObject({ verdict: "done", problems: [] });
  expect([variablesOf(scene, "api"), variablesOf(scene, "jobs")]).toEqual([
    { LEVEL: "debug", MODE: "debug" },
    { LEVEL: "debug", MODE: "debug" },
  ]);
  for (const name of ["api", "jobs"]) expect(rowNamed(scene, "services", name)["deploys"]).toHaveLength(2);
  expect((await scene.plan()).steps).toEqual([]);
  expect(await problemsOf(resume())).toMatchObject([{ code: "nothing-to-resume" }]);
});

test("what the file asks since then is no part of it, and is said", async () => {
  await scene.write(shop("info"));
  await scene.apply();
  await scene.write(shop("debug"));
  await killed({ at: "before-write", number: 1 });
  const other = "  - { type: worker, name: other, runtime: image, image: { url: nginx }, plan: starter }\n";
  await scene.write(shop("debug", other));
  const report = await resume();
  expect(report.verdict).toBe("done");
  expect(report.plan.problems).toMatchObject([
    { code: "not-approved", address: "render/service/other", severity: "warning" },
  ]);
  expect(variablesOf(scene, "api")).toEqual({ LEVEL: "debug", MODE: "debug" });
  expect((await scene.plan()).steps.map((step) => step.id)).toEqual(["create render/service/other"]);
});

test("a value that the file changed since then is not written", async () => {
  await scene.write(shop("info"));
  await scene.apply();
  await scene.write(shop("debug"));
  await killed({ at: "before-write", number: 1 });
  await scene.write(shop("trace"));
  const report = await resume();
  expect(report.plan.problems.map((one) => one.code)).toEqual(
    Array.from({ length: 4 }, () => "not-approved"),
  );
  expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info", MODE: "info" });
});

test("what somebody changed in between is stale: it is left, reported, and the approval stays", async () => {
  await scene.write(shop("info"));
  await scene.apply();
  await scene.write(shop("debug"));
  await killed({ at: "before-write", number: 1 });
  const { id } = rowNamed(scene, "services", "api") as { readonly id: string };
  await scene.edit("PUT", `/services/${id}/env-vars/LEVEL`, { value: "theirs" });
  const report = await resume();
  expect(report.verdict).toBe("failed");
  expect(report.problems).toMatchObject([{ code: "stale", address: "render/service/api" }]);
  expect(variablesOf(scene, "api")).toEqual({ LEVEL: "theirs", MODE: "debug" });
  expect(variablesOf(scene, "jobs")).toEqual({ LEVEL: "debug", MODE: "debug" });
  expect(await scene.read("state/default/plan.json")).toContain("trueup approval");
});

test("a plain apply says that there is one, and takes its place", async () => {
  await scene.write(shop("info"));
  await scene.apply();
  await scene.write(shop("debug"));
  await killed({ at: "before-write", number: 2 });
  const report = await new Mortal(scene).apply(input);
  if (report === "died") throw new Error("nobody killed this run");
  expect(report.plan.problems).toMatchObject([{ code: "unfinished-run", severity: "note" }]);
  expect(report.verdict).toBe("done");
  expect(await problemsOf(resume())).toMatchObject([{ code: "nothing-to-resume" }]);
});

test("the flags that were agreed to hold for the rest", async () => {
  const six = Array.from(
    { length: 6 },
    (_, index) =>
      `  - { type: worker, name: extra-${index}, runtime: image, image: { url: nginx }, plan: starter }\n`,
  );
  await scene.write(shop("info", six.join("")));
  await scene.apply();
  await scene.write(shop("info"));
  expect(
    await new Mortal(scene, { at: "before-write", number: 1 }).apply({ ...input, allowDeletes: 6 }),
  ).toBe("died");
  const report = await resume();
  expect(report.verdict).toBe("done");
  expect(writesOf(scene).filter((line) => line.startsWith("DELETE"))).toHaveLength(6);
});

test("nothing of a value is in the approved plan that is kept", async () => {
  const secret = "hunter2-very-secret";
  await scene.close();
  scene = await openScene({ environment: { PASSWORD: secret } });
  await scene.write(
    shop("info", "").replaceAll("{ key: MODE, value: info }", "{ key: MODE, fromEnvironment: PASSWORD }"),
  );
  await killed({ at: "after-write", number: 1 });
  expect(await scene.read("state/default/plan.json")).not.toContain(secret);
});

test("an approval of which nothing is left is gone after a plan of everything that has nothing to do", async () => {
  await scene.write(shop("info"));
  await scene.apply();
  await scene.write(shop("debug"));
  await killed({ at: "append", number: 2 });
  await scene.write(shop("info"));
  const only = { ...input, targets: ["render/service/api"] };
  expect(await new Mortal(scene).apply(only)).toMatchObject({ verdict: "done" });
  expect(await scene.read("state/default/plan.json")).toContain("trueup approval");
  expect(await new Mortal(scene).apply(input)).toMatchObject({ verdict: "done" });
  await expect(scene.read("state/default/plan.json")).rejects.toThrow("ENOENT");
});
