import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const start = promisify(execFile);
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
let folder: string;
let tarball: string;
let contents: readonly string[];

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
  const { stdout } = await npm(["pack", "--json", "--pack-destination", folder], process.cwd());
  const [packed] = JSON.parse(stdout) as readonly {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  tarball = join(folder, packed?.filename ?? "");
  contents = packed?.files.map(({ path }) => path) ?? [];
});
afterAll(() => rm(folder, { recursive: true }));

describe("the packed file", () => {
  test("holds the program and what a reader needs, and nothing else", () => {
    const kinds = contents.map((path) => path.replace(/^dist\/[\w-]+\.js$/u, "dist/*.js"));
    const plain = [...new Set(kinds)].filter((path) => !/^(?:examples|schemas)\//u.test(path)).sort();
    expect(plain).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "dist/*.js", "package.json"]);
  });

  test("has nothing that publint finds", async () => {
    const bytes = await readFile(tarball);
    const { messages, pkg } = await publint({
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("runs with npx in an empty folder, without a network", async () => {
    const empty = await mkdtemp(join(folder, "empty-"));
    const { stdout, stderr } = await npm(
      ["exec", "--yes", "--package", tarball, "--", "trueup", "version"],
      empty,
    );
    expect([stdout.trim(), stderr]).toEqual([version, ""]);
    expect(await readdir(empty)).toEqual([]);
  });

  test("is one package when it is installed for everybody, and the program starts from anywhere", async () => {
    const prefix = join(folder, "prefix");
    const { stderr } = await npm(["install", "--global", "--prefix", prefix, tarball], folder);
    expect(stderr).toBe("");
    expect(await readdir(join(prefix, "lib/node_modules"))).toEqual(["trueup"]);
    expect(await readdir(join(prefix, "lib/node_modules/trueup"))).not.toContain("node_modules");
    const help = await start(join(prefix, "bin/trueup"), ["plan", "--help"], { cwd: folder });
    expect(help.stdout).toContain("Usage: trueup plan");
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
