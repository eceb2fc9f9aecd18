import { afterEach, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import type { Transport } from "../../src/world/transport.ts";
import { input } from "../crash/course.ts";
import { idNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { activeNames, tokenValue, variablesOf } from "./shown-once.ts";

let scene: Scene;
afterEach(() => scene.close());

const file = (scope: string): string => `
services:
  - { type: worker, name: api, runtime: image, image: { url: nginx }, plan: starter, envVars: [{ key: TOKEN, fromRendercadToken: { name: prod } }] }
rendercad: { tokens: [{ name: prod, scope: ${scope} }] }
`;

/** Right after the new value was written to the service, somebody else writes another one over it. */
function overwritten(): Deps {
  let isDone = false;
  const send: Transport = async (request) => {
    const answer = await scene.world.send(request);
    if (request.method === "PUT" && request.url.endsWith("/env-vars/TOKEN") && !isDone) {
      isDone = true;
      const id = idNamed(scene, "services", "api");
      await scene.edit("PUT", `/services/${id}/env-vars/TOKEN`, { value: "theirs" });
    }
    return answer;
  };
  return { ...scene.deps, world: { ...scene.world, send } };
}

test("the former token is not revoked when the new value is no longer where it was delivered", async () => {
  scene = await openScene();
  await scene.write(file("read-only"));
  await scene.apply();
  const before = tokenValue(scene, "prod");
  await scene.write(file("render-only"));
  const report = await runApply(input, overwritten());
  expect(report.problems).toMatchObject([{ code: "not-delivered", address: "rendercad/token/prod" }]);
  expect(report.problems[0]!.message).toContain("render/service/api envVars.TOKEN");
  expect(tokenValue(scene, "prod")).toBe(before);
  expect((await runApply(input, scene.deps)).verdict).toBe("done");
  expect(activeNames(scene)).toEqual(["prod"]);
  expect(variablesOf(scene, "api")["TOKEN"]).toBe(tokenValue(scene, "prod"));
});
