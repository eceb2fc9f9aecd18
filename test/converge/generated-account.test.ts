import { afterEach, describe, expect, test } from "vitest";
import { hasWork } from "../../src/core/model/plan.ts";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { makeIdleClock } from "../idle-clock.ts";
import { ourRows, writesOf } from "../observe.ts";
import { openScene, start, type Scene } from "../scene.ts";
import { countGets, sumOf } from "./count-gets.ts";
import { expectPaced, generated, seed, services, text } from "./generated-account.ts";

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

test("the file says what the generator made", () => {
  const { state, problems } = readDesired([{ name: "trueup.yaml", text }], {
    kinds: fileKinds,
    today: "2026-11-22",
  });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  const addresses = (resources: readonly { readonly address: string }[] = []): readonly string[] =>
    resources.map(({ address }) => address).sort();
  expect(addresses(state?.resources)).toEqual(addresses(generated.resources));
});

describe("an account of 200 services", () => {
  test("is adopted without any other change, and then the plan is empty", async () => {
    scene = await openScene({ services, seed });
    await scene.write(text);
    const plan = await scene.plan();
    const changed = plan.changes.filter(({ action, fields }) => action !== "adopt" || fields.length > 0);
    expect(changed.map(({ action, address, fields }) => [action, address, ...fields])).toEqual([]);
    expect((await scene.apply({ adopt: true })).problems).toEqual([]);
    expect(writesOf(scene)).toEqual([]);
    await expectEmptyPlan(scene);
  });

  test("is made in one apply that never meets a limit", async () => {
    const clock = makeIdleClock(start);
    scene = await openScene({ clock, send: clock.send });
    await scene.write(text);
    const report = await scene.apply();
    expect(report.problems).toEqual([]);
    expect(ourRows(scene, "services")).toHaveLength(services);
    expectPaced(scene.requests, report.took);
    await expectEmptyPlan(scene);
  });
});

async function expectEmptyPlan(at: Scene): Promise<void> {
  const { state } = readDesired([{ name: "trueup.yaml", text }], { kinds: fileKinds, today: "2026-11-22" });
  const sent = at.requests.length;
  const plan = await at.plan();
  expect(hasWork(plan)).toBe(false);
  expect(plan.changes.filter(({ action }) => action !== "keep")).toEqual([]);
  const gets = countGets(state!, at);
  expect(at.requests.length - sent, JSON.stringify(gets)).toBe(sumOf(gets));
}
