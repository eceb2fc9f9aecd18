import { afterEach, beforeEach, expect, test } from "vitest";
import { planDefaults, openScene, type Scene } from "../scene.ts";
import { Mortal } from "../crash/mortal.ts";
import { makeLies } from "../lying.ts";
import { idNamed, rowNamed, setFaults } from "../observe.ts";

let scene: Scene;
let lies: ReturnType<typeof makeLies>;
beforeEach(() => (lies = makeLies()));
afterEach(() => scene.close());

const file = (value: string, job = "migrate"): string =>
  `services:\n  - {type: worker, name: api, runtime: node, plan: starter, buildCommand: b, startCommand: s,
     lifecycle: {beforeDeploy: {job: ${job}}}, envVars: [{key: MODE, value: ${value}}]}\n`;
const input = { ...planDefaults, yes: true };
const jobsPath = (): string => `/services/${idNamed(scene, "services", "api")}/jobs`;

async function openChanged(job?: string): Promise<void> {
  scene = await openScene({ limits: "off", send: lies.send });
  await scene.write(file("one", job));
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write(file("two", job));
}

/** What each job ran, and how many deploys there were after the first. */
function ran(): { readonly jobs: readonly string[]; readonly deploys: number } {
  const { jobs, deploys } = rowNamed(scene, "services", "api") as unknown as {
    readonly jobs: readonly { readonly startCommand: string }[];
    readonly deploys: readonly unknown[];
  };
  return { jobs: jobs.map(({ startCommand }) => startCommand), deploys: deploys.length - 1 };
}

test("a job whose answer is lost is found among the jobs, and not started again", async () => {
  await openChanged();
  await setFaults(scene, "drop-after-commit@POST /services/*/jobs#1");
  expect((await scene.apply()).verdict).toBe("done");
  expect(ran()).toEqual({ jobs: ["migrate"], deploys: 1 });
});

test("a job whose answer is lost while the list lags is uncertain, and the next run waits for it", async () => {
  await openChanged();
  await setFaults(scene, "drop-after-commit@POST /services/*/jobs#1,lag:90@/services/*/jobs");
  const report = await scene.apply();
  expect(report.results).toMatchObject([
    { status: "done" },
    { step: "job render/service/api", status: "uncertain", problem: { code: "uncertain-job" } },
    { status: "blocked" },
    { status: "blocked" },
  ]);
  expect((await scene.inventory()).pending).toMatchObject({
    "render/service/api": { jobSent: { after: null } },
  });
  await scene.world.sleep(30_000);
  expect((await scene.apply()).verdict).toBe("done");
  expect(ran()).toEqual({ jobs: ["migrate"], deploys: 1 });
});

test.each([5, 45])("a run killed at its job is taken up while the list lags by %i seconds", async (lag) => {
  await openChanged();
  await setFaults(scene, `lag:${lag}@/services/*/jobs`);
  const mortal = new Mortal(scene, { at: "after-write", number: 2 });
  expect(await mortal.apply(input)).toBe("died");
  expect(await new Mortal(scene).apply(input)).toMatchObject({ verdict: "done" });
  expect(ran()).toEqual({ jobs: ["migrate"], deploys: 1 });
});

test("a run killed right before its job starts it in the next", async () => {
  await openChanged();
  const mortal = new Mortal(scene, { at: "before-write", number: 2 });
  expect(await mortal.apply(input)).toBe("died");
  expect(await new Mortal(scene).apply(input)).toMatchObject({ verdict: "done" });
  expect(ran()).toEqual({ jobs: ["migrate"], deploys: 1 });
});

test.each([
  ["migrate", "exit 1", "done"],
  ["exit 1", "migrate", "failed"],
])(
  "while ours (%s) runs, the job that somebody else starts (%s) decides nothing",
  async (ours, theirs, verdict) => {
    await openChanged(ours);
    lies.tell = (call, request, send) => {
      if (!call.startsWith("POST ") || !call.endsWith("/jobs")) return undefined;
      return send(request).then(async (answer) => {
        await scene.edit("POST", jobsPath(), { startCommand: theirs });
        return answer;
      });
    };
    expect((await scene.apply()).verdict).toBe(verdict);
    expect(ran()).toEqual({ jobs: [ours, theirs], deploys: verdict === "done" ? 1 : 0 });
  },
);

test("a job that somebody else starts while an answer is lost is not taken for ours", async () => {
  await openChanged();
  lies.tell = (call) => {
    if (!call.startsWith("POST ") || !call.endsWith("/jobs")) return undefined;
    lies.tell = () => undefined;
    return scene.edit("POST", jobsPath(), { startCommand: "true" }).then(() => {
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
  };
  expect((await scene.apply()).results[1]).toMatchObject({ status: "uncertain" });
  expect((await scene.apply()).verdict).toBe("done");
  expect(ran()).toEqual({ jobs: ["true", "migrate"], deploys: 1 });
});

test("while the list of jobs lags, the job of the deploy before is not taken for the one of now", async () => {
  await openChanged();
  expect((await scene.apply()).verdict).toBe("done");
  await scene.world.sleep(3_600_000);
  await scene.write(file("three"));
  await setFaults(scene, "lag:50@/services/*/jobs");
  const began = scene.world.now();
  expect((await scene.apply()).verdict).toBe("done");
  const deploy = scene.requests.find(
    ({ method, path, t }) => method === "POST" && path.endsWith("/deploys") && t > began,
  );
  expect(deploy!.t - began).toBeGreaterThan(50_000);
  expect(ran()).toEqual({ jobs: ["migrate", "migrate"], deploys: 2 });
});
