import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterEach, expect, test } from "vitest";
import { input } from "../crash/course.ts";
import { Mortal } from "../crash/mortal.ts";
import { openScene, type Scene } from "../scene.ts";
import { activeTokens, serviceText, takingToken, tokenValue, variablesOf } from "./shown-once.ts";

let scene: Scene;
afterEach(() => scene.close());

/** One token for one service, in a state that keeps sealed copies for the recipient. */
function fileFor(recipient: string): string {
  return `state: { backend: file, encryption: { recipients: [${recipient}] } }
services:
${serviceText("a", takingToken("prod"))}rendercad: { tokens: [{ name: prod }] }
`;
}

/** The token is made, and the run dies before the service that is to have it is. */
async function dieAfterCreation(): Promise<string> {
  const identity = await generateIdentity();
  scene = await openScene();
  await scene.write(fileFor(await identityToRecipient(identity)));
  expect(await new Mortal(scene, { at: "before-write", number: 2 }).apply(input)).toBe("died");
  expect(activeTokens(scene)).toHaveLength(1);
  return identity;
}

test("a value that was kept sealed is delivered by the next run, and no other token is made", async () => {
  const identity = await dieAfterCreation();
  const value = tokenValue(scene, "prod");
  scene.setVariable("TRUEUP_AGE_IDENTITY", identity);
  const report = await scene.apply({ lockTimeout: 600_000 });
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  expect(tokenValue(scene, "prod")).toBe(value);
  expect(variablesOf(scene, "a")["TOKEN"]).toBe(value);
  expect((await scene.plan()).steps).toEqual([]);
});

test("without the identity the run says what it lacks, and makes nothing else", async () => {
  await dieAfterCreation();
  const report = await scene.apply({ lockTimeout: 600_000 });
  expect(report.verdict).toBe("failed");
  expect(report.problems.map(({ code }) => code)).toContain("age-identity");
  expect(activeTokens(scene)).toHaveLength(1);
  expect(scene.rows("services").filter(({ name }) => name === "a")).toEqual([]);
});

test("the copy in the state gives nothing away", async () => {
  await dieAfterCreation();
  const text = await readFile(join(scene.folder, "state/default/journal.ndjson"), "utf8");
  expect(text).toContain("BEGIN AGE ENCRYPTED FILE");
  expect(text).not.toContain(tokenValue(scene, "prod"));
});
