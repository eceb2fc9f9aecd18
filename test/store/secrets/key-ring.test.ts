import { createHook } from "node:async_hooks";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  findSignIn,
  readStoredToken,
  removeToken,
  storeToken,
} from "../../../src/commands/accounts/rendercad-token-store.ts";
import { ProblemError } from "../../../src/core/base/problem.ts";
import { revealSecret, Secret } from "../../../src/core/base/secret.ts";
import { openKeyRing } from "../../../src/store/secrets/key-ring.ts";

/** Stand-ins for the programs of the systems: they keep what they are given in a file, and write down how they were called. */
const secretTool = `#!/bin/sh
echo "$@" >> "$HOME/arguments"; env >> "$HOME/environment"
case $1 in
  store) cat > "$HOME/ring" ;;
  lookup) cat "$HOME/ring" ;;
  clear) rm "$HOME/ring" ;;
esac`;
const security = `#!/bin/sh
echo "$@" >> "$HOME/arguments"; env >> "$HOME/environment"
case $1 in
  -i) read line; echo "$line" > "$HOME/stdin"; echo "\${line##* }" > "$HOME/ring" ;;
  find-generic-password) cat "$HOME/ring" ;;
  delete-generic-password) rm "$HOME/ring" ;;
esac`;

const token = new Secret("rendercad_abcdefghijklmnopqrstuvwxyz0123456789");
const host = "https://rendercad.ai/backend";

let home: string;
let environment: { [name: string]: string };

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "trueup-test-"));
  await mkdir(join(home, "bin"));
  environment = {
    HOME: home,
    PATH: `${join(home, "bin")}:/usr/bin:/bin`,
    DISPLAY: ":0",
    RENDER_API_KEY: "rnd_of_the_environment",
  };
});

afterEach(() => rm(home, { recursive: true }));

async function install(name: string, script: string): Promise<void> {
  await writeFile(join(home, "bin", name), `${script}\n`);
  await chmod(join(home, "bin", name), 0o755);
}

/** Timers that begin from now on, Node's own too; those of earlier test files, which end when they like, are none of them. */
function watchTimers(): { readonly running: () => Promise<number> } {
  const begun = new Set<number>();
  const hook = createHook({
    init: (id, type) => void (type === "Timeout" && begun.add(id)),
    destroy: (id) => void begun.delete(id),
  }).enable();
  return {
    running: async () => {
      // Node tells of an end a little later.
      await setImmediate();
      hook.disable();
      return begun.size;
    },
  };
}

const told = (name: string) => readFile(join(home, name), "utf8");

/** How the programs are called to store, to look up and to remove, as their manuals say. */
const calls = {
  linux: [
    `store --label=trueup: ${host} service trueup account ${host}`,
    `lookup service trueup account ${host}`,
    `clear service trueup account ${host}`,
  ],
  darwin: [
    "-i",
    `find-generic-password -s trueup -a ${host} -w`,
    `delete-generic-password -s trueup -a ${host}`,
  ],
};

describe.each([
  ["linux", "secret-tool", secretTool],
  ["darwin", "security", security],
] as const)("on %s", (system, program, script) => {
  test("a secret is stored, found and removed; it stands in no argument, and no key of ours in the environment", async () => {
    await install(program, script);
    const ring = openKeyRing(environment, system)!;
    expect(await ring.store(host, token)).toBe(true);
    expect(revealSecret((await ring.find(host))!)).toBe(revealSecret(token));
    expect(await ring.remove(host)).toBe(true);
    expect(await ring.find(host)).toBeUndefined();
    expect(await ring.remove(host)).toBe(false);
    // Each program is looked at once more after it stored something.
    const [store, find, remove] = calls[system];
    expect((await told("arguments")).trimEnd().split("\n")).toEqual([
      store,
      find,
      find,
      remove,
      find,
      remove,
    ]);
    expect(await told("arguments")).not.toContain(revealSecret(token));
    expect(await told("environment")).not.toContain("rnd_of_the_environment");
  });

  test("a program that complains at length is heard to its end", async () => {
    await install(program, script.replace("\n", "\nhead -c 300000 /dev/zero >&2\n"));
    expect(await openKeyRing(environment, system)!.store(host, token)).toBe(true);
  });

  test("nothing is stored where the program is missing, fails, or keeps something else", async () => {
    const ring = openKeyRing({ ...environment, PATH: join(home, "bin") }, system)!;
    const timers = watchTimers();
    expect(await ring.store(host, token)).toBe(false);
    expect(await timers.running(), "nothing keeps the process from ending").toBe(0);
    await install(program, "#!/bin/sh\nexit 1");
    expect(await ring.store(host, token)).toBe(false);
    await install(program, "#!/bin/sh\necho rendercad_other");
    expect(await ring.store(host, token)).toBe(false);
  });
});

test("the Keychain's command is one line of plain words; a token that would need quotes is not for it", async () => {
  await install("security", security);
  const ring = openKeyRing(environment, "darwin")!;
  await ring.store(host, token);
  expect(await told("stdin")).toBe(
    `add-generic-password -U -s trueup -a ${host} -w ${revealSecret(token)}\n`,
  );
  expect(await ring.store(host, new Secret('a" b\ndelete-keychain'))).toBe(false);
  expect(await told("stdin")).not.toContain("delete-keychain");
});

test("other systems have none, nor an environment without programs", () => {
  expect(openKeyRing(environment, "win32")).toBeUndefined();
  expect(openKeyRing({ HOME: home }, "linux")).toBeUndefined();
});

describe("a sign-in", () => {
  const deps = () => ({ environment: { ...environment, RENDERCAD_HOST: host } });
  const keep = { token, signedInAt: "2026-11-22T09:00:00.000Z", keyRing: true };
  const file = () => told(".config/trueup/rendercad.json");

  beforeEach(async () => {
    await install("secret-tool", secretTool);
    await install("security", security);
  });

  test("is kept in the key ring, and its file has no token", async () => {
    expect(await storeToken(deps(), keep)).toMatchObject({ keptIn: "key ring" });
    expect(await file()).not.toContain("rendercad_");
    expect(revealSecret((await readStoredToken(deps()))!)).toBe(revealSecret(token));
    expect(await removeToken(deps())).toMatchObject({ isLeftInRing: false });
    await expect(told("ring")).rejects.toMatchObject({ code: "ENOENT" });
    await expect(file()).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("is kept in the file where the key ring is not wanted or does not work, and then not in both", async () => {
    await storeToken(deps(), keep);
    expect(await storeToken(deps(), { ...keep, keyRing: false })).toMatchObject({ keptIn: "file" });
    await expect(told("ring")).rejects.toMatchObject({ code: "ENOENT" });
    for (const program of ["secret-tool", "security"]) await install(program, "#!/bin/sh\nexit 1");
    expect(await storeToken(deps(), keep)).toMatchObject({ keptIn: "file" });
    expect(revealSecret((await readStoredToken(deps()))!)).toBe(revealSecret(token));
  });

  test("in a key ring that cannot be reached is an error that says what to do; signing out tells what is left", async () => {
    await storeToken(deps(), keep);
    for (const program of ["secret-tool", "security"]) await install(program, "#!/bin/sh\nexit 1");
    const error: unknown = await readStoredToken(deps()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problems).toMatchObject([
      { code: "key-ring", remedy: expect.stringContaining("RENDERCAD_API_TOKEN") as string },
    ]);
    expect(await removeToken(deps())).toMatchObject({ isLeftInRing: true });
    expect(await findSignIn(deps())).toBeUndefined();
  });
});
