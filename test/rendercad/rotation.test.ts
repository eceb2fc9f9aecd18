import { afterEach, describe, expect, test } from "vitest";
import { runRotate } from "../../src/commands/rotate.ts";
import { isPending } from "../../src/core/model/plan.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { openScene, planDefaults, type Scene, type SceneOptions } from "../scene.ts";
import {
  activeNames,
  activeTokens,
  callRendercad,
  makeToken,
  serviceText,
  takingToken,
  tokenValue,
  variablesOf,
  webhookSecrets,
} from "./shown-once.ts";

let scene: Scene;
afterEach(() => scene.close());

const day = 86_400_000;
const services = `services:\n${serviceText("a", takingToken("prod"))}${serviceText("b", takingToken("prod"))}`;
const plain = `${services}rendercad: { tokens: [{ name: prod, scope: render-only }] }\n`;

async function reach(file: string, options: SceneOptions = {}): Promise<void> {
  scene = await openScene(options);
  await scene.write(file);
  expect((await scene.apply()).verdict).toBe("done");
}

function rotate(address = "rendercad/token/prod", deps = scene.deps): Promise<RunReport> {
  const { targets: _targets, excludes: _excludes, ...input } = planDefaults;
  return runRotate({ ...input, addresses: [address], yes: true }, deps);
}

async function expectSettled(): Promise<void> {
  const again = await scene.plan();
  expect(again.steps).toEqual([]);
  expect(isPending(again)).toBe(false);
  expect((await scene.inventory()).pending).toBeUndefined();
}

/** Writes to RENDERCAD in the order in which they were sent. */
function writes(since = 0): readonly string[] {
  return scene.requests
    .slice(since)
    .filter(({ api, method }) => api === "rendercad" && method === "POST")
    .map(({ path }) => path);
}

describe("a rotation", () => {
  test("delivers the new value, and takes the old one away last: three writes", async () => {
    await reach(plain);
    const old = tokenValue(scene, "prod");
    const from = scene.requests.length;
    const report = await rotate();
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe("done");
    expect(activeNames(scene)).toEqual(["prod"]);
    const now = tokenValue(scene, "prod");
    expect(now).not.toBe(old);
    expect([variablesOf(scene, "a")["TOKEN"], variablesOf(scene, "b")["TOKEN"]]).toEqual([now, now]);
    expect(writes(from)).toHaveLength(3);
    await expectSettled();
  });

  test("never leaves a running service without a token that works", async () => {
    await reach(plain);
    const old = tokenValue(scene, "prod");
    const seen: string[] = [];
    const { send } = scene.world;
    const watching = {
      ...scene.deps,
      world: {
        ...scene.world,
        send: async (request: Parameters<typeof send>[0]) => {
          const answer = await send(request);
          const works = activeTokens(scene).some((row) => row["token"] === old);
          const deploys = scene
            .rows("services")
            .flatMap((row) => (row["deploys"] as readonly { readonly status: string }[]) ?? []);
          const isUnderWay = deploys.some(
            ({ status }) => !["live", "deactivated", "canceled"].includes(status),
          );
          if (!works && isUnderWay) seen.push(request.url);
          return answer;
        },
      },
    };
    const report = await rotate("rendercad/token/prod", watching);
    expect(report.verdict).toBe("done");
    expect(seen).toEqual([]);
  });

  test("is what another scope takes, and the new one has it", async () => {
    await reach(plain);
    const old = tokenValue(scene, "prod");
    await scene.write(plain.replace("render-only", "read-only"));
    expect((await scene.apply()).verdict).toBe("done");
    expect(activeTokens(scene).map((row) => row["scope"])).toEqual(["read-only"]);
    expect(tokenValue(scene, "prod")).not.toBe(old);
    expect(variablesOf(scene, "a")["TOKEN"]).toBe(tokenValue(scene, "prod"));
    await expectSettled();
  });

  test("is due after rotateEvery, not a day before", async () => {
    const due = plain.replace("scope: render-only", "scope: render-only, rotateEvery: 90d");
    await reach(due);
    const old = tokenValue(scene, "prod");
    await scene.world.sleep(89 * day);
    expect(isPending(await scene.plan())).toBe(false);
    await scene.world.sleep(day);
    const plan = await scene.plan();
    expect(plan.changes.find(({ address }) => address === "rendercad/token/prod")?.succession).toMatchObject({
      mode: "begin",
      because: "90 days old",
    });
    // A secret that is old is no drift: nobody changed anything.
    expect((await scene.drift()).drifted).toEqual([]);
    expect((await scene.apply()).verdict).toBe("done");
    expect(tokenValue(scene, "prod")).not.toBe(old);
    await expectSettled();
  });

  test("stops where a service does not come up with the new value, and goes on from there later", async () => {
    await reach(plain);
    const old = tokenValue(scene, "prod");
    await scene.write(plain.replace("npm ci", "exit 1"));
    const failed = await rotate();
    expect(failed.verdict).toBe("failed");
    expect(activeTokens(scene).map((row) => row["token"])).toContain(old);
    expect(activeTokens(scene)).toHaveLength(2);
    await scene.write(plain);
    const report = await scene.apply();
    expect(report.problems).toEqual([]);
    expect(activeNames(scene)).toEqual(["prod"]);
    expect(tokenValue(scene, "prod")).not.toBe(old);
    expect(variablesOf(scene, "a")["TOKEN"]).toBe(tokenValue(scene, "prod"));
    await expectSettled();
  });

  test("renders once with the new token where that is asked for, before the old one goes", async () => {
    await reach(plain.replace("scope: render-only", "scope: render-only, checks: { render: true }"));
    const from = scene.requests.length;
    const report = await rotate();
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe("done");
    const jobs = scene.rows("rendercad jobs");
    expect(jobs.map((row) => row["status"])).toEqual(["completed"]);
    const paths = scene.requests.slice(from).map(({ path }) => path);
    expect(paths.lastIndexOf("/render.php")).toBeLessThan(paths.lastIndexOf("/auth.php"));
    await expectSettled();
  });

  test("that cannot render leaves the old token alone", async () => {
    await reach(plain.replace("scope: render-only", "scope: render-only, checks: { render: true }"));
    const old = tokenValue(scene, "prod");
    const send: Scene["world"]["send"] = async (request) => {
      const { job_id } = JSON.parse(request.body ?? "{}") as { readonly job_id?: string };
      const body = JSON.stringify({ job_id, message: "Content policy violation" });
      const url = `${scene.simulator.control}/rendercad/fail-job`;
      if (request.url.includes("finalize_job")) await fetch(url, { method: "POST", body });
      return scene.world.send(request);
    };
    const report = await rotate("rendercad/token/prod", { ...scene.deps, world: { ...scene.world, send } });
    expect(report.verdict).toBe("failed");
    expect(report.problems.map(({ code }) => code)).toEqual(["not-proven"]);
    expect(activeTokens(scene).map((row) => row["token"])).toContain(old);
  });

  test("is refused where a service is not to be deployed", async () => {
    await reach(plain);
    await scene.write(
      plain.replace(
        "    startCommand: npm start\n",
        "    startCommand: npm start\n    lifecycle: { deploy: skip }\n",
      ),
    );
    const report = await rotate();
    expect(report.verdict).toBe("refused");
    expect(report.problems.map(({ code }) => code)).toContain("rotation-not-deployed");
    expect(activeNames(scene)).toEqual(["prod"]);
  });

  test("is refused where the file leaves a variable alone that has the value", async () => {
    const ignoring = plain.replace(
      "    startCommand: npm start\n",
      "    startCommand: npm start\n    lifecycle: { ignore: [/envVars/TOKEN] }\n",
    );
    await reach(ignoring);
    const report = await rotate();
    expect(report.verdict).toBe("refused");
    expect(report.problems.map(({ code }) => code)).toContain("rotation-ignored");
    expect(activeNames(scene)).toEqual(["prod"]);
  });

  test("stays out of a run that leaves out a service which needs the value", async () => {
    await reach(plain);
    const value = tokenValue(scene, "prod");
    const excludes = ["render/service/b"];
    const report = await scene.apply({ rewrites: ["rendercad/token/prod"], excludes });
    expect(report.verdict).toBe("done");
    expect(tokenValue(scene, "prod")).toBe(value);
    await expectSettled();
  });

  test("is refused where the account has no room for an eleventh token", async () => {
    await reach(plain);
    const old = tokenValue(scene, "prod");
    for (let index = 0; index < 8; index += 1) await makeToken(scene, `theirs-${index}`, "read-only");
    const report = await rotate();
    expect(report.verdict).toBe("refused");
    expect(tokenValue(scene, "prod")).toBe(old);
    expect(report.problems.map(({ remedy }) => remedy).join()).toMatch(/^Delete one that is not needed/u);
  });

  test("of an address that has nothing to rotate is an error", async () => {
    await reach(plain);
    await expect(rotate("render/service/b")).rejects.toThrow(/cannot-rotate/u);
    await expect(rotate("rendercad/nothing/prod")).rejects.toThrow(/address-unknown/u);
  });
});

describe("a webhook", () => {
  const hook = (url: string, events = "[render.completed]"): string =>
    `services:\n${serviceText("a", "      - { key: SECRET, fromRendercadWebhook: { name: done, property: secret } }\n")}` +
    `rendercad: { webhooks: [{ name: done, url: ${url}, events: ${events} }] }\n`;
  const url = "https://hooks.example.com/done";

  test("of other events is another one, registered before the first goes", async () => {
    await reach(hook(url));
    const before = webhookSecrets(scene)[url];
    await scene.write(hook(url, "[render.completed, render.failed]"));
    const report = await scene.apply();
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe("done");
    expect(scene.rows("rendercad webhooks")).toHaveLength(1);
    expect(webhookSecrets(scene)[url]).not.toBe(before);
    expect(variablesOf(scene, "a")["SECRET"]).toBe(webhookSecrets(scene)[url]);
    await expectSettled();
  });

  test("whose url may stand once only says what to agree to, and is replaced with a gap then", async () => {
    await reach(hook(url), { switches: { rendercadWebhookUrls: "unique" } });
    const before = webhookSecrets(scene)[url];
    await scene.write(hook(url, "[render.failed]"));
    const failed = await scene.apply();
    expect(failed.verdict).toBe("failed");
    expect(failed.problems.map(({ remedy }) => remedy).join()).toContain(
      "--allow-gap rendercad/webhook/done",
    );
    expect(webhookSecrets(scene)[url]).toBe(before);
    // From then on the plan knows: it says so, and asks no API again.
    const known = await scene.plan();
    expect(known.changes.find(({ kind }) => kind === "rendercad/webhook")?.succession).toMatchObject({
      mode: "gap",
    });
    expect(known.refusals.map(({ code }) => code)).toEqual(["gap-needed"]);
    const report = await scene.apply({ allowGaps: ["rendercad/webhook/done"], allowDeletes: 1 });
    expect(report.problems).toEqual([]);
    expect(report.verdict).toBe("done");
    expect(scene.rows("rendercad webhooks").map((row) => row["events"])).toEqual([["render.failed"]]);
    expect(variablesOf(scene, "a")["SECRET"]).toBe(webhookSecrets(scene)[url]);
    await expectSettled();
  });

  test("in a full account is refused, until a gap is agreed to", async () => {
    await reach(hook(url));
    for (let index = 0; index < 4; index += 1)
      await callRendercad(scene, "/webhooks.php?action=register", {
        url: `https://elsewhere.example.com/${index}`,
        events: ["render.failed"],
      });
    await scene.write(hook(url, "[render.failed]"));
    const refused = await scene.apply();
    expect(refused.verdict).toBe("refused");
    expect(refused.problems.map(({ remedy }) => remedy).join()).toContain(
      "--allow-gap rendercad/webhook/done",
    );
    const report = await scene.apply({ allowGaps: ["rendercad/webhook/done"], allowDeletes: 1 });
    expect(report.verdict).toBe("done");
    expect(scene.rows("rendercad webhooks")).toHaveLength(5);
    await expectSettled();
  });
});
