import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { runTrueup, type Options } from "../shells/start-program.ts";
import { findLeaks, readPlaces, type Planted } from "./scan.ts";

const example = fileURLToPath(new URL("../../examples/rendercad/trueup.yaml", import.meta.url));
const switches = { buildMs: 0, updateMs: 0 };
const every = ["--log-level", "debug", "--events"];

let simulator: Simulator;
let folder: string;
afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** Every token and secret that RENDERCAD ever issued in this account, revoked ones too. */
function issued(): Planted {
  const { tables } = simulator.account.save();
  const rows = (name: string, column: string): readonly [string, string][] =>
    (tables[name] ?? []).map((row, index) => [
      `${name} ${index}`,
      String((row as unknown as { [name: string]: string })[column]),
    ]);
  return Object.fromEntries([...rows("rendercad tokens", "token"), ...rows("rendercad webhooks", "secret")]);
}

test("what RENDERCAD shows once is in the variables that take it, and in no other byte", async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  simulator = await startSimulator({ switches, limits: "off", clock: "virtual" });
  await copyFile(example, join(folder, "trueup.yaml"));
  const places: { [place: string]: string | Buffer } = {};
  const run = async (args: readonly string[], more: Partial<Options> = {}): Promise<number | null> => {
    const ended = await runTrueup(args, { folder, env: { ...simulator.env }, ...more });
    const name = `run ${Object.keys(places).length}, ${args.join(" ")}`;
    places[`stdout of ${name}`] = ended.stdout;
    places[`stderr of ${name}`] = ended.stderr;
    for (const [place, content] of Object.entries(readPlaces(folder, ["state/key"])))
      places[`${place} after ${name}`] = content;
    return ended.code;
  };

  expect(await run(["plan", "--schedule", "--out", "saved.json", ...every])).toBe(2);
  expect(await run(["apply", "--yes", ...every])).toBe(0);
  expect(await run(["plan", "--json"])).toBe(0);
  expect(await run(["rotate", "rendercad/token/studio", "--yes", ...every])).toBe(0);

  // Killed where a new value is in memory and nowhere else yet.
  const changed = (await readFile(example, "utf8")).replaceAll("scope: render-only", "scope: read-only");
  await writeFile(join(folder, "trueup.yaml"), changed);
  let isKilled = false;
  await run(["apply", "--yes", ...every], {
    onStderr: (text, child) => {
      if (isKilled || !/create_api_token/u.test(text)) return;
      isKilled = true;
      child.kill("SIGKILL");
    },
  });
  expect(isKilled).toBe(true);
  expect(await run(["state", "unlock"])).toBe(0);
  expect(await run(["apply", "--yes", ...every])).toBe(0);

  expect(await run(["drift", "--json"])).toBe(0);
  expect(await run(["state", "show", "--json"])).toBe(0);
  expect(await run(["runs", "list", "--json"])).toBe(0);
  expect(await run(["export", "--json"])).toBe(0);
  expect(await run(["graph", "--format", "json"])).toBe(0);
  expect(Object.keys(issued()).length).toBeGreaterThan(6);
  expect(findLeaks(issued(), places)).toEqual([]);
});
