import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { completionScript, completionShells, type CommandOutline } from "../../src/commands/completion.ts";

const program: CommandOutline = {
  name: "trueup",
  summary: "",
  options: [{ flag: "--version", description: "version", takesFile: false }],
  subcommands: [
    {
      name: "plan",
      summary: "show what differs, and what's next",
      options: [
        { flag: "--file", description: "the file [repeatable]", takesFile: true },
        { flag: "--json", description: "one document", takesFile: false },
      ],
      subcommands: [],
    },
    {
      name: "state",
      summary: "the inventory",
      options: [],
      subcommands: [{ name: "list", summary: "list it", options: [], subcommands: [] }],
    },
  ],
};

/** Asks bash itself what it would offer for the words typed so far. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `${completionScript("bash", program)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_trueup; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\n").filter(Boolean);
}

test("bash offers commands, then the options and subcommands of the one typed", () => {
  expect(offered("trueup", "")).toEqual(["plan", "state", "--version"]);
  expect(offered("trueup", "pl")).toEqual(["plan"]);
  expect(offered("trueup", "plan", "--")).toEqual(["--file", "--json"]);
  expect(offered("trueup", "state", "")).toEqual(["list"]);
});

test("bash offers files after an option that takes one", () => {
  expect(offered("trueup", "plan", "--file", "packa")).toContain("package.json");
});

test.each(completionShells)("the script for %s names every command and option, quoted", (shell) => {
  const script = completionScript(shell, program);
  for (const word of ["plan", "state", "list", "file", "json"]) expect(script).toContain(word);
  expect(script).not.toMatch(/[^\\]what's/);
});
