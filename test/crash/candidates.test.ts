import { afterEach, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import { adoptById } from "../../src/commands/state/state-adopt.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import type { Json } from "../../src/core/base/json.ts";
import type { Transport } from "../../src/world/transport.ts";
import { ourRows } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { input } from "./course.ts";

let scene: Scene;
afterEach(() => scene.close());

const main = "render/postgres/main";
const file = 'databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18" }]';

type Made = { readonly id: string; readonly createdAt: number };

/** A database as messages tell of it; the simulator counts microseconds. */
function tell({ id, createdAt }: Made): string {
  return `${id} (created ${new Date(createdAt / 1000).toISOString().slice(0, 19)}Z)`;
}

/** The creation is done and never answered, and a minute later somebody makes another one of that name. */
function loseCreation(): Deps {
  const send: Transport = async (request) => {
    const answer = await scene.world.send(request);
    if (request.method !== "POST") return answer;
    await scene.world.sleep(60_000);
    const { name, ownerId, plan, version } = JSON.parse(request.body!) as { readonly [key: string]: Json };
    await scene.edit("POST", "/postgres", { name: name!, ownerId: ownerId!, plan: plan!, version: version! });
    throw new Error("connection reset");
  };
  return { ...scene.deps, world: { ...scene.world, send } };
}

test("two that may be ours: the run says when each was made, and the command for each settles it", async () => {
  scene = await openScene();
  await scene.write(file);
  const report = await runApply(input, loseCreation());
  const [ours, theirs] = ourRows(scene, "postgres") as unknown as [Made, Made];
  const both = `${tell(ours)}, ${tell(theirs)}`;
  const commands = `trueup state adopt ${main} ${ours.id} or trueup state adopt ${main} ${theirs.id}`;
  expect(report).toMatchObject({
    verdict: "failed",
    problems: [{ code: "uncertain-create", address: main }],
  });
  expect(report.problems[0]!.message).toContain(both);
  expect(report.problems[0]!.remedy).toContain(commands);
  const [refusal] = (await scene.plan()).refusals;
  expect(refusal).toMatchObject({ code: "ambiguous-name", address: main });
  expect(refusal!.message).toContain(`${both}. One of them may be ours`);
  expect(refusal!.remedy).toContain(commands);

  await adoptById(main, ours.id, { files: [] }, scene.deps);
  expect(await scene.inventory()).not.toHaveProperty("pending");
  expect((await scene.apply()).verdict).toBe("done");
  expect((await scene.inventory()).resources[main]).toMatchObject({ id: ours.id });
  expect((await scene.plan()).steps).toEqual([]);
  expect(ourRows(scene, "postgres"), "theirs stays").toHaveLength(2);
});
