import { afterEach, describe, expect, test } from "vitest";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { renderRun } from "../../src/views/run/run.ts";
import { setFaults } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

function file(startCommand: string, lifecycle: string): string {
  return `
services:
  - type: web
    name: api
    runtime: node
    buildCommand: npm ci
    startCommand: ${startCommand}
    lifecycle: ${lifecycle}
`;
}

async function apply(text: string) {
  await scene.write(text);
  return scene.apply();
}

function service() {
  const owner = scene.simulator.env["RENDER_OWNER_ID"];
  return scene.rows("services").find((row) => row["name"] === "api" && row["ownerId"] === owner)!;
}

function deployStates(): readonly string[] {
  return (service()["deploys"] as unknown as readonly { readonly status: string }[]).map(
    ({ status }) => status,
  );
}

describe("lifecycle.deploy", () => {
  test("wait: the run ends when the deploy is live", async () => {
    scene = await openScene();
    const created = await apply(file("npm start", "{ deploy: wait }"));
    expect(created.results.map(({ step }) => step)).toEqual([
      "create render/service/api",
      "wait render/service/api live",
    ]);
    const changed = await apply(file("npm run serve", "{ deploy: wait }"));
    expect(changed.results.map(({ step }) => step)).toEqual([
      "update render/service/api settings",
      "deploy render/service/api",
      "wait render/service/api live",
    ]);
    expect(changed.verdict).toBe("done");
    const id = service()["id"] as string;
    expect(await scene.edit("GET", `/services/${id}/deploys?limit=1`)).toMatchObject([
      { deploy: { status: "live" } },
    ]);
  });

  test("wait: a deploy that fails fails the run, and says how it ended", async () => {
    scene = await openScene();
    await apply(file("npm start", "{ deploy: wait }"));
    const report = await apply(
      file("npm start", "{ deploy: wait }").replace("buildCommand: npm ci", "buildCommand: exit 1"),
    );
    expect(report.verdict).toBe("failed");
    expect(report.problems[0]?.message).toMatch(
      /^render\/service\/api is not live: its deploy dep-\w+ ended as build_failed\.$/,
    );
  });

  test("wait: a deploy that fails shows the last lines of its log, and nothing of its environment", async () => {
    const secret = "hunter2 is not a password";
    const said = [`connecting with ${secret}`, "level info", "\u001b[31mError: no route\u001b[0m to db"];
    scene = await openScene({
      environment: { DB_PASSWORD: secret },
      send: (send) => async (request) => {
        const answer = await send(request);
        if (!request.url.includes("/logs?")) return answer;
        const { logs, ...rest } = JSON.parse(answer.text) as { logs: readonly object[] };
        const more = said.map((message) => ({ message, labels: [] })).toReversed();
        const requests = { message: "GET / 200", labels: [{ name: "type", value: "request" }] };
        return { ...answer, text: JSON.stringify({ ...rest, logs: [requests, ...more, ...logs] }) };
      },
    });
    const variables = `
    envVars:
      - { key: LEVEL, value: info }
      - { key: DB_PASSWORD, fromEnvironment: DB_PASSWORD }
`;
    await apply(file("npm start", "{ deploy: wait }") + variables);
    const report = await apply(
      file("npm start", "{ deploy: wait }").replace("buildCommand: npm ci", "buildCommand: exit 1") +
        variables,
    );
    expect(report.problems[0]?.log).toEqual([
      "==> Building https://github.com/acme/app",
      "==> Build failed",
      "connecting with (secret)",
      "level info",
      "Error: no route to db",
    ]);
    expect(scene.events).toContainEqual(
      expect.objectContaining({ event: "step-failed", problem: report.problems[0] }),
    );
    const screen = { columns: 80, colour: false, unicode: true };
    expect(renderRun(report, screen)).toContain("    | Error: no route to db\n");
    const kept = await readdir(join(scene.folder, "state"), { recursive: true, withFileTypes: true });
    for (const { name, parentPath } of kept.filter((entry) => entry.isFile()))
      expect(await readFile(join(parentPath, name), "utf8"), name).not.toContain("no route");
  });

  test("wait: a list that still shows the deploy before tells nothing of the one that fails", async () => {
    scene = await openScene();
    await apply(file("npm start", "{ deploy: wait }"));
    await scene.world.sleep(600_000);
    await setFaults(scene, "lag:60");
    const report = await apply(
      file("npm start", "{ deploy: wait }").replace("buildCommand: npm ci", "buildCommand: exit 1"),
    );
    expect(report.verdict).toBe("failed");
    expect(report.problems[0]?.message).toContain("ended as build_failed");
  });

  test("wait: a log that cannot be read takes nothing from the message", async () => {
    scene = await openScene({
      send: (send) => async (request) =>
        request.url.includes("/logs?") ? { status: 403, headers: {}, text: "{}" } : send(request),
    });
    await apply(file("npm start", "{ deploy: wait }"));
    const report = await apply(file("exit 1", "{ deploy: wait }"));
    expect(report.problems[0]).toMatchObject({ code: "not-ready" });
    expect(report.problems[0]?.log).toBeUndefined();
  });

  test("skip: nothing is deployed", async () => {
    scene = await openScene();
    await apply(file("npm start", "{ deploy: skip }"));
    const report = await apply(file("npm run serve", "{ deploy: skip }"));
    expect(report.results.map(({ step }) => step)).toEqual(["update render/service/api settings"]);
  });
});

test("a failed deploy is rolled back where the file asks for it", async () => {
  scene = await openScene();
  await apply(file("npm start", "{ deploy: wait, rollback: true }"));
  const text = file("npm start", "{ deploy: wait, rollback: true }").replace(
    "buildCommand: npm ci",
    "buildCommand: exit 1",
  );
  const report = await apply(text);
  expect(report.verdict).toBe("failed");
  expect(report.problems[0]?.message).toMatch(
    /^render\/service\/api is not live: its deploy dep-\w+ ended as build_failed; it was rolled back to dep-\w+\.$/,
  );
  const triggers = (service()["deploys"] as unknown as readonly { readonly trigger: string }[]).map(
    ({ trigger }) => trigger,
  );
  expect(triggers).toContain("rollback");
});

test("a rollback that the API refuses is the reason that is told", async () => {
  scene = await openScene({ faults: "402@POST /services/*/rollback" });
  const lifecycle = "{ deploy: wait, rollback: true }";
  await apply(file("npm start", lifecycle));
  const failing = file("npm start", lifecycle).replace("buildCommand: npm ci", "buildCommand: exit 1");
  const report = await apply(failing);
  expect(report.verdict).toBe("failed");
  expect(report.problems.map(({ code }) => code)).toContain("payment-required");
});

describe("lifecycle.beforeDeploy", () => {
  test("runs its job before the deploy of a service that runs already, and not for a new one", async () => {
    scene = await openScene();
    const lifecycle = "{ beforeDeploy: { job: npm run migrate, timeout: 10m } }";
    expect((await apply(file("npm start", lifecycle))).results.map(({ step }) => step)).toEqual([
      "create render/service/api",
    ]);
    const report = await apply(file("npm run serve", lifecycle));
    expect(report.results.map(({ step }) => step)).toEqual([
      "update render/service/api settings",
      "job render/service/api",
      "wait render/service/api ready to deploy",
      "deploy render/service/api",
    ]);
    expect(service()["jobs"]).toMatchObject([{ startCommand: "npm run migrate" }]);
  });

  test("stops the deploy when the job fails", async () => {
    scene = await openScene();
    const lifecycle = "{ beforeDeploy: { job: exit 1 } }";
    await apply(file("npm start", lifecycle));
    const before = deployStates().length;
    const report = await apply(file("npm run serve", lifecycle));
    expect(report.verdict).toBe("failed");
    expect(report.problems[0]?.message).toMatch(
      /^render\/service\/api is not ready to deploy: its job job-\w+ ended as failed\.$/,
    );
    expect(report.problems[0]?.log).toEqual(["==> Running 'exit 1'", "==> Exited with status 1"]);
    expect(deployStates()).toHaveLength(before);
  });
});
