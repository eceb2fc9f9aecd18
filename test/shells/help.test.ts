import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { exitCodes } from "../../src/shells/cli/base/exit-code.ts";
import { runProgram } from "../../src/shells/cli/program.ts";

/** What the program says to a command line, in this process. */
async function say(...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runProgram(args, { stdin: process.stdin, stdout, stderr, env: {}, program: "" });
  return { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
}

/** The names below `Commands:` of a help. */
function commandsIn(help: string): readonly string[] {
  const listed = help.split("\nCommands:\n")[1]?.split("\n\n")[0] ?? "";
  return [...listed.matchAll(/^ {2}(\w+)/gmu)].map(([, name = ""]) => name).filter((name) => name !== "help");
}

async function everyCommand(path: readonly string[] = []): Promise<readonly (readonly string[])[]> {
  const inner = commandsIn((await say(...path, "--help")).stdout);
  const below = await Promise.all(inner.map((name) => everyCommand([...path, name])));
  return [...(path.length === 0 ? [] : [path]), ...below.flat()];
}

describe("help", async () => {
  const paths = await everyCommand();

  test("knows every command", () => {
    expect(paths.map((path) => path.join(" "))).toEqual(
      expect.arrayContaining(["plan", "state adopt", "runs show", "hooks verify", "version"]),
    );
  });

  test.each(paths.map((path) => [path.join(" "), path] as const))(
    "of %s has examples of it, all its exit codes, and what every command has apart",
    async (name, path) => {
      const { code, stdout, stderr } = await say(...path, "--help");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`^ {2}\\$ (?:.* )?trueup (?:sim .*-- )?${path[0] ?? ""}\\b`, "mu"));
      expect(stdout).toContain("\nExit codes:\n  0    ");
      const own = stdout.split("\nEverywhere:\n")[0] ?? "";
      expect(own).not.toMatch(/--(?:no-color|log-level|quiet|help)\b/u);
      if (name !== "plan" && name !== "drift") expect(stdout).not.toContain("--exit-zero");
    },
  );

  test("of the program tells every exit code", async () => {
    const { stdout } = await say("--help");
    for (const code of Object.values(exitCodes))
      expect(stdout).toMatch(new RegExp(`^ {2}${code} +\\w`, "mu"));
  });

  test("the version has three spellings", async () => {
    for (const word of ["version", "-V", "--version"])
      expect(await say(word)).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });
});

describe("a command line of another tool", () => {
  test.each([
    ["apply -auto-approve", "The word for it is --yes."],
    ["apply --auto-approve", "The word for it is --yes."],
    ["plan --auto-approve", "Nothing is asked here; `trueup apply --yes` is what agrees beforehand."],
    ["plan -out=saved.json", "Options have two dashes: --out FILE."],
    ["plan -target api", "--target render/service/api"],
    ["plan -json", "Options have two dashes: --json."],
    ["plan --var-file prod.tfvars", "--overlay FILE"],
    ["plan render.yaml", "A file is given with -f: trueup plan -f render.yaml"],
    ["validate infra.yml", "trueup validate -f infra.yml"],
    ["apply render.yaml", "trueup apply -f render.yaml"],
    ["import render/service/api srv-1", "`trueup state adopt ADDRESS ID`"],
    ["force-unlock 1", "`trueup state unlock`"],
    ["preview", "The command is `trueup plan`."],
    ["plan --shedule", "Did you mean --schedule?"],
    ["aply", "Did you mean apply?"],
    ["state adpt", "Did you mean adopt?"],
  ])("%s", async (line, answer) => {
    const { code, stdout, stderr } = await say(...line.split(" "));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error {2}usage\n/u);
    expect(stderr.replaceAll(/\s+/gu, " ")).toContain(answer);
  });

  test("is told as JSON where that was asked for", async () => {
    const { code, stdout, stderr } = await say("plan", "--json", "--dry-run");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: "1.0",
      problems: [{ code: "usage", severity: "error", message: "Unknown option '--dry-run'." }],
    });
  });

  test("what is right with two dashes is no habit", async () => {
    expect((await say("plan", "--target", "x", "--nonsense")).stderr).toContain("trueup plan --help");
  });
});
