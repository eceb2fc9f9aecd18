import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findBrowser } from "../../src/shells/cli/account/open-browser.ts";
import type { Shell } from "../../src/shells/cli/base/shell.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const desk = { DISPLAY: ":0" };

function shellOf(env: Shell["env"], isTTY = true): Shell {
  const stream = Object.assign(new PassThrough(), { isTTY });
  return { stdin: stream as unknown as Shell["stdin"], stdout: stream, stderr: stream, env, program: "" };
}

test("nothing is opened without a terminal, in CI, or where there is no screen", () => {
  expect(findBrowser(shellOf(desk))).toBeDefined();
  expect(findBrowser(shellOf(desk, false))).toBeUndefined();
  expect(findBrowser(shellOf({ ...desk, CI: "true" }))).toBeUndefined();
  expect(findBrowser(shellOf({ SSH_CONNECTION: "192.0.2.1 4711 192.0.2.2 22" }))).toBeUndefined();
});

test.skipIf(platform() === "win32")(
  "the link arrives as one argument, whatever is in it, and no credentials beside it",
  async () => {
    for (const name of ["xdg-open", "open"]) {
      const script = `#!/bin/sh\nenv > '${folder}/environment'\nprintf '%s|' "$@" > '${folder}/new'\nmv '${folder}/new' '${folder}/arguments'\n`;
      await writeFile(join(folder, name), script);
      await chmod(join(folder, name), 0o755);
    }
    const env = { ...desk, PATH: `${folder}:/usr/bin:/bin`, RENDER_API_KEY: "rnd_of_the_environment" };
    const link = "https://rendercad.ai/auth_device.html?code=A&app_name=$(id)%20`id`;touch x";
    findBrowser(shellOf(env))!(link);
    await vi.waitFor(async () => expect(await readFile(join(folder, "arguments"), "utf8")).toBe(`${link}|`));
    expect(await readFile(join(folder, "environment"), "utf8")).not.toContain("rnd_of_the_environment");
  },
);

test("a browser that is not there is nothing to stop for", async () => {
  const env = { ...desk, PATH: folder };
  expect(() => findBrowser(shellOf(env))!("https://rendercad.ai/")).not.toThrow();
  await new Promise((resolve) => setImmediate(resolve));
});
