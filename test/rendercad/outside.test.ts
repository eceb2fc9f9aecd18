import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";
import {
  activeNames,
  activeTokens,
  callRendercad,
  tokenValue,
  variablesOf,
  webhookSecrets,
} from "./shown-once.ts";

const example = fileURLToPath(new URL("../../examples/rendercad/trueup.yaml", import.meta.url));
const done = "https://studio.example.com/hooks/done";
let scene: Scene;
async function open(options: SceneOptions = {}): Promise<Scene> {
  const opened = await openScene(options);
  await opened.write(await readFile(example, "utf8"));
  expect((await opened.apply()).verdict).toBe("done");
  return opened;
}
beforeEach(async () => void (scene = await open()));
afterEach(() => scene.close());

/** By then a list has had its time: what it lacks is gone. */
const quarter = 16 * 60_000;

function tokenId(name: string): number {
  return Number(activeTokens(scene).find((row) => row["tokenName"] === name)?.["id"]);
}

function webhookId(url: string): number {
  return Number(scene.rows("rendercad webhooks").find((row) => row["url"] === url)?.["id"]);
}

async function drifted(): Promise<readonly string[]> {
  return (await scene.drift()).drifted.map(({ verdict, address }) => `${verdict} ${address}`);
}

/** Both accounts are as the file says again, and nothing is left to do. */
async function revert(): Promise<void> {
  const report = await scene.apply({ allowDeletes: 1 });
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  expect(activeNames(scene)).toEqual(["batch", "studio"]);
  expect(variablesOf(scene, "studio")).toEqual({
    RENDERCAD_TOKEN: tokenValue(scene, "studio"),
    HOOK_SECRET: webhookSecrets(scene)[done],
  });
  expect(await drifted()).toEqual([]);
  expect((await scene.plan()).steps).toEqual([]);
}

test("a token that somebody revoked, and that is not listed any more, is made again and delivered", async () => {
  await scene.close();
  scene = await open({ switches: { revokedTokens: "gone" } });
  await scene.world.sleep(quarter);
  await callRendercad(scene, "/auth.php?action=revoke_api_token", { token_id: tokenId("studio") });
  expect(await drifted()).toContain("gone rendercad/token/studio");
  await revert();
});

test("one that is still listed, as not active, is told of and made anew by a rotation", async () => {
  await callRendercad(scene, "/auth.php?action=revoke_api_token", { token_id: tokenId("studio") });
  expect(await drifted()).toEqual(["changed rendercad/token/studio"]);
  expect((await scene.plan()).steps).toEqual([]);
  expect((await scene.apply({ rewrites: ["rendercad/token/studio"] })).verdict).toBe("done");
  await revert();
});

test("a token that somebody renamed gets its name back, and stays the same", async () => {
  const value = tokenValue(scene, "studio");
  await callRendercad(scene, "/auth.php?action=rename_api_token", {
    token_id: tokenId("studio"),
    new_name: "theirs",
  });
  expect(await drifted()).toEqual(["changed rendercad/token/studio"]);
  await revert();
  expect(tokenValue(scene, "studio")).toBe(value);
});

test("a webhook that somebody deleted is registered again, with its new secret delivered", async () => {
  await scene.world.sleep(quarter);
  await callRendercad(scene, "/webhooks.php?action=delete", { id: webhookId(done) });
  expect(await drifted()).toContain("gone rendercad/webhook/done");
  await revert();
});

test("what somebody else adds is nobody's drift, and stays", async () => {
  await callRendercad(scene, "/webhooks.php?action=register", {
    url: "https://elsewhere.example.com/hook",
    events: ["render.failed"],
  });
  await callRendercad(scene, "/auth.php?action=create_api_token", { token_name: "theirs" });
  expect(await drifted()).toEqual([]);
  expect((await scene.plan()).steps).toEqual([]);
});
