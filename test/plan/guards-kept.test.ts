import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import { isPending } from "../../src/core/model/plan.ts";
import { ourRows, problemsOf, writesOf } from "../observe.ts";
import { makeJumpingClock, openScene, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const worker = (name: string, more = ""): string =>
  `  - {type: worker, name: ${name}, runtime: image, image: {url: nginx}, plan: starter${more}}\n`;
const workers = (count: number, more = ""): string =>
  `services:\n${Array.from({ length: count }, (_, index) => worker(`w${String(index + 1).padStart(2, "0")}`, more)).join("")}`;
const guards = (text: string): string => `settings: {guards: {${text}}}\n`;
const variables = (keys: readonly string[]): string =>
  `, envVars: [${keys.map((key) => `{key: ${key}, value: x}`).join(", ")}]`;

async function apply(text: string, input: Partial<ApplyInput> = {}): Promise<void> {
  await scene.write(text);
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
}

/** What refuses this file, in the plan and in an apply that writes nothing. */
async function refusedBy(text: string, input: Partial<ApplyInput> = {}): Promise<readonly string[]> {
  await scene.write(text);
  const plan = await scene.plan(input);
  const sent = writesOf(scene).length;
  const before = await scene.inventory();
  if (plan.refusals.length > 0) {
    expect((await scene.apply(input)).verdict).toBe("refused");
    expect(writesOf(scene)).toHaveLength(sent);
    expect(await scene.inventory()).toEqual(before);
  }
  return plan.refusals.map(({ code, address }) => (address === undefined ? code : `${code} ${address}`));
}

describe("the edit that deletes cannot loosen", () => {
  test("maxDeletes: the number of the last apply holds, the usual one where none was said", async () => {
    await apply(workers(14));
    const loosened = guards("maxDeletes: 99, maxDeleteShare: 1");
    expect(await refusedBy(loosened + workers(8))).toEqual(["max-deletes"]);
    expect((await scene.plan()).problems).toMatchObject([
      {
        code: "guard-kept",
        severity: "note",
        message:
          "The file loosens maxDeletes (5 holds, 99 from then on), maxDeleteShare (0.3 holds, 1 from then on): what the last apply noted holds until one has reached its end with it.",
      },
    ]);
    // How a team loosens it: the looser value by itself, then the deletion. An apply without work notes it.
    await apply(loosened + workers(14));
    expect((await scene.plan()).problems).toEqual([]);
    await apply(loosened + workers(8));
    expect(ourRows(scene, "services")).toHaveLength(8);
  });

  test("nor by leaving the line out: what was said before holds on", async () => {
    await apply(guards("maxDeletes: 0") + workers(4));
    expect(await refusedBy(workers(3))).toEqual(["max-deletes"]);
    await apply(workers(4));
    expect(await refusedBy(workers(3))).toEqual(["max-deletes"]);
    await apply(guards("maxDeletes: 1") + workers(4));
    await apply(workers(3));
  });

  test("a stricter value holds at once", async () => {
    await apply(guards("maxDeletes: 50") + workers(4));
    expect(await refusedBy(guards("maxDeletes: 0") + workers(3))).toEqual(["max-deletes"]);
  });

  test("an apply that did not reach its end notes nothing", async () => {
    await scene.close();
    let isFailing = false;
    scene = await openScene({
      send: (send) => async (request) =>
        isFailing && request.method === "PUT" ? { status: 400, headers: {}, text: "{}" } : send(request),
    });
    const kept = (lifecycle: string, key = "A"): string =>
      `services:\n${worker("kept", `${variables([key])}${lifecycle}`)}${worker("other")}`;
    await apply(guards("maxDeletes: 0") + kept(", lifecycle: {protect: true}"));
    const loosened =
      guards("maxDeletes: 9") + kept(", lifecycle: {protect: false}").replace("value: x", "value: y");
    isFailing = true;
    await scene.write(loosened);
    expect((await scene.apply()).verdict).toBe("failed");
    const { guards: noted, resources } = await scene.inventory();
    expect(noted).toEqual({ maxDeletes: 0 });
    expect(resources["render/service/kept"]?.protect).toBe(true);
    isFailing = false;
    await apply(loosened);
    expect((await scene.inventory()).guards).toEqual({ maxDeletes: 9 });
  });

  test("protect: without the line, without the block, and against a false in the same edit", async () => {
    const kept = (lifecycle: string, region = "oregon"): string =>
      `services:\n${worker("kept", `, region: ${region}${lifecycle}`)}${worker("other")}`;
    await apply(kept(", lifecycle: {protect: true}"));
    // The line is gone and stays in force, also after an apply.
    await apply(kept(""));
    expect((await scene.plan()).problems).toEqual([]);
    const refused = ["protected render/service/kept"];
    expect(await refusedBy(`services:\n${worker("other")}`)).toEqual(refused);
    expect(await refusedBy(kept(", lifecycle: {protect: false}", "ohio"))).toEqual(
      expect.arrayContaining(refused),
    );
    await scene.write(kept(", lifecycle: {protect: false}"));
    expect(isPending(await scene.plan())).toBe(false);
    expect((await scene.plan()).problems.map(({ code }) => code)).toEqual(["guard-kept"]);
    await apply(kept(", lifecycle: {protect: false}"));
    expect((await scene.inventory()).resources["render/service/kept"]?.protect).toBe(false);
    await apply(`services:\n${worker("other")}`);
  });

  test("a destroy neither passes a protection that its file lets go, nor notes guards", async () => {
    await apply(`services:\n${worker("kept", ", lifecycle: {protect: true}")}`);
    await scene.write(
      `${guards("maxDeletes: 9")}services:\n${worker("kept", ", lifecycle: {protect: false}")}`,
    );
    const report = await scene.apply({ destroys: "all", allowDeletes: 1 });
    expect(report.problems.map(({ code }) => code)).toContain("protected");
    expect((await scene.inventory()).guards).toBeUndefined();
  });

  test("what is secret: a key named in publicKeys is shown from the next apply on", async () => {
    const secret = `services:\n${worker("one", ", envVars: [{key: API_TOKEN, value: tok-1}]")}`;
    const shown = async (text: string): Promise<string> => {
      await scene.write(text.replace("tok-1", "tok-2"));
      return JSON.stringify(await scene.plan());
    };
    await apply(secret);
    const loosened = `settings: {publicKeys: [API_TOKEN]}\n${secret}`;
    await apply(guards("maxDeletes: 4") + secret);
    expect(await shown(loosened)).not.toContain("tok-2");
    await apply(loosened);
    expect(await shown(loosened)).toContain("tok-2");
    // A key that was named as secret is not shown by taking the name away.
    const named = secret.replaceAll("API_TOKEN", "COLOUR");
    await apply(`settings: {secretKeys: [COLOUR]}\n${named}`);
    expect(await shown(`settings: {secretKeys: []}\n${named}`)).not.toContain("tok-2");
    await apply(`settings: {secretKeys: []}\n${named}`);
    expect(await shown(`settings: {secretKeys: []}\n${named}`)).toContain("tok-2");
  });
});

test("a freeze that the edit takes out holds until it ends, or until an apply without work noted that it is gone", async () => {
  await scene.close();
  const friday = Date.UTC(2026, 10, 20, 17, 0, 0);
  const clock = makeJumpingClock(friday);
  scene = await openScene({ clock });
  const freeze = "settings: {freeze: [{cron: 0 18 * * 5, duration: 62h}]}\n";
  await apply(freeze + workers(1));
  await clock.sleep(2 * 3_600_000);
  await scene.write(workers(2));
  expect((await problemsOf(scene.apply())).map(({ code }) => code)).toEqual(["frozen"]);
  await scene.write("settings: {freeze: []}\n" + workers(2));
  expect((await problemsOf(scene.apply())).map(({ code }) => code)).toEqual(["frozen"]);
  expect(ourRows(scene, "services")).toHaveLength(1);
  await apply("settings: {freeze: []}\n" + workers(1));
  await apply("settings: {freeze: []}\n" + workers(2));
});

describe("the share of deletes", () => {
  test.each([
    { owned: 2, left: 1, refused: [] },
    { owned: 3, left: 2, refused: [] },
    { owned: 3, left: 1, refused: ["max-delete-share"] },
    { owned: 4, left: 2, refused: [] },
    { owned: 5, left: 2, refused: ["max-delete-share"] },
    { owned: 6, left: 1, refused: ["max-delete-share"] },
    { owned: 10, left: 6, refused: [] },
    { owned: 11, left: 8, refused: [] },
    { owned: 11, left: 7, refused: ["max-delete-share"] },
    // Exactly 0.3 passes.
    { owned: 20, left: 15, refused: [] },
  ])("of $owned, $left are left: $refused", async ({ owned, left, refused }) => {
    await apply(workers(owned));
    expect(await refusedBy(workers(left))).toEqual(refused);
    if (refused.length > 0)
      expect(await refusedBy(workers(left), { allowDeletes: owned - left - 1 })).toEqual(refused);
    await apply(workers(left), { allowDeletes: owned - left });
  });

  test("exactly maxDeleteShare passes, and one more does not", async () => {
    const loose = guards("maxDeletes: 9");
    await apply(loose + workers(20));
    expect(await refusedBy(loose + workers(13))).toEqual(["max-delete-share"]);
    await apply(loose + workers(14));
  });

  test("entries count above ten only, and never as wholes", async () => {
    const all = variables(["A", "B"]);
    await apply(workers(5, all));
    await apply(workers(5, variables(["A"])), {});
    expect(await refusedBy(guards("maxDeletes: 5") + workers(5))).toEqual([]);
    await scene.close();
    scene = await openScene();
    await apply(workers(11, all));
    expect(await refusedBy(workers(11))).toEqual(["max-deletes"]);
  });

  test("a replacement is a whole one", async () => {
    const inRegion = (region: string): string => workers(3, `, region: ${region}`);
    await apply(inRegion("oregon"));
    const allowReplace = ["render/service/w*"];
    expect(await refusedBy(inRegion("ohio"), { allowReplace })).toEqual(["max-delete-share"]);
    await apply(inRegion("ohio"), { allowDeletes: 3, allowReplace });
  });
});
