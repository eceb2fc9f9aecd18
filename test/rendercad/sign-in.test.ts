import { readFile, stat, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { findRendercadToken } from "../../src/commands/accounts/rendercad-account.ts";
import { signIn, signOut, type SignInInput } from "../../src/commands/accounts/rendercad-sign-in.ts";
import { readStoredToken } from "../../src/commands/accounts/rendercad-token-store.ts";
import {
  isOpenable,
  nextPollIn,
  readDeviceCode,
  type DeviceCode,
} from "../../src/core/protocol/device-code.ts";
import { ProblemError, type Problem } from "../../src/core/base/problem.ts";
import { revealSecret, Secret } from "../../src/core/base/secret.ts";
import type { HttpRequest } from "../../src/world/transport.ts";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";

const scenes: Scene[] = [];

afterEach(async () => {
  await Promise.all(scenes.splice(0).map((scene) => scene.close()));
});

const minute = 60_000;

/** A machine where nobody is signed in yet, and no token stands in the environment. */
async function openMachine(options: SceneOptions = {}): Promise<Scene> {
  const scene = await openScene(options);
  scenes.push(scene);
  scene.setVariable("XDG_CONFIG_HOME", join(scene.folder, "config"));
  scene.setVariable("RENDERCAD_API_TOKEN", "");
  return scene;
}

async function decide(scene: Scene, decision: "approve" | "deny", code: string): Promise<void> {
  const told = { method: "POST", body: JSON.stringify({ code }) };
  const answer = await fetch(`${scene.simulator.control}/rendercad/${decision}`, told);
  if (!answer.ok) throw new Error(await answer.text());
}

/** Signs in; `decides` is what the person does once she sees the code. */
async function login(
  scene: Scene,
  input: Partial<SignInInput> & { decides?: (code: string) => Promise<unknown> | undefined } = {},
) {
  const shown: { device: DeviceCode; link: string }[] = [];
  let deciding: Promise<unknown> | undefined;
  const { decides = (code) => decide(scene, "approve", code), ...rest } = input;
  const report = await signIn(
    {
      again: false,
      keyRing: true,
      shown: (device, link) => {
        shown.push({ device, link });
        deciding = decides(device.code);
      },
      ...rest,
    },
    scene.deps,
  );
  await deciding;
  return { report, shown };
}

async function problemOf(asked: Promise<unknown>): Promise<Problem> {
  const error: unknown = await asked.catch((caught: unknown) => caught);
  if (error instanceof ProblemError && error.problems[0]) return error.problems[0];
  throw new Error(`no problem: ${String(error)}`);
}

const path = (scene: Scene) => join(scene.folder, "config/trueup/rendercad.json");
const tokens = (scene: Scene) =>
  scene.rows("rendercad tokens").flatMap(({ token }) => (typeof token === "string" ? [token] : []));
const calls = (scene: Scene, action: string) =>
  scene.requests.filter((line) => line.path.includes(action) || line.budget?.includes(action));

describe("signing in", () => {
  test("keeps a token that works, for the owner alone, and says whose it is", async () => {
    const scene = await openMachine();
    const { report, shown } = await login(scene);
    expect(report).toEqual({
      host: scene.simulator.rendercad,
      place: path(scene),
      keptIn: "file",
      isNew: true,
      email: expect.stringContaining("@") as string,
      plan: "professional",
      variableWins: false,
    });
    expect(shown).toMatchObject([
      { link: "to open", device: { code: expect.stringMatching(/^[A-Z]{6}$/) as string } },
    ]);
    const [, issued = ""] = tokens(scene);
    expect((await stat(path(scene))).mode & 0o777).toBe(0o600);
    expect((await stat(join(scene.folder, "config/trueup"))).mode & 0o777).toBe(0o700);
    const found = await findRendercadToken(scene.deps);
    expect(found instanceof Secret && revealSecret(found)).toBe(issued);
    expect(JSON.stringify([report, shown, scene.requests])).not.toContain(issued);
  });

  test("names the machine to RENDERCAD", async () => {
    const scene = await openMachine();
    await login(scene);
    expect(scene.rows("rendercad tokens")[1]).toMatchObject({ tokenName: "trueup on test" });
  });

  test("again makes no new token while the one that is kept works, unless it is asked for", async () => {
    const scene = await openMachine();
    await login(scene);
    const second = await login(scene);
    expect(second).toMatchObject({ report: { isNew: false }, shown: [] });
    expect(tokens(scene)).toHaveLength(2);
    expect((await login(scene, { again: true })).report.isNew).toBe(true);
    expect(tokens(scene)).toHaveLength(3);
    const [{ id = "" } = {}] = scene.rows("rendercad tokens").slice(-1);
    await revoke(scene, Number(id));
    expect((await login(scene)).report.isNew).toBe(true);
  });

  test("tells that RENDERCAD_API_TOKEN wins over it, and it does", async () => {
    const scene = await openMachine();
    scene.setVariable("RENDERCAD_API_TOKEN", "rendercad_of_the_environment");
    expect((await login(scene)).report).toMatchObject({ isNew: true, variableWins: true });
    const found = await findRendercadToken(scene.deps);
    expect(found instanceof Secret && revealSecret(found)).toBe("rendercad_of_the_environment");
    expect(await signOut(scene.deps)).toMatchObject({ variableWins: true, signIn: { keptIn: "file" } });
  });
});

describe("waiting for the person", () => {
  test("lasts as long as the code does and spends less than the limit, evenly enough to see a late yes", async () => {
    const scene = await openMachine();
    const expired = await problemOf(login(scene, { decides: () => undefined }));
    expect(expired.code).toBe("sign-in-expired");
    const polls = calls(scene, "device-code-poll");
    expect(polls.length).toBeGreaterThan(50);
    expect(polls.length).toBeLessThanOrEqual(60);
    expect(polls.map(({ status }) => status)).not.toContain(429);
    const late = await openMachine();
    const { report } = await login(late, {
      decides: async (code) => {
        await late.world.sleep(9 * minute);
        await decide(late, "approve", code);
      },
    });
    expect(report.isNew).toBe(true);
  });

  test("ends when she says no", async () => {
    const scene = await openMachine();
    const denied = await problemOf(login(scene, { decides: (code) => decide(scene, "deny", code) }));
    expect(denied.code).toBe("sign-in-denied");
    expect(await readStoredToken(scene.deps)).toBeUndefined();
  });

  test("survives lost answers: of the request, of the poll that carries the token, and of the check", async () => {
    const lost = new Set<string>();
    const scene = await openMachine({
      send: (send) => async (request) => {
        const answer = await send(request);
        const action = actionOf(request);
        const isFirst =
          !lost.has(action) && (action !== "poll_device_code" || answer.text.includes("api_token"));
        if (!isFirst || action === "none") return answer;
        lost.add(action);
        throw Object.assign(new Error("gone"), { code: "ECONNRESET" });
      },
    });
    const { report } = await login(scene);
    expect([...lost].sort()).toEqual(["check", "poll_device_code", "request_device_code"]);
    expect(report).toMatchObject({ isNew: true, email: expect.stringContaining("@") as string });
    expect(tokens(scene)).toHaveLength(2);
  });

  test("keeps a token whose check could not be made, and says so", async () => {
    const scene = await openMachine({
      send: (send) => async (request) => {
        if (actionOf(request) === "check") throw Object.assign(new Error("gone"), { code: "ECONNRESET" });
        return send(request);
      },
    });
    expect((await login(scene)).report).toMatchObject({ email: "", unchecked: { code: "unreachable" } });
    expect(await readStoredToken(scene.deps)).toBeInstanceOf(Secret);
  });

  test("stops on Ctrl-C, keeps nothing, and says what may be left at RENDERCAD", async () => {
    const stop = new AbortController();
    const scene = await openMachine({ stop: stop.signal });
    const stopped = await problemOf(
      login(scene, {
        decides: () => {
          stop.abort();
          return undefined;
        },
      }),
    );
    expect(stopped).toMatchObject({
      code: "interrupted",
      remedy: expect.stringContaining("Settings > API Tokens") as string,
    });
    expect(await readStoredToken(scene.deps)).toBeUndefined();
  });

  test("an eleventh sign-in within the hour is told when to come back", async () => {
    const scene = await openMachine();
    for (let count = 0; count < 10; count += 1) {
      const body = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
      await fetch(`${scene.simulator.rendercad}/auth.php?action=request_device_code`, body);
    }
    const refused = await problemOf(login(scene));
    expect(refused).toMatchObject({
      code: "rate-limited",
      remedy: expect.stringMatching(/in \d+ min/) as string,
    });
  });

  test("no pace that RENDERCAD may ask for spends more than 60 polls in any 10 minutes", () => {
    for (let seconds = 1; seconds <= 60; seconds += 1) {
      const times = [nextPollIn(0, seconds * 1000)];
      for (let polls = 1; polls < 200; polls += 1)
        times.push(times.at(-1)! + nextPollIn(polls, seconds * 1000));
      const most = Math.max(
        ...times.map((from) => times.filter((at) => at >= from && at < from + 10 * minute).length),
      );
      expect(most, `every ${seconds} s`).toBeLessThanOrEqual(60);
    }
  });
});

describe("the link", () => {
  test("is opened where there is a browser, once", async () => {
    const scene = await openMachine();
    const opened: { readonly url: string; readonly page: Promise<Response> }[] = [];
    const { shown } = await login(scene, {
      openBrowser: (url) => void opened.push({ url, page: fetch(url) }),
      decides: () => undefined,
    });
    expect(shown).toMatchObject([{ link: "opens", device: { url: opened[0]!.url } }]);
    expect(opened).toHaveLength(1);
    expect(await (await opened[0]!.page).text()).toContain("trueup on test");
  });

  test("to another host is shown and not opened", async () => {
    const scene = await openMachine({
      send: (send) => async (request) => {
        const answer = await send(request);
        return {
          ...answer,
          text: answer.text.replace(/http:\/\/127[^?]*\/auth_device/, "https://evil.test/auth_device"),
        };
      },
    });
    const opened: string[] = [];
    const { shown } = await login(scene, { openBrowser: (url) => void opened.push(url) });
    expect(shown).toMatchObject([{ link: "elsewhere" }]);
    expect(opened).toEqual([]);
  });

  test.each([
    ["https://rendercad.ai/auth_device.html?code=A", true],
    ["http://rendercad.ai/auth_device.html?code=A", false],
    ["https://rendercad.ai.evil.test/", false],
    ["https://rendercad.ai:8443/", false],
    ["https://rendercad.ai@evil.test/", false],
    ["https://ada:secret@rendercad.ai/", false],
    ["javascript:alert(1)", false],
    ["file:///etc/passwd", false],
    ["--help", false],
  ])("%s", (url, isOpened) => {
    expect(isOpenable(url, "https://rendercad.ai/backend")).toBe(isOpened);
  });

  test("an answer without a code, a link or a time is no device code", () => {
    const whole = {
      code: "ABCDEF",
      verification_url: "https://rendercad.ai",
      expires_in: 600,
      poll_interval: 3,
    };
    expect(readDeviceCode(whole, 0)).toMatchObject({ expiresAt: 600_000, pollEvery: 3_000 });
    for (const name of Object.keys(whole))
      expect(readDeviceCode({ ...whole, [name]: null }, 0)).toBeUndefined();
    expect(readDeviceCode({ ...whole, poll_interval: 0 }, 0)).toMatchObject({ pollEvery: 1_000 });
  });
});

describe("the token that is kept", () => {
  test("is never sent to another RENDERCAD_HOST, and a sign-in there leaves it alone", async () => {
    const [scene, other] = [await openMachine(), await openMachine()];
    await login(scene);
    scene.setVariable("RENDERCAD_HOST", other.simulator.rendercad);
    expect(await readStoredToken(scene.deps)).toBeUndefined();
    await login(scene, { decides: (code) => decide(other, "approve", code) });
    expect(await signOut(scene.deps)).toMatchObject({ signIn: {} });
    scene.setVariable("RENDERCAD_HOST", scene.simulator.rendercad);
    expect(revealSecret((await readStoredToken(scene.deps))!)).toBe(tokens(scene)[1]);
    const [sent] = [other.requests, scene.requests].map((lines) => JSON.stringify(lines));
    expect(sent).not.toContain(tokens(scene)[1]);
  });

  test("is gone after signing out, which says that it stays valid at RENDERCAD", async () => {
    const scene = await openMachine();
    await login(scene);
    const { signIn: left } = await signOut(scene.deps);
    expect(left).toMatchObject({ email: expect.stringContaining("@") as string });
    await expect(stat(path(scene))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await findRendercadToken(scene.deps)).toMatchObject({ code: "no-rendercad-token" });
    expect(await signOut(scene.deps)).not.toHaveProperty("signIn");
    expect(scene.rows("rendercad tokens")[1]).toMatchObject({ isActive: true });
  });

  test("in a damaged file, or one of a later version, is an error that names the file and nothing in it", async () => {
    const scene = await openMachine();
    await login(scene);
    const whole = await readFile(path(scene), "utf8");
    for (const text of [whole.slice(0, -20), whole.replace('"version": 1', '"version": 2'), "[]"]) {
      await writeFile(path(scene), text);
      const found = await findRendercadToken(scene.deps);
      expect(found).toMatchObject({ code: "sign-in-file" });
      expect(JSON.stringify(found)).not.toContain("rendercad_");
      expect((await problemOf(login(scene, { again: true }))).code).toBe("sign-in-file");
    }
  });

  test("that RENDERCAD does not take after all is not kept", async () => {
    const scene = await openMachine({
      send: (send) => async (request) => {
        const answer = await send(request);
        return { ...answer, text: answer.text.replace(/"rendercad_\w+"/, '"rendercad_wrong"') };
      },
    });
    expect((await problemOf(login(scene))).code).toBe("sign-in-refused");
    expect(await readStoredToken(scene.deps)).toBeUndefined();
  });

  test("has a place before it is asked for: no code is spent where nothing can be kept", async () => {
    const scene = await openMachine();
    scene.setVariable("XDG_CONFIG_HOME", "relative/is/ignored");
    expect((await problemOf(login(scene))).code).toBe("no-home");
    await mkdir(join(scene.folder, "home"));
    await writeFile(join(scene.folder, "home/.config"), "");
    scene.setVariable("HOME", join(scene.folder, "home"));
    await expect(login(scene)).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(calls(scene, "device-code")).toEqual([]);
  });
});

function actionOf({ url }: HttpRequest): string {
  return new URL(url).searchParams.get("action") ?? "none";
}

async function revoke(scene: Scene, id: number): Promise<void> {
  const body = JSON.stringify({
    api: "rendercad",
    method: "POST",
    path: "/auth.php?action=revoke_api_token",
    body: { token_id: id },
  });
  const answer = await fetch(`${scene.simulator.control}/edit`, { method: "POST", body });
  expect(await answer.json()).toMatchObject({ status: 200 });
}
