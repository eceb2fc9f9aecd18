import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { cutChangelog, isNewer } from "../../bench/release/changelog.ts";
import { prepareRelease, type Prepared } from "../../bench/release/stage.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const start = promisify(execFile);
/** Newer than any. */
const version = "9.9.9";
let folder: string;
let release: Prepared;

/** Without the settings, the cache and the accounts of whoever runs the tests, and without a network. */
function npm(
  words: readonly string[],
  cwd: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|RENDER|TRUEUP|INIT_CWD)/iu.test(name),
  );
  const env = {
    ...Object.fromEntries(kept),
    HOME: folder,
    npm_config_cache: join(folder, "cache"),
    npm_config_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  };
  return start("npm", [...words], { cwd, env });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  release = await prepareRelease(version, {
    root: process.cwd(),
    folder: join(folder, "release"),
    day: "2026-11-30",
  });
});
afterAll(() => rm(folder, { recursive: true }));

describe("the packed file of a release", () => {
  test("holds the program and what a reader needs, and nothing else", () => {
    const kinds = release.files.map((path) => path.replace(/^dist\/[\w-]+\.js$/u, "dist/*.js"));
    const plain = [...new Set(kinds)].filter((path) => !/^(?:examples|schemas)\//u.test(path)).sort();
    expect(plain).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist/*.js",
      "dist/THIRD-PARTY.txt",
      "package.json",
    ]);
  });

  test("has nothing that publint finds", async () => {
    const bytes = await readFile(release.tarball);
    const { messages, pkg } = await publint({
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("runs with npx in an empty folder, without a network", async () => {
    const empty = await mkdtemp(join(folder, "empty-"));
    const { stdout, stderr } = await npm(
      ["exec", "--yes", "--package", release.tarball, "--", "trueup", "version"],
      empty,
    );
    expect([stdout.trim(), stderr]).toEqual([version, ""]);
    expect(await readdir(empty)).toEqual([]);
  });

  test("is one package when it is installed for everybody, and the program starts from anywhere", async () => {
    const prefix = join(folder, "prefix");
    const { stderr } = await npm(["install", "--global", "--prefix", prefix, release.tarball], folder);
    expect(stderr).toBe("");
    expect(await readdir(join(prefix, "lib/node_modules"))).toEqual(["trueup"]);
    expect(await readdir(join(prefix, "lib/node_modules/trueup"))).not.toContain("node_modules");
    const help = await start(join(prefix, "bin/trueup"), ["plan", "--help"], { cwd: folder });
    expect(help.stdout).toContain("Usage: trueup plan");
  });
});

describe("what a release says of itself", () => {
  test("its SBOM and its licences name what is in the bundle, and nothing of what tests and checks it", async () => {
    const { components } = JSON.parse(await readFile(release.sbom, "utf8")) as {
      readonly components: readonly { readonly name: string }[];
    };
    const names = components.map(({ name }) => name);
    const licences = await readFile(join(folder, "release/package/dist/THIRD-PARTY.txt"), "utf8");
    for (const name of ["yaml", "undici", "age-encryption", "luxon"]) {
      expect(names).toContain(name);
      expect(licences).toMatch(new RegExp(`^${name} [\\d.]+ \\(`, "mu"));
    }
    expect(names.filter((name) => /vitest|esbuild|publint|typescript/u.test(name))).toEqual([]);
  });

  test("its sums are those of the package and the SBOM", async () => {
    const sums = await readFile(join(folder, "release/SHA256SUMS"), "utf8");
    const bytes = await readFile(release.tarball);
    expect(sums).toContain(`${createHash("sha256").update(bytes).digest("hex")}  trueup-${version}.tgz\n`);
    expect(sums).toContain(`  trueup-${version}.cdx.json\n`);
  });

  test("version and changelog are changed where they stand, and nothing else", async () => {
    const manifest = JSON.parse(release.changes["package.json"] ?? "") as { readonly version: string };
    const before = JSON.parse(await readFile("package.json", "utf8")) as { readonly version: string };
    expect(manifest).toEqual({ ...before, version });
    const lock = JSON.parse(release.changes["package-lock.json"] ?? "") as {
      readonly version: string;
      readonly packages: { readonly [path: string]: { readonly version: string } };
    };
    const lockBefore = JSON.parse(await readFile("package-lock.json", "utf8")) as typeof lock;
    const own = { ...lockBefore.packages[""], version };
    expect(lock).toEqual({ ...lockBefore, version, packages: { ...lockBefore.packages, "": own } });
    expect(release.changes["CHANGELOG.md"]).toContain(
      `## Unreleased\n\n## ${version} - 2026-11-30\n\n### Added\n`,
    );
  });

  test("a changelog that tells of nothing, or has the version already, is no release", () => {
    const text = "# Changelog\n\n## Unreleased\n\n- One.\n\n## 0.1.0 - 2026-01-01\n\n- Begun.\n";
    const cut = cutChangelog(text, "0.2.0", "2026-11-30");
    expect(cut).toEqual({
      notes: "- One.",
      text: "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-11-30\n\n- One.\n\n## 0.1.0 - 2026-01-01\n\n- Begun.\n",
    });
    expect(() => cutChangelog(cut.text, "0.3.0", "2026-11-30")).toThrow("nothing under Unreleased");
    expect(() => cutChangelog(text, "0.1.0", "2026-11-30")).toThrow("has 0.1.0 already");
    expect([
      isNewer("0.2.0", "0.1.9"),
      isNewer("0.1.9", "0.2.0"),
      isNewer("0.1.0", "0.1.0"),
      isNewer("1", "0.1.0"),
    ]).toEqual([true, false, false, false]);
  });
});

test("no package that npm ci fetches wants more of Node than we do, so a newcomer sees no warning", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    readonly packages: { readonly [path: string]: { readonly engines?: { readonly node?: string } } };
  };
  const wanting = Object.entries(packages).filter(([, { engines }]) => !takesNode(engines?.node ?? "*"));
  expect(wanting.map(([path, { engines }]) => `${path} wants ${engines?.node}`)).toEqual([]);
  expect([takesNode(">=22"), takesNode("^20.20.0 || >=22"), takesNode("^18 || ^20.0.0 || >=21")]).toEqual([
    false,
    false,
    true,
  ]);
});

/** Whether one of the ranges begins at 20.19 or before and does not end before 20. */
function takesNode(range: string): boolean {
  return range.split("||").some((part) => {
    const [, sign = "", major = "0", minor = "0"] =
      /^\s*(\^|~|>=|>|=)?\s*v?(\d+)?(?:\.(\d+))?/u.exec(part) ?? [];
    const reaches = Number(major) < 20 || (Number(major) === 20 && Number(minor) <= 19);
    return reaches && (sign.startsWith(">") || Number(major) === 20 || part.trim() === "*");
  });
}

describe("the image", () => {
  const lines = readFileSync("Dockerfile", "utf8").replaceAll("\\\n", " ").split("\n");
  const stages = lines
    .join("\n")
    .split(/^(?=FROM )/mu)
    .filter((text) => text.startsWith("FROM "));

  test("is built from what the project has, and its last stage has no npm and no rights", async () => {
    expect(stages.map((text) => text.split("\n")[0])).toEqual([
      "FROM node:24-alpine AS build",
      "FROM node:24-alpine",
    ]);
    const [build = "", last = ""] = stages;
    expect(build).toContain("RUN npm ci\n");
    expect(last).toMatch(/rm -rf \/usr\/local\/lib\/node_modules/u);
    expect(last.indexOf("USER 65532:65532")).toBeGreaterThan(last.lastIndexOf("RUN "));
    expect(last).toContain('ENTRYPOINT ["trueup"]');
    const allowed = (await readFile(".dockerignore", "utf8"))
      .split("\n")
      .filter((line) => line.startsWith("!"));
    const copied = [...build.matchAll(/^COPY (?!\. )(.+) \.\/$/gmu)].flatMap(([, names = ""]) =>
      names.split(" "),
    );
    expect(copied.filter((name) => !allowed.includes(`!${name}`))).toEqual([]);
  });

  test("has all that the program needs: what its last stage copies runs by itself", async () => {
    const [, last = ""] = stages;
    const copies = [...last.matchAll(/^COPY --from=build \/build\/(\S+) \/opt\/trueup\/$/gmu)].map(
      ([, from]) => from,
    );
    expect(copies).toEqual(["dist/*.js", "LICENSE"]);
    const image = join(folder, "image");
    await mkdir(image);
    for (const name of (await readdir("dist")).filter((one) => one.endsWith(".js")))
      await cp(join("dist", name), join(image, name));
    const [, manifest = ""] = /printf '(.+)\\n' > \/opt\/trueup\/package\.json/u.exec(last) ?? [];
    await writeFile(join(image, "package.json"), manifest);
    await writeFile(join(folder, "render.yaml"), await readFile("examples/blueprint/render.yaml"));
    const { stdout } = await start(process.execPath, [join(image, "main.js"), "validate"], { cwd: folder });
    expect(stdout).toContain("render.yaml declares 3 resources.");
  });
});
