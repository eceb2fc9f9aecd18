import { afterEach, expect, test } from "vitest";
import { byText } from "../../../src/core/base/address.ts";
import { Mortal } from "../../crash/mortal.ts";
import { input } from "../../crash/course.ts";
import { ourRows } from "../../observe.ts";
import { openScene, type Scene } from "../../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const worker = (name: string, more = ""): string =>
  `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter${more} }\n`;
const names = (): readonly string[] =>
  ourRows(scene, "services")
    .map((row) => row["name"] as string)
    .sort(byText);
const leftOut = (problems: readonly { readonly code: string; readonly address?: string }[]) =>
  problems.flatMap(({ code, address }) => (code === "left-out" ? [address] : []));

test("what is protected stays, the rest is done, and a warning says which was left out and why", async () => {
  scene = await openScene();
  await scene.write(`services:\n${worker("kept", ", lifecycle: { protect: true }")}${worker("old")}`);
  await scene.apply();
  await scene.write(`services:\n${worker("new").replace("nginx", "redis")}`);
  expect((await scene.apply()).verdict).toBe("refused");
  const report = await scene.apply({ skipRefused: true });
  expect(report).toMatchObject({ verdict: "done", plan: { refusals: [] } });
  expect(names()).toEqual(["kept", "new"]);
  expect(report.plan.problems.filter(({ code }) => code === "left-out")).toMatchObject([
    {
      severity: "warning",
      code: "left-out",
      address: "render/service/kept",
      message:
        "render/service/kept is left out: it is refused. render/service/kept is protected and would be deleted.",
    },
  ]);
  expect((await scene.plan()).refusals, "without the flag it is refused still").toMatchObject([
    { code: "protected" },
  ]);
});

test("what exists and is not agreed to be adopted is left out, and the rest is done", async () => {
  scene = await openScene();
  await scene.write(`services:\n${worker("theirs")}`);
  await scene.apply({ label: "other" });
  await scene.write(`services:\n${worker("theirs")}${worker("alone")}`);
  const report = await scene.apply({ skipRefused: true });
  expect(report.verdict).toBe("done");
  expect(leftOut(report.plan.problems)).toEqual(["render/service/theirs"]);
  expect(names()).toEqual(["alone", "theirs"]);
  expect(Object.keys((await scene.inventory()).resources)).toEqual(["render/service/alone"]);
});

test("a new one that needs a refused one is not made", async () => {
  scene = await openScene();
  const old = "  - { type: web, name: front, runtime: image, image: { url: nginx }, plan: starter plus }\n";
  const host = ", envVars: [{ key: HOST, fromService: { type: web, name: front, property: host } }]";
  await scene.write(`services:\n${old}${worker("behind", host)}${worker("alone")}`);
  const plan = await scene.plan();
  expect(plan.refusals.map(({ address }) => address)).toEqual(["render/service/front"]);
  const report = await scene.apply({ skipRefused: true });
  expect(report.verdict).toBe("done");
  expect(names()).toEqual(["alone"]);
  expect(leftOut(report.plan.problems)).toEqual(["render/service/front", "render/service/behind"]);
  expect(report.plan.problems.find(({ address }) => address === "render/service/behind")?.message).toBe(
    "render/service/behind is left out: it depends on render/service/front, which is left out.",
  );
});

test("a refusal of the plan as a whole is not skipped", async () => {
  scene = await openScene();
  await scene.write(`services:\n${["a", "b", "c"].map((name) => worker(name)).join("")}`);
  await scene.apply();
  await scene.write(`settings: { guards: { maxDeletes: 1 } }\nservices:\n${worker("a")}`);
  expect(await scene.apply({ skipRefused: true })).toMatchObject({
    verdict: "refused",
    problems: [{ code: "max-deletes" }],
  });
  expect(names()).toEqual(["a", "b", "c"]);
});

test("guards count what is left: a deletion that is left out makes room for the others", async () => {
  scene = await openScene();
  const guards = "settings: { guards: { maxDeletes: 1 } }\n";
  await scene.write(
    `services:\n${worker("kept", ", lifecycle: { protect: true }")}${worker("old")}${worker("a")}`,
  );
  await scene.apply();
  await scene.write(`${guards}services:\n${worker("a")}`);
  expect((await scene.apply({ skipRefused: true })).verdict).toBe("done");
  expect(names()).toEqual(["a", "kept"]);
});

test("a run that was killed is carried on without what was left out", async () => {
  scene = await openScene();
  await scene.write(`services:\n${worker("kept", ", lifecycle: { protect: true }")}`);
  await scene.apply();
  await scene.write(`services:\n${worker("one")}${worker("two")}`);
  const skipping = { ...input, skipRefused: true };
  expect(await new Mortal(scene, { at: "append", number: 2 }).apply(skipping)).toBe("died");
  const report = await new Mortal(scene).apply({ ...input, yes: false, resume: true });
  expect(report).toMatchObject({ verdict: "done" });
  expect(names()).toEqual(["kept", "one", "two"]);
});
