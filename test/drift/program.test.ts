import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { runTrueup, type Ended } from "../shells/start-program.ts";

const file = `services:
  - { type: worker, name: jobs, runtime: image, image: { url: nginx }, plan: starter, envVars: [{ key: LEVEL, value: info }] }
webhooks:
  - { name: deploys, url: "https://hooks.acme.test/in" }
`;

let folder: string;
let simulator: Simulator;
const requests: RequestLine[] = [];

const trueup = (...args: readonly string[]): Promise<Ended> =>
  runTrueup(args, { folder, env: simulator.env });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  await writeFile(join(folder, "trueup.yaml"), file);
  simulator = await startSimulator({ limits: "off", onRequest: (line) => requests.push(line) });
  expect((await trueup("apply", "--yes")).code).toBe(0);
});

afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

/** Somebody has the events sent elsewhere. */
async function divertEvents(): Promise<void> {
  const [webhook] = simulator.save().tables["webhooks"] ?? [];
  const answer = await fetch(`${simulator.control}/edit`, {
    method: "POST",
    body: JSON.stringify({
      method: "PATCH",
      path: `/webhooks/${webhook!.id}`,
      body: { url: "https://theirs.test" },
    }),
  });
  expect(answer.ok).toBe(true);
}

/** Every file below `state/` with its content. */
async function readState(): Promise<readonly (readonly [path: string, text: string])[]> {
  const entries = await readdir(join(folder, "state"), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.sort().map(async (path) => [path, await readFile(path, "utf8")] as const));
}

test("exits 0 where nothing drifted, 5 where something did, and 0 with --exit-zero", async () => {
  const clean = await trueup("drift");
  expect(clean).toMatchObject({ code: 0 });
  expect(clean.stdout).toContain("Drift  none, 2 as the file says");

  await divertEvents();
  const before = await readState();
  const sent = requests.length;
  const drifted = await trueup("drift");
  expect(drifted.code).toBe(5);
  expect(drifted.stdout).toContain("! render/webhook/deploys");
  expect(drifted.stdout).toContain("Drift  1 changed outside, 1 as the file says");
  expect((await trueup("drift", "--exit-zero")).code).toBe(0);

  const told = await trueup("drift", "--json");
  expect(told.code).toBe(5);
  expect(JSON.parse(told.stdout)).toMatchObject({
    formatVersion: "1.0",
    drift: true,
    drifted: [
      {
        address: "render/webhook/deploys",
        verdict: "changed",
        change: {
          fields: [
            {
              field: "url",
              before: { show: "public", value: "https://theirs.test" },
              after: { show: "public", value: "https://hooks.acme.test/in" },
              verdict: "outside",
            },
          ],
        },
      },
    ],
    pending: [],
    unchanged: 1,
  });
  expect((await trueup("drift", "--json", "--exit-zero")).stdout).toBe(told.stdout);

  expect(requests.slice(sent).filter(({ method }) => method !== "GET")).toEqual([]);
  expect(await readState()).toEqual(before);
  expect((await trueup("apply", "--yes")).code).toBe(0);
  expect((await trueup("drift")).code).toBe(0);
});

test("exits 1 when it could not look, with or without --exit-zero", async () => {
  const ended = await runTrueup(["drift", "--exit-zero"], {
    folder,
    env: { ...simulator.env, RENDER_API_KEY: "wrong" },
  });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain("401");
});
