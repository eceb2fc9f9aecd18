import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { commandsPage, optionsOf, readCommands } from "./commands-page.ts";
import { readDocuments } from "./documents.ts";

describe("commands in the documents", async () => {
  const commands = await readCommands();
  const known = new Map(commands.map(({ command, help }) => [command, optionsOf(help)] as const));

  test("docs/reference/commands.md is the program's help", async () => {
    const [page, text] = ["docs/reference/commands.md", commandsPage(commands)];
    if (process.env["UPDATE_DOCS"]) await writeFile(page, text);
    expect(await readFile(page, "utf8")).toBe(text);
    expect(commands.map(({ command }) => command)).toEqual(
      expect.arrayContaining(["plan", "state adopt", "sim"]),
    );
  });

  test("are commands of the program, with options that it has", () => {
    const documents = readDocuments().filter(({ path }) => !path.startsWith("src/"));
    const lines = documents.flatMap(({ path, text }) => linesOf(text).map((line) => ({ path, line })));
    expect(lines.length).toBeGreaterThan(100);
    expect(
      lines.flatMap(({ path, line }) => mistakesOf(line).map((word) => `${path}: ${word} in ${line}`)),
    ).toEqual([]);
  });

  test("a mistyped option or command is found", () => {
    expect(mistakesOf("trueup plan --simulated")).toEqual(["--simulated"]);
    expect(mistakesOf("trueup state adapt a b")).toEqual(["adapt"]);
    expect(mistakesOf("trueup state adopt --from-terraform terraform.tfstate")).toEqual([]);
    expect(mistakesOf("trueup sim --clock virtual -- trueup aply")).toEqual(["aply"]);
  });

  /** Each `trueup ...` of a line is looked at by itself, up to what ends a command in a shell. */
  function mistakesOf(line: string): readonly string[] {
    return line
      .split(/(?:^|[^\w./-])trueup (?=[a-z-])/u)
      .slice(1)
      .flatMap((piece) =>
        mistakesOfOne(
          piece
            .split(/ (?:-- |\||&&|>|#|;)|['"]$|`/u)[0]
            ?.trim()
            .split(/\s+/u) ?? [],
        ),
      );
  }

  function mistakesOfOne(words: readonly string[]): readonly string[] {
    const [first = "", second = ""] = words;
    if (first.startsWith("-")) return optionsAmong(words).filter((option) => !known.get("")?.has(option));
    if (!known.has(first)) return [first];
    const hasInner = commands.some(({ command }) => command.startsWith(`${first} `));
    const command = hasInner && second !== "" && !second.startsWith("-") ? `${first} ${second}` : first;
    if (!known.has(command)) return [second];
    return optionsAmong(words).filter((option) => !known.get(command)?.has(option));
  }
});

function optionsAmong(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => /^--[a-z][a-z-]*/u.exec(word)?.[0] ?? []);
}

/** Lines of blocks for a shell, and code within a sentence; wrong on purpose is what a page of mistakes shows. */
function linesOf(text: string): readonly string[] {
  if (text.includes("edit `test/file/mistakes.ts`")) return [];
  const blocks = [...text.matchAll(/^```(?:sh|console|yaml)\n([\s\S]*?)^```$/gmu)].flatMap(([, body = ""]) =>
    body.split("\n"),
  );
  const inline = [...text.replaceAll(/^```[\s\S]*?^```$/gmu, "").matchAll(/`(trueup [^`\n]*)`/gu)].map(
    ([, code = ""]) => code,
  );
  // A program that is started, and no output of one.
  return [...blocks.filter((line) => /^(?:\$ |[A-Z_]+=\S* )*trueup |-- trueup /u.test(line)), ...inline];
}
