import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { runTrueup } from "../shells/start-program.ts";
import { openEchoingApi, spellings, type EchoingApi } from "./echoing-api.ts";
import { findLeaks, makeLooks, readPlaces, type Looks, type Places, type Planted } from "./scan.ts";

/** A text that every way of quoting changes, so that no spelling hides behind another. */
function makeCanary(source: string): string {
  const core = createHash("sha256").update(source).digest("base64url");
  return `${core.slice(0, 14)} "/\\+&%é=${core.slice(14, 28)}`;
}

const planted = {
  literal: makeCanary("literal"),
  "literal by shape": `sk_live_${makeCanary("shape").slice(0, 14).replaceAll(/\W/g, "x")}4242`,
  environment: makeCanary("environment"),
  asked: makeCanary("asked"),
  file: makeCanary("file"),
  "secret file": makeCanary("secret file"),
  group: makeCanary("group"),
  "changed outside": makeCanary("changed outside"),
  "not in the file": makeCanary("not in the file"),
  "database of the error": "Zq8rT2vLx9Kp4mWn",
  "key of the error": "rnd_Hk3vQ8sW2xZr7TqLm5Np",
} satisfies Planted;

const gossip = `postgresql://shop:${planted["database of the error"]}@dpg-1/shop, ${planted["key of the error"]}`;

const file = `
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - {key: LEVEL, value: info}
      - {key: SIGNING_SECRET, value: ${JSON.stringify(planted.literal)}}
      - {key: STRIPE, value: ${planted["literal by shape"]}}
      - {key: TOKEN, fromEnvironment: SHOP_TOKEN}
      - {key: LICENCE, fromFile: licence.txt}
      - {key: ADMIN, sync: false}
      - {key: SESSION, generateValue: true}
      - {key: DATABASE_URL, fromDatabase: {name: main, property: connectionString}}
      - {key: DATABASE_PASSWORD, fromDatabase: {name: main, property: password}}
      - fromGroup: shared
    secretFiles:
      - {name: private.pem, value: ${JSON.stringify(planted["secret file"])}}
envVarGroups:
  - name: shared
    envVars:
      - {key: MAIL_PASSWORD, value: ${JSON.stringify(planted.group)}}
databases:
  - {name: main, plan: basic-256mb, postgresMajorVersion: "18"}
`;

/** Where the test itself put secrets; and the key of the digests, which is one, and is checked by itself. */
const sources = ["trueup.yaml", "wrong.yaml", "failing.yaml", "values.env", "licence.txt", "state/key"];

/** One folder with the file in it, one account, and everything that ever came out. */
type Stage = {
  readonly simulator: Simulator;
  readonly api: EchoingApi;
  readonly folder: string;
  readonly outputs: { [place: string]: string | Buffer };
  /** What lay in the folder at any request. */
  readonly looks: Looks;
  /** Permissions of the files of the state, as they were at any request. */
  readonly modes: { [name: string]: number };
  readonly run: (...args: readonly string[]) => Promise<number | null>;
};

let stage: Stage;
afterEach(async () => {
  await stage.api.close();
  await stage.simulator.close();
  await rm(stage.folder, { recursive: true, force: true });
});

async function openStage(logging: readonly string[]): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  const switches = { datastoreMs: 0, buildMs: 0, updateMs: 0 };
  const simulator = await startSimulator({ switches, limits: "off" });
  const outputs: Stage["outputs"] = {};
  const modes: Stage["modes"] = {};
  const looks = makeLooks();
  const look = (): void => {
    Object.assign(modes, readModes(join(folder, "state")));
    looks.add(readPlaces(folder, sources));
  };
  const lastWords = (): readonly string[] => environmentOf(simulator).flatMap(spellings).slice(-90);
  const api = await openEchoingApi({ target: simulator.render, gossip, lastWords, onRequest: look });
  await mkdir(join(folder, "tmp"));
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "trueup.yaml"), file);
  await writeFile(
    join(folder, "wrong.yaml"),
    file.replace("plan: starter", "plan: startr").replace("{key: LEVEL", "{kye: LEVEL"),
  );
  const fails = "buildCommand: exit 1\n    lifecycle: { deploy: wait }";
  await writeFile(join(folder, "failing.yaml"), file.replace("buildCommand: npm ci", fails));
  await writeFile(join(folder, "values.env"), `ADMIN=${JSON.stringify(planted.asked)}\n`);
  await writeFile(join(folder, "licence.txt"), planted.file);
  await writeRecordingGit(folder);
  const env = {
    ...simulator.env,
    RENDER_HOST: api.url,
    SHOP_TOKEN: planted.environment,
    TMPDIR: join(folder, "tmp"),
    PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
  };
  const run: Stage["run"] = async (...args) => {
    const ended = await runTrueup([...args, ...logging], { folder, env });
    const name = `run ${Object.keys(outputs).length / 2}, ${args.join(" ")}`;
    outputs[`stdout of ${name}`] = ended.stdout;
    outputs[`stderr of ${name}`] = ended.stderr;
    return ended.code;
  };
  return { simulator, api, folder, outputs, looks, modes, run };
}

/** Permissions of every file below a folder; none when it is not there yet. */
function readModes(folder: string): { readonly [name: string]: number } {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      name,
      (statSync(join(parentPath, name), { throwIfNoEntry: false })?.mode ?? 0o600) & 0o777,
    ]),
  );
}

/** The only other program that trueup starts, replaced by one that notes its arguments and its environment and knows an origin. */
async function writeRecordingGit(folder: string): Promise<void> {
  const path = join(folder, "bin/git");
  const lines = [
    "#!/bin/sh",
    `{ for word in "$@"; do echo "$word"; done; env; } >> '${join(folder, "children.log")}'`,
    "echo https://github.com/acme/api",
  ];
  await writeFile(path, lines.join("\n"));
  await chmod(path, 0o755);
}

/** All that a program of the only service finds in its environment. */
function environmentOf(simulator: Simulator): readonly string[] {
  type Holder = { envVars: { value: string }[]; secretFiles: { content: string }[] };
  const { services = [], environmentGroups = [] } = simulator.account.save().tables;
  return ([...services, ...environmentGroups] as unknown as Holder[]).flatMap(({ envVars, secretFiles }) => [
    ...envVars.map(({ value }) => value),
    ...secretFiles.map(({ content }) => content),
  ]);
}

/** As somebody else: a variable is changed and another one added. */
async function meddle(): Promise<void> {
  const { tables } = stage.simulator.account.save();
  const id = tables["services"]![0]!.id;
  for (const [key, value] of [
    ["DATABASE_URL", planted["changed outside"]],
    ["THEIRS", planted["not in the file"]],
  ]) {
    const path = `/services/${id}/env-vars/${key!}`;
    const body = JSON.stringify({ method: "PUT", path, body: { value } });
    const answer = await fetch(`${stage.simulator.control}/edit`, { method: "POST", body });
    expect(answer.ok).toBe(true);
  }
}

/** What only the account knows: it is planted by the API. */
async function plantedByTheApi(): Promise<Planted> {
  const { tables } = stage.simulator.account.save();
  const [service] = tables["services"] as unknown as [{ envVars: { key: string; value: string }[] }];
  const [database] = tables["postgres"] as unknown as [{ password: string }];
  const generated = service.envVars.find(({ key }) => key === "SESSION")!.value;
  expect(database.password.length).toBeGreaterThan(12);
  expect(generated.length).toBeGreaterThan(12);
  return {
    generated,
    "password of the database": database.password,
    "API key": stage.simulator.env["RENDER_API_KEY"]!,
    "key of the digests": (await readFile(join(stage.folder, "state/key"), "utf8")).trim(),
  };
}

/** What the program printed last. */
function lastOutput(): string {
  const names = Object.keys(stage.outputs).filter((place) => place.startsWith("stdout of "));
  return String(stage.outputs[names.at(-1)!]);
}

async function everyPlace(): Promise<Places> {
  const during = Object.entries(stage.looks.places()).map(([place, seen]) => [`${place} during a run`, seen]);
  return { ...stage.outputs, ...Object.fromEntries(during), ...readPlaces(stage.folder, sources) };
}

const values = ["--values", "values.env"];

/** Mistakes in the file, plans in every form, refused writes that are echoed, runs that go through, and what others changed. */
async function tryEverything({ run, api }: Stage): Promise<void> {
  expect(await run("plan", "-f", "wrong.yaml")).toBe(1);
  expect(await run("plan", ...values, "--out", "saved.plan.json", "--schedule")).toBe(2);
  api.refuse(true);
  expect(await run("apply", "--yes", ...values)).toBe(1);
  api.refuse(false);
  expect(await run("apply", "saved.plan.json", ...values, "--events")).toBe(0);
  await meddle();
  expect(await run("plan", "--json")).toBe(2);
  api.refuse(true);
  expect(await run("apply", "--yes", "--json")).toBe(1);
  api.refuse(false);
  expect(
    await run("apply", "-f", "failing.yaml", "--file-id", "trueup.yaml", "--yes", "--events", ...values),
  ).toBe(1);
  expect(lastOutput()).toContain("| (secret)");
}

/** What a level that logs less than everything can show of it. */
async function tryTheUsual({ run, api }: Stage): Promise<void> {
  api.refuse(true);
  expect(await run("apply", "--yes", ...values)).toBe(1);
  api.refuse(false);
  expect(await run("apply", "--yes", ...values)).toBe(0);
  await meddle();
  expect(await run("plan")).toBe(2);
}

describe("no secret leaves by any door", () => {
  test.each(["text", "json"])("at the level debug, as %s", async (format) => {
    stage = await openStage(["--log-level", "debug", "--log-format", format]);
    await tryEverything(stage);
    const places = await everyPlace();
    expect(Object.keys(places)).toEqual(
      expect.arrayContaining([
        "saved.plan.json",
        "children.log",
        "state/default/inventory.json",
        "state/default/journal.ndjson during a run",
      ]),
    );
    expect(findLeaks({ ...planted, ...(await plantedByTheApi()) }, places)).toEqual([]);
  });

  test.each(["silent", "error", "warn", "info"])("at the level %s", async (level) => {
    stage = await openStage(["--log-level", level]);
    await tryTheUsual(stage);
    expect(findLeaks({ ...planted, ...(await plantedByTheApi()) }, await everyPlace())).toEqual([]);
  });
});

test("the same search finds a secret that is planted in any of these places", async () => {
  stage = await openStage(["--log-level", "debug"]);
  expect(await stage.run("apply", "--yes", "--values", "values.env")).toBe(0);
  expect(findLeaks(planted, await everyPlace())).toEqual([]);
  const { folder } = stage;
  const secret = planted.environment;
  await writeFile(join(folder, "tmp/left-over"), Buffer.from(secret).toString("base64"));
  await writeFile(
    join(folder, "state/default/journal.ndjson"),
    JSON.stringify({ path: encodeURIComponent(secret) }),
  );
  // A name that the file has no right to: the program repeats it, as it repeats every unknown key.
  await writeFile(join(folder, "trueup.yaml"), `${JSON.stringify(secret)}: 1\n${file}`);
  expect(await stage.run("plan")).toBe(1);
  const found = findLeaks(planted, await everyPlace());
  expect(found).toContain("tmp/left-over holds environment as base64");
  expect(found).toContain("state/default/journal.ndjson holds environment as URL");
  expect(found.some((leak) => leak.startsWith("stderr of "))).toBe(true);
});

test("what is on disk for this machine alone cannot be read by others", async () => {
  stage = await openStage([]);
  expect(await stage.run("apply", "--yes", "--values", "values.env")).toBe(0);
  expect(await stage.run("plan")).toBe(0);
  expect(stage.modes).toMatchObject({ key: 0o600, "journal.ndjson": 0o600, lock: 0o600 });
  const ignored = (await readFile(join(stage.folder, "state/.gitignore"), "utf8")).split("\n");
  expect(ignored).toEqual(expect.arrayContaining(["key", "*/journal.ndjson"]));
});
