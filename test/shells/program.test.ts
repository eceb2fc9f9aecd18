import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { program, runTrueup, type Ended } from "./start-program.ts";

const file = `databases:
  - name: main
    plan: basic-256mb
    region: oregon
services:
  - type: web
    name: api
    runtime: node
    plan: starter
    region: oregon
    repo: https://github.com/acme/api
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - key: DATABASE_URL
        fromDatabase: { name: main, property: connectionString }
      - key: LOG_LEVEL
        value: info
`;

let folder: string;
let simulator: Simulator;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  await writeFile(join(folder, "trueup.yaml"), file);
  simulator = await startSimulator({ switches: { datastoreMs: 0 } });
});

afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

function trueup(...args: readonly string[]): Promise<Ended> {
  return runTrueup(args, { folder, env: simulator.env });
}

it("a Node that is too old is told so by one sentence, whatever was asked", async () => {
  const older =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.18.3" } });';
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
  const { code, stdout, stderr } = await runTrueup(["plan"], { folder, env });
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: "",
    stderr: "trueup needs Node 20.19 or newer, and this is Node 20.18.3.\n",
  });
});

describe("usage", () => {
  it("tells the version on stdout", async () => {
    expect(await trueup("--version")).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  it("explains itself, and every command, on stdout", async () => {
    const help = await trueup("--help");
    expect(help).toMatchObject({ code: 0, stderr: "" });
    const listed = help.stdout.slice(help.stdout.indexOf("Commands:"), help.stdout.indexOf("Start here:"));
    const commands = [...listed.matchAll(/^ {2}(\w+) /gm)].map(([, command]) => command);
    expect(commands).toEqual(
      expect.arrayContaining(["plan", "apply", "validate", "init", "schema", "sim", "demo", "completion"]),
    );
    for (const command of commands.filter((name) => name !== "help")) {
      expect(await trueup(command ?? "", "--help")).toMatchObject({ code: 0, stderr: "" });
    }
  });

  it("suggests what an unknown command or option may have meant", async () => {
    const command = await trueup("aply");
    expect(command).toMatchObject({ code: 1, stdout: "" });
    expect(command.stderr).toContain("Did you mean apply?");
    expect((await trueup("plan", "--shedule")).stderr).toContain("Did you mean --schedule?");
  });
});

describe("plan and apply", () => {
  it("exit 2 while changes are pending, 0 with --exit-zero, and 0 when everything is equal", async () => {
    const pending = await trueup("plan");
    expect(pending.code).toBe(2);
    expect(pending.stdout).toContain("+ render/service/api");
    expect(pending.stdout).toMatch(/\nNext {3}trueup apply\n$/);
    expect((await trueup("plan", "--exit-zero")).code).toBe(0);
    expect((await trueup("apply", "--yes")).code).toBe(0);
    expect(await trueup("plan")).toMatchObject({ code: 0, stderr: "" });
  });

  it("write nothing without a terminal or --yes, and say so", async () => {
    const applied = await trueup("apply");
    expect(applied.code).toBe(1);
    expect(applied.stdout).toContain("+ render/service/api");
    expect(applied.stderr).toContain("--yes");
    expect((await trueup("plan")).code).toBe(2);
  });

  it("put results on stdout and progress on stderr, one line per step, without a terminal's codes", async () => {
    const applied = await trueup("apply", "--yes");
    expect(applied.stdout).toContain("Plan   2 to create\n");
    expect(applied.stdout).toMatch(/\nDone {3}\d+ steps in .+\n$/);
    expect(applied.stderr).toMatch(/^\[1\/\d] create render\/postgres\/main: done$/m);
    for (const text of [applied.stdout, applied.stderr]) expect(stripVTControlCharacters(text)).toBe(text);
    expect((await trueup("apply", "--yes", "--quiet")).stderr).toBe("");
  });

  it("print one JSON document with --json, and JSON lines on stderr with --events", async () => {
    const planned = await trueup("plan", "--json");
    expect(planned).toMatchObject({ code: 2, stderr: "" });
    expect(JSON.parse(planned.stdout)).toMatchObject({
      formatVersion: "1.0",
      pending: true,
      counts: { create: 2 },
    });
    const applied = await trueup("apply", "--yes", "--json", "--events");
    expect(JSON.parse(applied.stdout)).toMatchObject({ formatVersion: "1.0", verdict: "done" });
    const events = applied.stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string });
    expect([events[0]?.event, events.at(-1)?.event]).toEqual(["run-began", "run-ended"]);
  });

  it("print the same bytes for the same input", async () => {
    await trueup("apply", "--yes");
    await writeFile(join(folder, "trueup.yaml"), file.replace("info", "debug"));
    for (const format of [[], ["--json"], ["--schedule"]]) {
      const planned = await trueup("plan", ...format);
      expect(planned.code).toBe(2);
      expect(await trueup("plan", ...format)).toEqual(planned);
    }
  });

  it("apply a saved plan only while it is still the same", async () => {
    expect((await trueup("plan", "--out", "saved.json")).code).toBe(2);
    await writeFile(join(folder, "trueup.yaml"), file.replace("info", "debug"));
    const moved = await trueup("apply", "saved.json");
    expect(moved.code).toBe(1);
    expect(moved.stderr).toContain("no longer fits");
    await writeFile(join(folder, "trueup.yaml"), file);
    expect((await trueup("apply", "saved.json")).code).toBe(0);
    expect((await trueup("plan")).code).toBe(0);
  });

  it("exit 3 and write nothing when something is refused", async () => {
    await trueup("apply", "--yes");
    await rm(join(folder, "state"), { recursive: true });
    const before = simulator.account.save();
    const refused = await trueup("apply", "--yes");
    expect(refused.code).toBe(3);
    expect(refused.stdout).toContain("Refused for 2 reasons");
    expect(refused.stdout).toContain("run again with --adopt");
    expect(simulator.account.save()).toEqual(before);
    expect((await trueup("apply", "--yes", "--adopt")).code).toBe(0);
  });

  it("exit 1 with every problem of the file, in text or as JSON", async () => {
    await writeFile(
      join(folder, "trueup.yaml"),
      file.replace("starter", "startr").replace("buildCommand", "buildComand"),
    );
    const text = await trueup("plan");
    expect(text).toMatchObject({ code: 1, stdout: "" });
    expect(text.stderr).toContain("trueup.yaml:9:11");
    expect(text.stderr).toContain("trueup.yaml:12:5");
    const json = await trueup("plan", "--json");
    expect(json).toMatchObject({ code: 1, stderr: "" });
    expect((JSON.parse(json.stdout) as { problems: unknown[] }).problems).toHaveLength(2);
  });

  it("survive a reader that goes away", async () => {
    const child = spawn(process.execPath, [program, "apply", "--yes"], {
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: folder, ...simulator.env },
    });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const code = await new Promise((resolve) => void child.once("close", resolve));
    expect(code).toBe(0);
    expect(stderr).not.toContain("EPIPE");
    expect((await trueup("plan")).code).toBe(0);
  });

  it("finish the call in flight on the first signal, exit 130, and go on from there the next time", async () => {
    await simulator.close();
    simulator = await startSimulator({ switches: { datastoreMs: 3_600_000 } });
    const stopped = await runTrueup(["apply", "--yes"], {
      folder,
      env: simulator.env,
      onStderr: (text, child) => {
        if (text.includes("create render/postgres/main: done")) child.kill("SIGINT");
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain("Stopping");
    expect(stopped.stdout).toContain("Interrupted");
    const planned = await trueup("plan");
    expect(planned.stdout).not.toContain("+ render/postgres/main");
  });
});

describe("validate, init, schema and completion", () => {
  it("need no account", async () => {
    expect(await runTrueup(["validate"], { folder })).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse((await runTrueup(["schema"], { folder })).stdout)).toHaveProperty("$schema");
    expect((await runTrueup(["completion", "bash"], { folder })).stdout).toContain(
      "complete -F _trueup trueup",
    );
  });

  it("validate exits 1 where the file cannot be used", async () => {
    await writeFile(join(folder, "trueup.yaml"), file.replace("starter", "startr"));
    const text = await runTrueup(["validate"], { folder });
    expect(text.code).toBe(1);
    expect(text.stdout).toContain("trueup.yaml:9:11");
    const json = await runTrueup(["validate", "--json"], { folder });
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ formatVersion: "1.0", valid: false });
  });

  it("init starts a file that is valid, and never writes over one", async () => {
    const refused = await runTrueup(["init"], { folder });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("already here");
    expect(await readFile(join(folder, "trueup.yaml"), "utf8")).toBe(file);
    await rm(join(folder, "trueup.yaml"));
    expect((await runTrueup(["init"], { folder })).code).toBe(0);
    expect((await runTrueup(["validate"], { folder })).code).toBe(0);
  });
});

describe("sim", () => {
  it("runs a command beside the simulator and ends with its exit code", async () => {
    const ended = await trueup(
      "sim",
      "--",
      process.execPath,
      "-e",
      "process.exit(process.env.RENDER_HOST ? 7 : 1)",
    );
    expect(ended).toMatchObject({ code: 7, stdout: "", stderr: "" });
  });

  it("loads a file, logs requests, and saves the account", async () => {
    const args = ["--load", "trueup.yaml", "--requests", "requests.ndjson", "--save", "account.json"];
    const planned = await trueup("sim", ...args, "--", process.execPath, program, "plan");
    expect(planned.stdout).toContain("> render/service/api");
    const lines = (await readFile(join(folder, "requests.ndjson"), "utf8")).trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { method: string }).method)).not.toContain("POST");
    const again = await trueup("sim", "--load", "account.json", "--", process.execPath, program, "plan");
    expect(again.stdout).toContain("> render/service/api");
  });

  it("says with --json where everything is, and ends with a signal", async () => {
    const child = spawn(process.execPath, [program, "sim", "--json"], { cwd: folder });
    const ready = await new Promise<string>((resolve) =>
      child.stdout.setEncoding("utf8").once("data", resolve),
    );
    const told = JSON.parse(ready) as { render: string; env: { [name: string]: string } };
    const response = await fetch(`${told.render}/owners`, {
      headers: { authorization: `Bearer ${told.env["RENDER_API_KEY"]}` },
    });
    expect(response.status).toBe(200);
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => void child.once("close", resolve))).toBe(0);
  });
});
