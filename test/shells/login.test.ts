import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { renderDeviceCode, renderSignOut } from "../../src/views/account/sign-in.ts";
import { runTrueup, type Ended, type Options } from "./start-program.ts";

let folder: string;
let simulator: Simulator;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  simulator = await startSimulator({ clock: "virtual" });
});

afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

/** Of a person who has no token in her environment, nor a key ring of the machine that tests this. */
function trueup(args: readonly string[], onStderr?: Options["onStderr"]): Promise<Ended> {
  const { RENDERCAD_API_TOKEN: _token, RENDER_API_KEY: _key, ...env } = simulator.env;
  return runTrueup(args, { folder, env, ...(onStderr && { onStderr }) });
}

const login = ["login", "rendercad", "--no-key-ring"];

/** Opens the link, as soon as it is shown. */
function openLink(): NonNullable<Options["onStderr"]> {
  let said = "";
  let isOpened = false;
  return (text) => {
    said += text;
    const [link] = /http:\/\/\S+auth_device\S+(?=["\n])/.exec(said) ?? [];
    if (link === undefined || isOpened) return;
    isOpened = true;
    void fetch(link.replace(/".*/, ""));
  };
}

const tokensOf = () =>
  (simulator.save().tables["rendercad tokens"] ?? []).map((row) => ("token" in row ? String(row.token) : ""));

describe("login, whoami and logout", () => {
  test("follow each other, and the token stands in the one file and nowhere else", async () => {
    const signedIn = await trueup([...login, "--log-level", "debug"], openLink());
    expect(signedIn).toMatchObject({ code: 0 });
    expect(signedIn.stdout).toMatch(
      /^Signed in to RENDERCAD as ada@acme\.test, plan professional\.\nThe token is kept in /,
    );
    expect(signedIn.stderr).toContain(
      "debug call method=GET path=/auth.php?action=poll_device_code status=200",
    );
    const who = await trueup(["whoami"]);
    expect(who).toMatchObject({ code: 0, stderr: "" });
    expect(who.stdout).toMatch(/^RENDERCAD: ada@acme\.test\n[^]*kept by login rendercad/);
    const [, token = ""] = tokensOf();
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    expect(files.map(({ name }) => name)).toEqual(["rendercad.json"]);
    expect(await readFile(join(folder, ".config/trueup/rendercad.json"), "utf8")).toContain(token);
    const out = await trueup(["logout", "rendercad"]);
    expect(out).toMatchObject({ code: 0, stderr: "" });
    expect(out.stdout).toContain("stays valid until you revoke it");
    expect(JSON.stringify([signedIn, who, out])).not.toContain(token);
    expect((await trueup(["whoami"])).code).toBe(1);
    expect((await trueup(["logout"])).stdout).toContain("Nobody was signed in");
  });

  test("speak JSON, the code as an event, and take no other account", async () => {
    const signedIn = await trueup([...login, "--json", "--events"], openLink());
    expect(JSON.parse(signedIn.stdout)).toMatchObject({ formatVersion: "1.0", isNew: true, uses: "sign-in" });
    const events = signedIn.stderr.trimEnd().split("\n");
    expect(events.map((line) => JSON.parse(line) as object)).toMatchObject([{ event: "device-code" }]);
    expect(JSON.parse((await trueup(["logout", "--json"])).stdout)).toMatchObject({ signedOut: true });
    expect(await trueup(["login", "render"])).toMatchObject({ code: 1, stdout: "" });
  });

  test("Ctrl-C gives up with 130; a code that nobody confirms expires with 1", async () => {
    const stopped = await trueup(
      login,
      (text, child) => void (text.includes("code") && child.kill("SIGINT")),
    );
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    const expired = await trueup(login);
    expect(expired).toMatchObject({ code: 1, stdout: "" });
    expect(expired.stderr).toContain("sign-in-expired");
    expect(tokensOf()).toHaveLength(1);
  });
});

describe("what is shown", () => {
  const screen = { columns: 80, colour: false, unicode: true };
  const device = {
    code: "ABCDEF",
    url: "https://rendercad.ai/auth_device.html?code=ABCDEF",
    expiresAt: 600_000,
    pollEvery: 3_000,
  };

  test("the link stands whole on its own line, however narrow the terminal is", () => {
    const text = renderDeviceCode(device, "opens", { now: 0, screen: { ...screen, columns: 40 } });
    expect(text.split("\n")).toContain(`  ${device.url}`);
    expect(text).toContain("good for 10 min");
  });

  test("a link and a code from outside steer no terminal", () => {
    const evil = { ...device, url: "https://rendercad.ai/\u001B]0;title\u0007\u202E", code: "A\u001B[2J" };
    const text = renderDeviceCode(evil, "elsewhere", { now: 0, screen });
    expect(text).toBe(stripVTControlCharacters(text));
    expect(text).toContain("\\u{7}\\u{202e}");
    expect(text).toContain("another place than RENDERCAD_HOST");
  });

  test("of a name that was kept, as little", () => {
    const signIn = {
      email: "ada\u001B[31m@acme.test",
      signedInAt: "2026-11-22T09:00:00.000Z",
      keptIn: "file" as const,
    };
    const text = renderSignOut({ host: "https://rendercad.ai/backend", variableWins: true, signIn }, screen);
    expect(text).toBe(stripVTControlCharacters(text));
    expect(text).toContain("commands go on with that token");
  });
});
