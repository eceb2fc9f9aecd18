import { afterEach, expect, test } from "vitest";
import { runRotate } from "../../src/commands/rotate.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";
import { activeNames, makeToken, serviceText, takingToken, tokenValue, variablesOf } from "./shown-once.ts";

let scene: Scene;
afterEach(() => scene.close());

const names = ["a", "b", "c", "d", "e"];
const services = names.map((name) => serviceText(`uses-${name}`, takingToken(name))).join("");
const tokens = names.map((name) => `{ name: ${name}, scope: render-only }`).join(", ");
const hour = 3_600_000;

/** When each call that counts against RENDERCAD's ten an hour was sent. */
function tokenWrites(): readonly number[] {
  return scene.requests.filter(({ budget }) => budget === "rendercad/token-write").map(({ t }) => t);
}

test("a glob rotates every token that it fits, delivered and the former ones revoked, ten calls an hour, and nobody else's", async () => {
  scene = await openScene();
  await scene.write(`services:\n${services}rendercad: { tokens: [${tokens}] }\n`);
  expect((await scene.apply()).verdict).toBe("done");
  const theirs = await makeToken(scene, "theirs");
  const before = names.map((name) => tokenValue(scene, name));
  const { targets: _targets, excludes: _excludes, ...input } = planDefaults;

  const report = await runRotate({ ...input, addresses: ["rendercad/token/*"], yes: true }, scene.deps);

  expect([report.verdict, report.problems]).toEqual(["done", []]);
  expect(activeNames(scene)).toEqual([...names, "theirs"]);
  expect(tokenValue(scene, "theirs")).toBe(theirs);
  for (const [index, name] of names.entries()) {
    const now = tokenValue(scene, name);
    expect(now).not.toBe(before[index]);
    expect(variablesOf(scene, `uses-${name}`)["TOKEN"]).toBe(now);
  }
  // Five made, one by somebody else, and three for each rotation: made, revoked, renamed.
  const sent = tokenWrites();
  expect(sent).toHaveLength(5 + 1 + 3 * 5);
  expect(sent.filter((at, index) => index >= 10 && at - sent[index - 10]! < hour)).toEqual([]);
  expect(scene.requests.filter(({ status }) => status === 429)).toEqual([]);
  expect((await scene.plan()).steps).toEqual([]);
});
