import { rm } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import type { Transport } from "../../src/world/transport.ts";
import { input } from "./course.ts";
import { Mortal } from "./mortal.ts";
import { ourRows, rowNamed, setFaults, variablesOf } from "../observe.ts";
import { openScene, start, type Scene } from "../scene.ts";

const api = "render/service/api";

describe("the next run takes it up", () => {
  let scene: Scene;
  afterEach(() => scene.close());

  const shop = (level: string): string => `
services:
  - { type: worker, name: api, runtime: image, image: { url: nginx }, plan: starter, envVars: [{ key: LEVEL, value: ${level} }] }
`;
  const deploys = (): number => (rowNamed(scene, "services", "api")["deploys"] as readonly unknown[]).length;

  test("a deploy that was refused after its variable was written is made up for", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await setFaults(scene, "402@POST /services/*/deploys");
    await scene.write(shop("debug"));
    expect((await scene.apply()).verdict).toBe("failed");
    expect((await scene.plan()).changes).toMatchObject([{ action: "update", due: { deploy: true } }]);
    await setFaults(scene, "");
    expect((await scene.apply()).results.map(({ step }) => step)).toEqual(["deploy render/service/api"]);
    expect(deploys()).toBe(2);
    expect((await scene.plan()).steps).toEqual([]);
    expect(await scene.inventory()).not.toHaveProperty("pending");
  });

  test("a deploy that never arrived is not taken for the one that ran a moment ago", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await setFaults(scene, "reset-before@POST /services/*/deploys#1");
    await scene.write(shop("debug"));
    expect((await scene.apply()).verdict).toBe("done");
    expect(deploys()).toBe(2);
  });

  test("a deploy that nobody ever answered for is looked for, and only noted when it is there", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await scene.write(shop("debug"));
    expect((await runApply(input, deafAfter("/deploys"))).verdict).toBe("failed");
    expect((await scene.plan()).steps).toMatchObject([{ step: "record", verb: "converge", deployed: true }]);
    expect((await scene.apply()).verdict).toBe("done");
    expect(deploys()).toBe(2);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a creation that nobody ever answered for is ours, not somebody else's to adopt", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    expect((await runApply(input, deafAfter("/services"))).verdict).toBe("failed");
    expect(ourRows(scene, "services")).toHaveLength(1);
    expect((await scene.inventory()).pending).toMatchObject({ [api]: { creation: { at: start } } });
    expect((await scene.apply({ adopt: false })).verdict).toBe("done");
    expect(ourRows(scene, "services")).toHaveLength(1);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a first run may take hours: what it adopted was planned under the key that it keeps", async () => {
    scene = await openScene();
    await scene.write(shop("info"));
    await scene.apply();
    await rm(`${scene.folder}/state`, { recursive: true });
    await scene.write(shop("debug"));
    const slow: Deps = { ...scene.deps, planned: () => void scene.world.sleep(3_600_000) };
    expect((await runApply({ ...input, adopt: true }, slow)).problems).toEqual([]);
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "debug" });
  });

  test("a job before the deploy is not started again when the run ends while it works", async () => {
    const migrating = (level: string): string =>
      shop(level).replace(
        "plan: starter",
        "plan: starter, lifecycle: { beforeDeploy: { job: npm run migrate } }",
      );
    scene = await openScene();
    await scene.write(migrating("info"));
    await scene.apply();
    await scene.write(migrating("debug"));
    // The second write is the job's.
    expect(await new Mortal(scene, { at: "torn-append", number: 6 }).apply(input)).toBe("died");
    const report = await new Mortal(scene).apply(input);
    expect(report).toMatchObject({
      verdict: "done",
      results: [{ step: "wait render/service/api ready to deploy" }, { step: "deploy render/service/api" }],
    });
    expect(rowNamed(scene, "services", "api")["jobs"]).toHaveLength(1);
    expect((await scene.plan()).steps).toEqual([]);
  });

  /** A POST there is done and never answered, and from then on nothing that could tell what became of it. */
  function deafAfter(end: string): Deps {
    let isDeaf = false;
    const send: Transport = async (request) => {
      const fits = new URL(request.url).pathname.endsWith(end);
      if (isDeaf && fits) throw new Error("no route to host");
      const answer = await scene.world.send(request);
      if (request.method !== "POST" || !fits) return answer;
      isDeaf = true;
      throw new Error("connection reset");
    };
    return { ...scene.deps, world: { ...scene.world, send } };
  }
});
