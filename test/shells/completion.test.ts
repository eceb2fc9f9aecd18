import { spawn, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { completionScript, completionShells, startLines } from "../../src/commands/completion.ts";
import { program, runTrueup } from "./start-program.ts";
import { terminal } from "./start-terminal.ts";

const file = `services:
  - { type: web, name: api, runtime: node, repo: https://github.com/acme/api }
  - { type: web, name: api-2, runtime: node, repo: https://github.com/acme/api }
databases:
  - { name: main }
`;
const state = { resources: { "render/service/old": {} } };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  await writeFile(join(folder, "trueup.yaml"), file);
  await mkdir(join(folder, "state/default"), { recursive: true });
  await writeFile(join(folder, "state/default/inventory.json"), JSON.stringify(state));
});

afterEach(() => rm(folder, { recursive: true }));

/** What is offered in place of the last word. */
async function offer(...words: readonly string[]): Promise<readonly string[]> {
  const current = words.at(-1) ?? "";
  const { code, stdout, stderr } = await runTrueup(
    ["complete", `at:${current}`, "--", ...words.slice(0, -1)],
    { folder },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split("\t")[0] ?? "");
}

describe("trueup complete offers", () => {
  test("commands and subcommands, and none that help does not list", async () => {
    expect(await offer("gr")).toEqual(["graph"]);
    expect(await offer("")).toContain("plan");
    expect(await offer("")).not.toContain("complete");
    expect(await offer("state", "")).toEqual(
      expect.arrayContaining(["list", "show", "adopt", "forget", "move", "unlock"]),
    );
    expect(await offer("--log-format", "json", "sta")).toEqual([]);
  });

  test("options of that command alone, and those once that can be given once", async () => {
    expect(await offer("graph", "--st")).toEqual(["--steps", "--strict-values"]);
    expect(await offer("graph", "--steps", "--st")).toEqual(["--strict-values"]);
    expect(await offer("plan", "--target", "x", "--ta")).toEqual(["--target"]);
    expect(await offer("whoami", "--st")).toEqual([]);
  });

  test("values of options and arguments, also behind an equals sign", async () => {
    expect(await offer("graph", "--format", "")).toEqual(["mermaid", "dot", "svg", "json"]);
    expect(await offer("graph", "--format=s")).toEqual(["--format=svg"]);
    expect(await offer("login", "")).toEqual(["rendercad"]);
    expect(await offer("completion", "install", "z")).toEqual(["zsh"]);
  });

  test("addresses of the file and of the state, in the order of numbers, also of the file that is named", async () => {
    const all = ["render/postgres/main", "render/service/api", "render/service/api-2", "render/service/old"];
    expect(await offer("state", "show", "")).toEqual(all);
    expect(await offer("plan", "--target", "render/service/a")).toEqual(all.slice(1, 3));
    expect(await offer("plan", "--exclude=render/p")).toEqual(["--exclude=render/postgres/main"]);
    await writeFile(join(folder, "other.yaml"), "databases: [{ name: second }]\n");
    expect(await offer("plan", "-f", "other.yaml", "--target", "")).toContain("render/postgres/second");
    await writeFile(join(folder, "trueup.yaml"), "services: [");
    expect(await offer("state", "show", "")).toEqual(["render/service/old"]);
  });

  test("files where a file is wanted", async () => {
    expect(await offer("plan", "-f", "")).toEqual([":files"]);
    expect(await offer("apply", "pl")).toEqual([":files"]);
  });
});

/** A word that is started, and what the shell makes of it when Tab is pressed. */
const presses: readonly (readonly [typed: string, becomes: string])[] = [
  ["trueup gra", "trueup graph"],
  ["trueup graph --form", "trueup graph --format"],
  ["trueup graph --format=sv", "trueup graph --format=svg"],
  ["trueup plan --target render/p", "trueup plan --target render/postgres/main"],
  ["trueup plan -f true", "trueup plan -f trueup.yaml"],
];

const found = (name: string): boolean => spawnSync(name, ["-c", "exit"], { stdio: "ignore" }).status === 0;

/** A folder with the command `trueup`, and what a shell needs to find it and little else. */
async function installProgram(): Promise<{ readonly [name: string]: string }> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "trueup"), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  await chmod(join(bin, "trueup"), 0o755);
  const PATH = `${bin}:${process.env["PATH"]}`;
  return { PATH, HOME: folder, ZDOTDIR: folder, LANG: "C.UTF-8", TERM: "dumb" };
}

// A shell that is not on this machine is not tested on it.
describe.each([
  ["bash", "bash --noprofile --rcfile start.sh -i", "start.sh", "PS1='ready> '"],
  ["zsh", "zsh -d -i", ".zshrc", "PROMPT='ready> '"],
] as const)("%s", (shell, command, start, prompt) => {
  test.skipIf(terminal === undefined || !found(shell))(
    "completes what is typed, at a terminal",
    async () => {
      const env = await installProgram();
      await writeFile(join(folder, start), `${prompt}\n${startLines[shell]}\n`);
      const [first, ...rest] = terminal!(command);
      const child = spawn(first, rest, { cwd: folder, env, stdio: ["pipe", "pipe", "ignore"] });
      let screen = "";
      child.stdout.setEncoding("utf8").on("data", (piece: string) => (screen += piece));
      const shows = (text: string): Promise<void> =>
        new Promise((resolve) => {
          const look = (): void => {
            if (
              !stripVTControlCharacters(screen).replaceAll("\u0007", "").replaceAll("\r", "").includes(text)
            )
              return;
            child.stdout.off("data", look);
            screen = "";
            resolve();
          };
          child.stdout.on("data", look);
          look();
        });
      try {
        await shows("ready>");
        for (const [typed, becomes] of presses) {
          child.stdin.write(`${typed}\t`);
          await shows(becomes);
          // Ctrl-U empties the line.
          child.stdin.write("\u0015");
        }
      } finally {
        child.kill("SIGKILL");
      }
    },
    300_000,
  );
});

describe.each(["fish"] as const)("%s", (shell) => {
  test.skipIf(!found(shell))(
    "completes what is typed",
    async () => {
      const env = await installProgram();
      for (const [typed, becomes] of presses) {
        const asked = `${startLines[shell]}; complete -C '${typed}'`;
        const told = spawnSync(shell, ["--no-config", "-c", asked], { cwd: folder, env, encoding: "utf8" });
        const last = becomes.split(" ").at(-1)!;
        expect(told.stdout.split("\n").map((line) => line.split("\t")[0])).toContain(last);
      }
    },
    300_000,
  );
});

test("what is typed is never run: no script evaluates it", async () => {
  for (const shell of completionShells)
    expect(completionScript(shell)).not.toMatch(/\beval\b|Invoke-Expression/);
  const script = `${completionScript("bash")}
COMP_LINE='trueup plan $(touch ran) x'; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=(trueup plan '$(touch' 'ran)' x); COMP_CWORD=4
_trueup`;
  const env = { PATH: `${folder}:${process.env["PATH"]}` };
  spawnSync("bash", ["-c", script], { cwd: folder, env });
  await expect(readFile(join(folder, "ran"))).rejects.toThrow("ENOENT");
});

test("completion install adds one line to the file that the shell starts with, once", async () => {
  const first = await runTrueup(["completion", "install", "zsh"], { folder });
  expect(first).toMatchObject({ code: 0, stderr: "" });
  const text = await readFile(join(folder, ".zshrc"), "utf8");
  expect(text).toBe(`# completion for trueup\n${startLines.zsh}\n`);
  expect((await runTrueup(["completion", "install", "zsh"], { folder })).stdout).toContain("has it already");
  expect(await readFile(join(folder, ".zshrc"), "utf8")).toBe(text);
  const env = { SHELL: "/usr/bin/fish" };
  expect((await runTrueup(["completion", "install"], { folder, env })).stdout).toContain(
    "conf.d/trueup.fish",
  );
  expect(await runTrueup(["completion", "install"], { folder, env: { SHELL: "/bin/csh" } })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("trueup completion install bash") as string,
  });
});
