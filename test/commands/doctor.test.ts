import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { runDoctor } from "../../src/commands/doctor.ts";
import { runWhoami } from "../../src/commands/whoami.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import type { Problem } from "../../src/core/base/problem.ts";
import { renderDoctor } from "../../src/views/account/doctor.ts";
import { renderIdentity } from "../../src/views/account/whoami.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const node = "v24.1.0";
const file =
  'services: [{ type: worker, name: jobs, runtime: docker, repo: "https://github.com/acme/jobs" }]\n';
const screen = { columns: 100, colour: false, unicode: true };

function known<Side extends object>(
  side: Side | { readonly problems: readonly Problem[] } | undefined,
): Side {
  if (side && !("problems" in side)) return side;
  throw new Error(`nothing is known: ${JSON.stringify(side)}`);
}

async function verdicts(
  deps: Deps = scene.deps,
  version = node,
): Promise<{ readonly [check: string]: string }> {
  const checks = await runDoctor({ files: [], node: version }, deps);
  return Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));
}

const fine = {
  "Node.js": "fine",
  file: "fine",
  "API key": "fine",
  workspace: "fine",
  RENDERCAD: "fine",
  clock: "fine",
  state: "fine",
  "state folder": "fine",
};

describe("doctor", () => {
  test("finds nothing wrong before the first apply, nor after it, and writes nothing", async () => {
    scene = await openScene();
    await scene.write(file);
    expect(await verdicts()).toEqual(fine);
    expect(scene.requests.every(({ method }) => method === "GET")).toBe(true);
    await scene.apply();
    expect(await verdicts()).toEqual(fine);
    const text = renderDoctor(await runDoctor({ files: [], node }, scene.deps), screen);
    expect(text).toContain("trueup.yaml declares 1 resource");
    expect(text).toContain("1 resource owned");
  });

  test("one check that fails hides no other", async () => {
    scene = await openScene();
    await scene.write("services: [{ type: web }]");
    const environment = {
      ...scene.simulator.env,
      RENDER_API_KEY: "rnd_wrong",
      RENDER_OWNER_ID: "tea-00000000000000000000",
    };
    expect(await verdicts({ ...scene.deps, environment }, "v18.20.0")).toEqual({
      "Node.js": "failed",
      file: "failed",
      "API key": "failed",
      workspace: "failed",
      RENDERCAD: "fine",
      clock: "fine",
    });
    expect(
      (await runDoctor({ files: [], node }, { ...scene.deps, environment })).every(
        ({ verdict, remedy }) => verdict === "fine" || remedy !== undefined,
      ),
    ).toBe(true);
  });

  test("no key, no file, no network", async () => {
    scene = await openScene();
    const unreachable: Deps = {
      ...scene.deps,
      environment: {},
      world: {
        ...scene.world,
        send: () =>
          Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })),
      },
    };
    expect(await verdicts(unreachable)).toEqual({
      "Node.js": "fine",
      file: "failed",
      "API key": "failed",
      workspace: "failed",
      clock: "failed",
    });
  });

  test("a workspace that the key does not reach", async () => {
    scene = await openScene();
    await scene.write(`workspace: tea-00000000000000000000\n${file}`);
    expect(await verdicts()).toMatchObject({ "API key": "fine", workspace: "failed" });
  });

  test("a clock that is minutes off", async () => {
    scene = await openScene();
    await scene.write(file);
    const world = { ...scene.world, now: () => scene.world.now() + 180_000 };
    const checks = await runDoctor({ files: [], node }, { ...scene.deps, world });
    expect(checks.find(({ name }) => name === "clock")).toMatchObject({
      verdict: "warning",
      says: expect.stringMatching(/^is 1(?:79|80) seconds off/) as string,
    });
  });

  test("a key of the state that git would take in, and a folder that cannot be written to", async () => {
    scene = await openScene();
    await scene.write(file);
    await mkdir(join(scene.folder, "state"));
    expect(await verdicts()).toMatchObject({ "state folder": "warning" });
    await writeFile(join(scene.folder, "state/.gitignore"), "key\n");
    expect(await verdicts()).toMatchObject({ "state folder": "fine" });
    await chmod(join(scene.folder, "state"), 0o500);
    const isRoot = process.getuid?.() === 0;
    expect((await verdicts())["state folder"]).toBe(isRoot ? "fine" : "failed");
    await chmod(join(scene.folder, "state"), 0o700);
  });
});

describe("whoami", () => {
  test("tells the user, every workspace, and the one that commands work on", async () => {
    scene = await openScene();
    const identity = await runWhoami({}, scene.deps);
    const render = known(identity.render);
    expect(render.user.email).not.toBe("");
    expect(render.workspaces).toHaveLength(2);
    expect(render.workspace).toMatchObject({
      id: scene.simulator.env["RENDER_OWNER_ID"],
      name: expect.any(String) as string,
    });
    const text = renderIdentity(identity, screen);
    for (const { id, name } of render.workspaces) expect(text).toMatch(new RegExp(`${name} +${id}`));
    expect(text.match(/^ {2}> /gm)).toHaveLength(1);
  });

  test("says what to do where several are possible", async () => {
    scene = await openScene();
    const { RENDER_OWNER_ID: _id, ...environment } = scene.simulator.env;
    const identity = await runWhoami({}, { ...scene.deps, environment });
    expect(known(identity.render).workspace).toMatchObject({ problems: [{ code: "workspace-ambiguous" }] });
    expect(renderIdentity(identity, screen)).toContain("Say which one");
  });
});
