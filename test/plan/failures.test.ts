import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { HttpAnswer } from "../../src/world/transport.ts";
import { problemsOf, setFaults, workspaceIds, writesOf } from "../observe.ts";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const file = `
services:
  - {type: worker, name: jobs, runtime: node, plan: starter, buildCommand: "true", startCommand: "true", envVars: [{key: LEVEL, value: info}]}
`;

async function openWith(options: SceneOptions): Promise<void> {
  scene = await openScene(options);
  await scene.write(file);
}

/** The problems of a plan and of an apply, which must be the same ones, with nothing written anywhere. */
async function failure(): Promise<readonly unknown[]> {
  const planned = await problemsOf(scene.plan());
  const applied = await problemsOf(scene.apply());
  expect(applied).toEqual(planned);
  expect(writesOf(scene), "no write was sent").toEqual([]);
  await expect(scene.inventory(), "no inventory was written").rejects.toThrow("ENOENT");
  return planned;
}

/** Made by somebody else in our workspace. */
async function makeService(name: string): Promise<void> {
  await scene.edit("POST", "/services", {
    type: "background_worker",
    name,
    ownerId: scene.simulator.env["RENDER_OWNER_ID"]!,
    repo: "https://github.com/acme/app",
    serviceDetails: { runtime: "node", envSpecificDetails: { buildCommand: "true", startCommand: "true" } },
  });
}

/** Every answer of the API is this one. */
function always(answer: HttpAnswer): SceneOptions {
  return { send: () => async () => answer };
}

const json = { "content-type": "application/json" };

describe("answers that are failures", () => {
  test("a key that is refused", async () => {
    await openWith({ environment: { RENDER_API_KEY: "rnd_wrong" } });
    expect(await failure()).toEqual([
      {
        code: "unauthorized",
        severity: "error",
        message: "GET /services answered 401: unauthorized.",
        remedy: "Check RENDER_API_KEY: it is missing, revoked or of another account.",
      },
    ]);
  });

  test("a server that fails, after five tries", async () => {
    await openWith({ faults: "500@GET /services" });
    expect(await problemsOf(scene.plan())).toEqual([
      {
        code: "server-error",
        severity: "error",
        message: "GET /services answered 500: internal server error.",
        remedy: "Render could not answer; run again later.",
      },
    ]);
    expect(scene.requests.filter((request) => request.path === "/services")).toHaveLength(5);
    await failure();
  });

  test("a server that fails once or twice does no harm", async () => {
    await openWith({ faults: "500@GET /services#1,503@GET /services#2,reset-before@GET /services#3" });
    expect((await scene.plan()).steps).toHaveLength(1);
  });

  test("a limit that somebody else has spent is waited for", async () => {
    await openWith({ faults: "429@GET /services#1" });
    const before = scene.world.now();
    expect((await scene.plan()).steps).toHaveLength(1);
    expect(scene.world.now()).toBeGreaterThan(before);
    expect(scene.events).toMatchObject([{ event: "budget-wait", budget: "render/read" }]);
  });

  test("a page that answers html", async () => {
    await openWith({ faults: "html@GET /services" });
    expect(await failure()).toMatchObject([{ code: "server-error", message: "GET /services answered 502." }]);
  });

  test("a login page in the API's place, answered as success", async () => {
    await openWith(
      always({ status: 200, headers: { "content-type": "text/html" }, text: "<html>Sign in</html>" }),
    );
    const host = scene.simulator.env["RENDER_HOST"]!;
    expect(await failure()).toEqual([
      {
        code: "not-json",
        severity: "error",
        message: "GET /services answered 200 with text/html instead of JSON.",
        remedy: `Check RENDER_HOST (${host}): a proxy or a login page seems to answer in Render's place.`,
      },
    ]);
  });

  test("JSON that stops in the middle", async () => {
    await openWith({ faults: "truncated-json@GET /services" });
    expect(await failure()).toMatchObject([
      {
        code: "not-json",
        message: "GET /services answered 200 with application/json; charset=utf-8 instead of JSON.",
      },
    ]);
  });

  test("JSON that is no list", async () => {
    await openWith(always({ status: 200, headers: json, text: '{"services": []}' }));
    expect(await failure()).toEqual([
      {
        code: "unexpected-answer",
        severity: "error",
        message: "GET /services answered something that is not a list.",
        remedy: "Check RENDER_HOST; if it is right, report this.",
      },
    ]);
  });

  test("a list that is not there at all", async () => {
    await openWith(always({ status: 404, headers: json, text: '{"message":"not found"}' }));
    expect(await failure()).toMatchObject([
      { code: "unexpected-answer", message: "GET /services answered something that is not a list." },
    ]);
  });

  test("a redirect is not followed, so that the key goes nowhere else", async () => {
    const asked: string[] = [];
    const answer = { status: 302, headers: { location: "https://elsewhere.test/" }, text: "" };
    await openWith({ send: () => async (request) => (asked.push(request.url), answer) });
    const host = scene.simulator.env["RENDER_HOST"]!;
    expect(await failure()).toEqual([
      {
        code: "redirected",
        severity: "error",
        message: "GET /services answered 302.",
        remedy: `${host} sent the call elsewhere; the key is not carried along. Check RENDER_HOST.`,
      },
    ]);
    expect(new Set(asked.map((url) => new URL(url).origin))).toEqual(new Set([new URL(host).origin]));
  });

  test("an object without an id", async () => {
    await openWith({});
    const owner = scene.simulator.env["RENDER_OWNER_ID"]!;
    await scene.close();
    const items = [{ service: { name: "jobs", ownerId: owner, type: "background_worker" }, cursor: "x" }];
    await openWith(always({ status: 200, headers: json, text: JSON.stringify(items) }));
    expect(await failure()).toMatchObject([
      { code: "unexpected-answer", message: "/services answered an object without id." },
    ]);
  });
});

describe("reads that are not complete", () => {
  const many: SceneOptions = { services: 230, limits: "off" };

  test("a page in the middle that fails fails the whole read", async () => {
    await openWith({
      ...many,
      faults:
        "500@GET /services#2,500@GET /services#3,500@GET /services#4,500@GET /services#5,500@GET /services#6",
    });
    expect(await problemsOf(scene.plan())).toMatchObject([{ code: "server-error" }]);
    expect(writesOf(scene)).toEqual([]);
  });

  test("a page that is short takes nothing for gone", async () => {
    await openWith({});
    await scene.apply();
    const sent = writesOf(scene).length;
    const incomplete = [
      {
        code: "incomplete-read",
        severity: "error",
        message:
          "render/service/jobs is missing from a list but exists when asked for by itself: the list lags behind what was made a short while ago, or was not complete.",
        remedy: "Nothing was concluded from it and nothing was written. Run again in a minute or two.",
        address: "render/service/jobs",
      },
    ];
    const halved: SceneOptions["faults"] = "short-page@GET /services#1";
    await setFaults(scene, halved);
    // Newest first: sixty more services push ours off the half of a page that comes.
    for (let index = 0; index < 60; index += 1) await makeService(`extra-${index}`);
    expect(await problemsOf(scene.plan())).toEqual(incomplete);
    await setFaults(scene, halved);
    expect(await problemsOf(scene.apply())).toEqual(incomplete);
    expect(writesOf(scene)).toHaveLength(sent);
    await setFaults(scene, "");
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("a declared name that an old list hides is not created a second time", async () => {
    await openWith({});
    await makeService("jobs");
    await setFaults(scene, "stale-list@GET /services#1");
    expect(await problemsOf(scene.plan())).toMatchObject([
      { code: "incomplete-read", address: "render/service/jobs" },
    ]);
    await setFaults(scene, "");
    expect((await scene.plan()).changes).toMatchObject([{ action: "adopt" }]);
  });

  test("a cursor that comes twice is an error, not an endless read", async () => {
    await openWith({ ...many, faults: "repeated-cursor@GET /services" });
    expect(await failure()).toEqual([
      {
        code: "incomplete-read",
        severity: "error",
        message: "GET /services could not be read to its end: the same cursor came twice.",
        remedy: "Nothing was concluded from it and nothing was written. Run again.",
      },
    ]);
  });
});

describe("hosts", () => {
  test("one that is down", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => void server.close(resolve));
    const host = `http://127.0.0.1:${port}/v1`;
    await openWith({ environment: { RENDER_HOST: host } });
    expect(await failure()).toEqual([
      {
        code: "unreachable",
        severity: "error",
        message: `RENDER_HOST (http://127.0.0.1:${port}) gave no usable answer: ECONNREFUSED.`,
        remedy: "Check the network and RENDER_HOST, then run again.",
      },
    ]);
  });

  test.each([
    [
      "http://api.render.test/v1",
      "plain-http",
      "RENDER_HOST is plain http to api.render.test: the API key would cross the network in clear.",
    ],
    [
      "http://127.0.0.1.evil.test",
      "plain-http",
      "RENDER_HOST is plain http to 127.0.0.1.evil.test: the API key would cross the network in clear.",
    ],
    [
      "http://10.0.0.1",
      "plain-http",
      "RENDER_HOST is plain http to 10.0.0.1: the API key would cross the network in clear.",
    ],
    ["ftp://api.render.test", "host-invalid", "RENDER_HOST is not a URL of the form https://host/v1."],
    [
      "https://user:password@api.render.test",
      "host-invalid",
      "RENDER_HOST is not a URL of the form https://host/v1.",
    ],
    ["https://", "host-invalid", "RENDER_HOST is not a URL of the form https://host/v1."],
  ])("%s", async (host, code, message) => {
    const asked: string[] = [];
    await openWith({
      environment: { RENDER_HOST: host },
      send:
        () =>
        async ({ url }) => {
          asked.push(url);
          return { status: 500, headers: {}, text: "" };
        },
    });
    expect(await failure()).toMatchObject([{ code, message, severity: "error" }]);
    expect(asked, "and nothing was sent").toEqual([]);
  });
});

describe("keys and workspaces", () => {
  test("no key at all", async () => {
    await openWith({ environment: { RENDER_API_KEY: undefined } });
    expect(await failure()).toEqual([
      {
        code: "no-api-key",
        severity: "error",
        message: "There is no API key for Render.",
        remedy:
          "Set RENDER_API_KEY (Render's dashboard, Account Settings, API Keys), or sign in with the Render CLI.",
      },
    ]);
    expect(scene.requests).toEqual([]);
  });

  test("several workspaces and none named", async () => {
    await openWith({ environment: { RENDER_OWNER_ID: undefined } });
    const [main, second] = workspaceIds(scene);
    expect(await failure()).toEqual([
      {
        code: "workspace-ambiguous",
        severity: "error",
        message: `The key reaches several workspaces: Acme (${main!}), Acme Labs (${second!}).`,
        remedy: "Say which one: workspace: ID in the file, or RENDER_OWNER_ID.",
      },
    ]);
  });

  test("a workspace that the key does not reach", async () => {
    await openWith({});
    await scene.write(`workspace: Globex\n${file}`);
    expect(await failure()).toEqual([
      {
        code: "workspace-unknown",
        severity: "error",
        message: "The key reaches no workspace named Globex.",
        remedy: "Correct workspace: or RENDER_OWNER_ID, or use a key of that workspace.",
      },
    ]);
  });
});

test("no file is a problem that says which names were tried", async () => {
  scene = await openScene();
  expect(await failure()).toMatchObject([
    {
      code: "file-not-found",
      message: "This folder has none of trueup.yaml, render.yaml, render.yml.",
    },
  ]);
  expect(scene.requests).toEqual([]);
});
