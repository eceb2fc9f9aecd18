import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { isPending } from "../../src/core/model/plan.ts";
import { idNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import {
  activeTokens,
  makeToken,
  serviceText,
  takingToken,
  activeNames,
  tokenValue,
  variablesOf,
  webhookSecrets,
} from "./shown-once.ts";

const example = fileURLToPath(new URL("../../examples/rendercad/trueup.yaml", import.meta.url));
let scene: Scene;
afterEach(() => scene.close());

const declared = "rendercad: { tokens: [{ name: prod }] }\n";
const level = "      - { key: LEVEL, value: info }\n";
const one = `services:\n${serviceText("a", takingToken("prod"))}${declared}`;
const two = `services:\n${serviceText("a", takingToken("prod"))}${serviceText("b", takingToken("prod"))}${declared}`;

async function apply(file: string): Promise<void> {
  await scene.write(file);
  const report = await scene.apply();
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  await expectSettled();
}

async function expectSettled(): Promise<void> {
  const again = await scene.plan();
  expect(again.steps).toEqual([]);
  expect(again.refusals).toEqual([]);
  expect(isPending(again)).toBe(false);
  expect((await scene.inventory()).pending).toBeUndefined();
}

describe("what is shown once", () => {
  test("is where it is wanted after one apply from nothing, in services and groups", async () => {
    scene = await openScene();
    await apply(await readFile(example, "utf8"));
    expect(activeNames(scene)).toEqual(["batch", "studio"]);
    const secrets = webhookSecrets(scene);
    expect(variablesOf(scene, "studio")).toEqual({
      RENDERCAD_TOKEN: tokenValue(scene, "studio"),
      HOOK_SECRET: secrets["https://studio.example.com/hooks/done"],
    });
    expect(variablesOf(scene, "batch")).toEqual({ RENDERCAD_TOKEN: tokenValue(scene, "batch") });
    expect(variablesOf(scene, "rendering")["ALERT_SECRET"]).toBe(
      secrets["https://studio.example.com/hooks/alerts"],
    );
  });

  test("is copied to a new service from the one that has it, without another token", async () => {
    scene = await openScene();
    await apply(one);
    const before = tokenValue(scene, "prod");
    await apply(two);
    expect(tokenValue(scene, "prod")).toBe(before);
    expect(variablesOf(scene, "b")["TOKEN"]).toBe(before);
  });

  test("moves with its variable from one service to another", async () => {
    scene = await openScene();
    await apply(one);
    const before = tokenValue(scene, "prod");
    await apply(`services:\n${serviceText("a", level)}${serviceText("b", takingToken("prod"))}${declared}`);
    expect(tokenValue(scene, "prod")).toBe(before);
    expect(variablesOf(scene, "b")["TOKEN"]).toBe(before);
    expect(variablesOf(scene, "a")["TOKEN"]).toBeUndefined();
  });

  test("reaches a service that takes the variable of another one", async () => {
    scene = await openScene();
    const borrowed = "      - { key: BORROWED, fromService: { type: worker, name: a, envVarKey: TOKEN } }\n";
    await apply(
      `services:\n${serviceText("a", takingToken("prod"))}${serviceText("b", borrowed)}${declared}`,
    );
    expect(variablesOf(scene, "b")["BORROWED"]).toBe(tokenValue(scene, "prod"));
  });

  test("is made anew where somebody overwrote the only copy, and the old one goes last", async () => {
    scene = await openScene();
    await apply(one);
    const before = tokenValue(scene, "prod");
    await scene.edit("PUT", `/services/${idNamed(scene, "services", "a")}/env-vars/TOKEN`, {
      value: "wrong",
    });
    const plan = await scene.plan();
    const change = plan.changes.find(({ address }) => address === "rendercad/token/prod");
    expect(change?.succession).toMatchObject({ mode: "begin" });
    expect(change?.succession?.because).toMatch(/^must be rotated to be delivered: /u);
    const drift = await scene.drift();
    expect(drift.drifted.map(({ address }) => address)).toContain("render/service/a");
    await apply(one);
    expect(tokenValue(scene, "prod")).not.toBe(before);
    expect(variablesOf(scene, "a")["TOKEN"]).toBe(tokenValue(scene, "prod"));
    expect(activeTokens(scene)).toHaveLength(1);
  });

  test("goes nowhere: a token that nothing takes is not made", async () => {
    scene = await openScene();
    await scene.write(declared);
    const report = await scene.apply();
    expect(report.verdict).toBe("refused");
    expect(report.problems.map(({ code }) => code)).toEqual(["value-nowhere"]);
    expect(activeTokens(scene)).toEqual([]);
  });

  test("of a webhook that nothing takes is a warning: it works, and nobody can check what it sends", async () => {
    scene = await openScene();
    await scene.write(
      'rendercad: { webhooks: [{ name: done, url: "https://hooks.example.com/done", events: [render.failed] }] }\n',
    );
    const plan = await scene.plan();
    expect(plan.refusals).toEqual([]);
    expect(plan.problems.map(({ code }) => code)).toEqual(["secret-nowhere"]);
    expect((await scene.apply()).verdict).toBe("done");
    expect((await scene.plan()).problems).toEqual([]);
  });

  test("is let go with its block, and its variable with it", async () => {
    scene = await openScene();
    await apply(one);
    await scene.write(`services:\n${serviceText("a", level)}`);
    expect((await scene.apply()).verdict).toBe("done");
    expect(activeTokens(scene)).toEqual([]);
    expect(variablesOf(scene, "a")).toEqual({ LEVEL: "info" });
  });
});

describe("a token that somebody else made", () => {
  test("cannot be delivered: that is refused, and says what to do", async () => {
    scene = await openScene();
    await makeToken(scene, "prod");
    await scene.write(one);
    const report = await scene.apply({ adopt: true });
    expect(report.verdict).toBe("refused");
    expect(report.problems.map(({ code }) => code)).toContain("must-rotate");
    expect(activeNames(scene)).toEqual(["prod"]);
  });

  test("is left as it is where a variable is there already, which nobody can check", async () => {
    scene = await openScene();
    await apply(`services:\n${serviceText("a", "      - { key: TOKEN, value: by-hand }\n")}`);
    await makeToken(scene, "prod");
    await scene.write(one);
    const report = await scene.apply({ adopt: true });
    expect(report.verdict).toBe("done");
    expect(variablesOf(scene, "a")["TOKEN"]).toBe("by-hand");
    await expectSettled();
  });

  test("is rotated when that is asked for, and delivered", async () => {
    scene = await openScene();
    const foreign = await makeToken(scene, "prod");
    await scene.write(one);
    const report = await scene.apply({ adopt: true, rewrites: ["rendercad/token/prod"] });
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe("done");
    expect(tokenValue(scene, "prod")).not.toBe(foreign);
    expect(variablesOf(scene, "a")["TOKEN"]).toBe(tokenValue(scene, "prod"));
    await expectSettled();
  });

  test("of no name in the file is never touched", async () => {
    scene = await openScene();
    await makeToken(scene, "theirs", "read-only");
    await apply(one);
    expect(activeNames(scene)).toEqual(["prod", "theirs"]);
  });
});

test("with the inventory deleted, the next plan adopts everything and changes nothing", async () => {
  scene = await openScene();
  await apply(two);
  const before = tokenValue(scene, "prod");
  await rm(`${scene.folder}/state`, { recursive: true });
  const plan = await scene.plan();
  expect(plan.refusals).toEqual([]);
  expect([...new Set(plan.changes.map(({ action }) => action))]).toEqual(["adopt"]);
  expect((await scene.apply({ adopt: true })).verdict).toBe("done");
  expect(tokenValue(scene, "prod")).toBe(before);
  await expectSettled();
});

describe("another name", () => {
  const renamed = one
    .replaceAll("name: prod", "name: live")
    .replace("{ name: live }] }", "{ name: live, lifecycle: { renamedFrom: prod } }] }");

  test("is given in place, and the value stays", async () => {
    scene = await openScene();
    await apply(one);
    const before = tokenValue(scene, "prod");
    await apply(renamed);
    expect(activeNames(scene)).toEqual(["live"]);
    expect(tokenValue(scene, "live")).toBe(before);
    expect(variablesOf(scene, "a")["TOKEN"]).toBe(before);
  });

  test("together with another scope is a rotation that ends under the new name", async () => {
    scene = await openScene();
    await apply(one.replace("{ name: prod }] }", "{ name: prod, scope: full-access }] }"));
    const before = tokenValue(scene, "prod");
    await apply(renamed.replace("{ name: live, lifecycle", "{ name: live, scope: read-only, lifecycle"));
    expect(activeNames(scene)).toEqual(["live"]);
    expect(tokenValue(scene, "live")).not.toBe(before);
    expect(variablesOf(scene, "a")["TOKEN"]).toBe(tokenValue(scene, "live"));
  });
});
