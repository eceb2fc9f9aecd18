import { afterEach, expect, test } from "vitest";
import { runApply } from "../../../src/commands/apply.ts";
import type { Transport } from "../../../src/world/transport.ts";
import { input } from "../../crash/course.ts";
import { variablesOf, writesOf } from "../../observe.ts";
import { openScene, type Scene } from "../../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const image = "runtime: image, image: { url: nginx }, plan: starter";
const statusesOf = ({ results }: Awaited<ReturnType<Scene["apply"]>>) =>
  Object.fromEntries(results.map(({ step, status }) => [step, status]));

test("the only entry of a call has no value: the call is skipped, the entry stays and nothing is deployed", async () => {
  scene = await openScene();
  await scene.write(
    `services:\n  - { type: worker, name: a, ${image}, envVars: [{ key: LEVEL, value: info }] }\n`,
  );
  expect((await scene.apply()).verdict).toBe("done");
  const before = writesOf(scene).length;
  await scene.write(
    `services:\n  - { type: worker, name: a, ${image}, envVars: [{ key: LEVEL, value: info }, { key: SECRET, sync: false }] }\n`,
  );
  const report = await scene.apply();
  expect(statusesOf(report)).toMatchObject({
    "update render/service/a envVars.SECRET": "skipped",
    "deploy render/service/a": "skipped",
  });
  expect(writesOf(scene).slice(before)).toEqual([]);
  expect(variablesOf(scene, "a")).toEqual({ LEVEL: "info" });
});

test("a service that shows no deploy, however often it is looked at, has none to cancel: no call is sent", async () => {
  scene = await openScene();
  const self = "{ key: SELF, fromService: { type: web, name: a, property: host } }";
  await scene.write(`services:\n  - { type: web, name: a, ${image}, envVars: [${self}] }\n`);
  let isDeployAsked = false;
  const send: Transport = async (request) => {
    const { pathname } = new URL(request.url);
    isDeployAsked ||= request.method === "POST" && pathname.endsWith("/deploys");
    if (request.method === "GET" && pathname.endsWith("/deploys") && !isDeployAsked)
      return { status: 200, headers: { "content-type": "application/json" }, text: "[]" };
    const answer = await scene.world.send(request);
    if (request.method !== "POST" || !pathname.endsWith("/services")) return answer;
    // The creation is done, and its answer does not say which deploy it began.
    const { deployId: _deployId, ...made } = JSON.parse(answer.text) as { deployId?: string };
    return { ...answer, text: JSON.stringify(made) };
  };
  const report = await runApply(input, { ...scene.deps, world: { ...scene.world, send } });
  expect(statusesOf(report)).toMatchObject({ "cancel render/service/a": "skipped" });
  expect(writesOf(scene).filter((line) => line.includes("/cancel"))).toEqual([]);
  expect((await scene.inventory()).pending).toBeUndefined();
});

test("an export was begun though its answer was lost: it is found in the list, and no second one is asked for", async () => {
  scene = await openScene();
  await scene.write('databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18" }]\n');
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write("envVarGroups: [{ name: shared, envVars: [{ key: LEVEL, value: info }] }]\n");
  const send: Transport = async (request) => {
    const answer = await scene.world.send(request);
    if (request.method === "POST" && request.url.endsWith("/export")) throw new Error("connection reset");
    return answer;
  };
  const agreed = { ...input, allowDataLoss: ["render/postgres/main"], allowDeletes: 1 };
  const report = await runApply(agreed, { ...scene.deps, world: { ...scene.world, send } });
  expect(report.verdict).toBe("done");
  expect(writesOf(scene).filter((line) => /^POST \S+\/export /u.test(line))).toHaveLength(1);
});
