import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { runTrueup } from "../shells/start-program.ts";
import { findLeaks, readPlaces, type Places } from "./scan.ts";

const address = "render/postgres/main";
const file = (region: string): string =>
  `databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18", region: ${region} }]\n`;
const every = ["--log-level", "debug", "--events"];
const agreed = ["--allow-data-loss", address];

let simulator: Simulator;
let folder: string;
afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

test("the address of an export is fetched from, and is in no output, file or name of one", async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  const requests: RequestLine[] = [];
  const onRequest = (line: RequestLine): void => void requests.push(line);
  simulator = await startSimulator({ limits: "off", clock: "virtual", onRequest });
  const places: { [place: string]: Places[string] } = {};
  const run = async (args: readonly string[]): Promise<number | null> => {
    const ended = await runTrueup(args, { folder, env: { ...simulator.env } });
    const name = args.join(" ");
    places[`stdout of ${name}`] = ended.stdout;
    places[`stderr of ${name}`] = ended.stderr;
    for (const [place, content] of Object.entries(readPlaces(folder, ["state/key"])))
      places[`${place} after ${name}`] = content;
    return ended.code;
  };
  await writeFile(join(folder, "trueup.yaml"), file("oregon"));
  expect(await run(["apply", "--yes", ...every])).toBe(0);
  await writeFile(join(folder, "trueup.yaml"), file("ohio"));
  expect(await run(["plan", "--schedule", "--out", "saved.json", ...agreed])).toBe(2);
  expect(places[`stdout of plan --schedule --out saved.json ${agreed.join(" ")}`]).toContain(
    "exported first to exports/",
  );
  expect(await run(["plan", "--no-export", "--export-to", "kept", ...agreed])).toBe(2);
  expect(places[`stdout of plan --no-export --export-to kept ${agreed.join(" ")}`]).toContain(
    "--no-export --export-to kept",
  );
  expect(await run(["apply", "saved.json", "--yes", ...agreed, ...every])).toBe(0);
  expect(await run(["state", "show", "--json"])).toBe(0);
  expect(await run(["runs", "list", "--json"])).toBe(0);

  const [fetched, ...more] = requests.filter(({ path }) => path.startsWith("/exports/"));
  expect(more).toEqual([]);
  const [, id = "", signature = ""] = /^\/exports\/(.+)\.dir\.tar\.gz signature=(\w+)$/u.exec(
    `${fetched?.path} ${fetched?.query}`,
  )!;
  expect(findLeaks({ "signature of the address": signature }, places)).toEqual([]);
  expect(findLeaks({ "id of the export": id }, places, { whole: true })).toEqual([]);
  expect(Object.keys(places).filter((place) => place.startsWith("exports/main-"))).not.toEqual([]);
  const kept = await readdir(join(folder, "exports"));
  expect(kept.sort()).toEqual([".gitignore", expect.stringMatching(/^main-/u)]);
  const report = String(places[`stdout of apply saved.json --yes ${[...agreed, ...every].join(" ")}`]);
  expect(report).toContain(`exports/${kept[1]}`);
});
