import type { ValidateFunction } from "ajv/dist/2020.js";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../src/core/base/json.ts";
import { byText } from "../../src/core/base/address.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { schemaText } from "../../src/commands/schema.ts";
import { runTrueup, type Ended, type Options } from "../shells/start-program.ts";
import { compileKind, compileStrictly } from "./strict-schema.ts";

/*
 * Every command with --json, in one account that lives on from one to the next. What is printed is held against the schema
 * of its kind, and its verdict against the exit code.
 */

const service = (more = ""): string => `services:
  - type: web
    name: api
    runtime: node
    plan: starter
    repo: https://github.com/acme/api
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - { key: LOG_LEVEL, value: info }
      - { key: SENTRY_DSN, sync: false }
${more}`;
const store = "databases:\n  - { name: main, plan: basic-256mb }\n";
const token = "rendercad:\n  tokens:\n    - { name: worker, scope: full-access }\n";
const use = "      - { key: TOKEN, fromRendercadToken: { name: worker } }\n";
const full = `${service(use)}${store}${token}`;

const schema = JSON.parse(schemaText("output")) as JsonObject;
const fits = compileStrictly(schema);
const kinds = new Map<string, ValidateFunction>();
const fitsEvent = compileStrictly(JSON.parse(schemaText("events")) as JsonObject);
const codes: { readonly [verdict: string]: number } = {
  done: 0,
  failed: 1,
  pending: 2,
  refused: 3,
  declined: 3,
  stopped: 4,
  drift: 5,
  locked: 6,
  interrupted: 130,
};
/** Commands whose output is no document: a story, a script, a schema. */
const without = ["demo", "completion", "schema"];

let folder: string;
let simulator: Simulator;
const seen = new Set<string>();
const commands = new Set<string>();
let lines = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  simulator = await startSimulator({ clock: "virtual", switches: { datastoreMs: 0 }, limits: "off" });
});

afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

type Document = { readonly [member: string]: unknown };

/** Runs a command, and judges the document it prints: its schema, its verdict, and the lines on stderr where those are events. */
async function say(words: string, options: Partial<Options> = {}): Promise<Document> {
  const args = [...words.split(" "), "--json"];
  const ended: Ended = await runTrueup(args, { folder, env: simulator.env, ...options });
  const document = JSON.parse(ended.stdout) as Document;
  const kind = String(document["kind"]);
  if (!kinds.has(kind)) kinds.set(kind, compileKind(schema, kind));
  const fitsKind = kinds.get(kind)!;
  const told = { words, kind, valid: fitsKind(document), errors: fitsKind.errors?.slice(0, 4) };
  expect(told).toEqual({ words, kind, valid: true, errors: undefined });
  expect({ words, code: ended.code }).toEqual({ words, code: codes[String(document["verdict"])] });
  seen.add(kind);
  commands.add(args[0] ?? "");
  if (!words.includes("--events")) return document;
  for (const line of ended.stderr.trim().split("\n").filter(Boolean)) {
    const isEvent = fitsEvent(JSON.parse(line));
    expect({ line, isEvent }).toEqual({ line, isEvent: true });
    lines += 1;
  }
  return document;
}

function write(text: string, name = "trueup.yaml"): Promise<void> {
  return writeFile(join(folder, name), text);
}

function edit(body: { readonly method: string; readonly path: string; readonly body?: object }) {
  return fetch(`${simulator.control}/edit`, { method: "POST", body: JSON.stringify(body) });
}

describe("a command that cannot begin prints its problems", () => {
  test.each([
    ["plan", "failed"],
    ["apply --yes", "failed"],
    ["plan --shedule", "failed"],
    ["aply", "failed"],
    ["state show api", "failed"],
    ["runs show r1", "failed"],
    ["validate", "failed"],
    ["state adopt", "failed"],
  ])("%s", async (words, verdict) => {
    expect(await say(words)).toMatchObject({ kind: "problems", verdict });
  });
});

describe("every command", () => {
  test("init, validate, doctor, whoami, limits, version, sim --coverage", async () => {
    expect(await say("init")).toMatchObject({ kind: "init", file: "trueup.yaml" });
    await write(`services:\n  - { type: web, name: api, runtime: node, plan: startr }\n`);
    expect(await say("validate")).toMatchObject({ kind: "validation", verdict: "failed", valid: false });
    await write(full);
    expect(await say("validate")).toMatchObject({ kind: "validation", verdict: "done" });
    expect(await say("cost")).toMatchObject({ kind: "cost", currency: "USD" });
    expect(await say("doctor")).toMatchObject({ kind: "doctor", verdict: "done" });
    expect(await say("whoami")).toMatchObject({ kind: "whoami", verdict: "done" });
    expect(await say("limits")).toMatchObject({ kind: "limits" });
    expect(await say("version")).toMatchObject({ kind: "version" });
    expect(await say("sim --coverage")).toMatchObject({ kind: "coverage" });
  }, 300_000);

  test("plan of creations with a rehearsal, apply that nobody agreed to, apply, and nothing left to do", async () => {
    expect(await say("plan --simulate")).toMatchObject({
      kind: "plan",
      verdict: "pending",
      rehearsal: { verdict: "converges" },
    });
    expect(await say("plan --max-wait 0s")).toMatchObject({ kind: "plan" });
    expect(await say("apply")).toMatchObject({ verdict: "failed" });
    expect(await say("apply --yes --events")).toMatchObject({
      kind: "run",
      verdict: "done",
      ungiven: [{ entries: ["envVars.SENTRY_DSN"] }],
    });
    expect(await say("apply --yes")).toMatchObject({ kind: "run", verdict: "done", results: [] });
    expect(await say("plan --simulate=crash")).toMatchObject({ kind: "plan" });
  }, 300_000);

  test("drift, and a plan that takes it back", async () => {
    const { resources } = (await say("state list")) as { resources: { address: string; id: string }[] };
    const id = resources.find(({ address }) => address === "render/service/api")?.id;
    await edit({ method: "PUT", path: `/services/${id}/env-vars/LOG_LEVEL`, body: { value: "debug" } });
    expect(await say("drift")).toMatchObject({ kind: "drift", verdict: "drift", drift: true });
    expect(await say("plan")).toMatchObject({ verdict: "pending", counts: { drifted: 1 } });
    expect(await say("drift --accept")).toMatchObject({ kind: "drift" });
    expect(await say("graph")).toMatchObject({ kind: "graph", verdict: "done" });
    expect(await say("graph --steps")).toMatchObject({ kind: "graph" });
  }, 300_000);

  test("a plan that is refused, and an apply of it; a rotation; what a run left", async () => {
    await write(`${service()}${token}`);
    expect(await say("plan --no-export")).toMatchObject({ kind: "plan", verdict: "refused" });
    expect(await say("apply --yes --no-export")).toMatchObject({ kind: "run", verdict: "refused" });
    await write(full);
    expect(await say("rotate rendercad/token/worker --yes --events")).toMatchObject({
      kind: "run",
      verdict: "done",
    });
    await write(full.replace("value: info", "value: debug").replace("node", "python"));
    await edit({ method: "POST", path: "/", body: {} });
    await fetch(`${simulator.control}/faults`, {
      method: "POST",
      body: JSON.stringify({ faults: "500@PATCH /services/*" }),
    });
    await say("apply --yes --events --allow-replace *");
    await fetch(`${simulator.control}/faults`, { method: "POST", body: JSON.stringify({ faults: "" }) });
    expect(await say("state show")).toMatchObject({ kind: "standing" });
    await write(full);
    await say("apply --yes --allow-replace *");
  }, 300_000);

  test("runs, state and export", async () => {
    const { runs } = (await say("runs list")) as { runs: { run: string }[] };
    expect(await say(`runs show ${runs[0]?.run}`)).toMatchObject({ kind: "run-record" });
    expect(await say("state show render/service/api")).toMatchObject({ kind: "resource" });
    expect(await say("state move render/service/api render/service/api")).toMatchObject({ kind: "resource" });
    expect(await say("state unlock")).toMatchObject({ kind: "unlocked", holder: null });
    expect(await say("state repair")).toMatchObject({ kind: "repaired" });
    expect(await say("export")).toMatchObject({ kind: "export", verdict: "done" });
    const { resource } = (await say("state forget render/service/api")) as { resource: { id: string } };
    expect(await say("plan")).toMatchObject({ kind: "plan" });
    expect(await say("plan --adopt")).toMatchObject({ counts: { adopt: 1 } });
    const terraform = {
      version: 4,
      resources: [
        {
          mode: "managed",
          type: "render_web_service",
          name: "api",
          provider: 'provider["registry.terraform.io/render-oss/render"]',
          instances: [{ attributes: { id: resource.id } }],
        },
      ],
    };
    await write(JSON.stringify(terraform), "terraform.tfstate");
    expect(await say("state adopt --from-terraform terraform.tfstate")).toMatchObject({
      kind: "adopted",
      adopted: [{ address: "render/service/api" }],
    });
    await say("state forget render/service/api");
    expect(await say(`state adopt render/service/api ${resource.id}`)).toMatchObject({ kind: "resource" });
    expect(await say("init --file live.yaml --from-live")).toMatchObject({ kind: "init", verdict: "done" });
  }, 300_000);

  test("destroy, login, logout, hooks verify", async () => {
    const refused = await say("destroy --yes --allow-data-loss * --no-export");
    const { answers } = refused["plan"] as { readonly answers: { readonly flags: readonly string[] } };
    const words = `destroy --yes --allow-data-loss * --no-export ${answers.flags.join(" ")}`;
    expect(await say(words)).toMatchObject({ kind: "run", verdict: "done" });
    const { RENDERCAD_API_TOKEN: _token, ...env } = simulator.env;
    let said = "";
    const onStderr = (text: string): void => {
      said += text;
      const [link] = /http:\/\/[^\s"]+auth_device[^\s"]+(?=")/u.exec(said) ?? [];
      if (link !== undefined) void fetch(link);
    };
    const signedIn = await say("login rendercad --no-key-ring --events", { env, onStderr });
    expect(signedIn).toMatchObject({ kind: "sign-in", verdict: "done" });
    expect(await say("logout", { env })).toMatchObject({ kind: "sign-out", signedOut: true });
    const signed = {
      env: { HOOK_SECRET: "whsec_x" },
      input: "X-Webhook-Signature: sha256=00\n\n{}",
    };
    expect(await say("hooks verify --secret-env HOOK_SECRET", signed)).toMatchObject({ verdict: "failed" });
  }, 300_000);

  test("is here, and so is every kind", async () => {
    const { stdout } = await runTrueup(["--help"], { folder });
    const listed = stdout.slice(stdout.indexOf("Commands:"), stdout.indexOf("Start here:"));
    const all = [...listed.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name ?? "");
    expect([...commands, ...without].filter((name) => name !== "aply").sort()).toEqual(
      all.filter((name) => name !== "help").sort(),
    );
    const { oneOf } = schema;
    const published = (oneOf as readonly { readonly $ref: string }[]).map(
      ({ $ref }) => $ref.split("/").at(-1) ?? "",
    );
    // `sim --json` runs until a signal: test/shells/program.test.ts reads what it says.
    expect([...seen, "simulator"].sort()).toEqual(published.sort(byText));
    expect(lines).toBeGreaterThan(10);
  });

  test("a member that no schema names is noticed", async () => {
    const document = await say("version");
    expect(fits({ ...document, more: 1 })).toBe(false);
    expect(fits({ ...document, verdict: "fine" })).toBe(false);
    expect(isObject(schema["$defs"])).toBe(true);
  });
});
