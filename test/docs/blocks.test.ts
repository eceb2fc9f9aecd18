import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readText } from "../file/read.ts";
import { readDocuments } from "./documents.ts";

describe("blocks of YAML in the documents", () => {
  const blocks = readDocuments()
    .filter(({ path, text }) => !path.startsWith("src/") && !text.includes("edit `test/file/mistakes.ts`"))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/(?:^<!-- (\w+): (.*) -->\n)?^```yaml\n([\s\S]*?)^```$/gmu)].map(
        ([, verb, argument = "", body = ""]) => ({ path, verb, argument, body }),
      ),
    );

  test("that are a piece of a file of the project say what it says", () => {
    const same = blocks.filter(({ verb }) => verb === "same");
    expect(same.length).toBeGreaterThan(0);
    expect(
      same
        .filter(({ argument, body }) => !readFileSync(argument, "utf8").includes(body))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  test("are keys that the program knows, in values that it takes", () => {
    const written = blocks.filter(({ verb }) => verb !== "same" && verb !== "file" && verb !== "workflow");
    expect(written.length).toBeGreaterThan(3);
    expect(written.flatMap(({ path, body }) => wrongIn(body).map((told) => `${path}: ${told}`))).toEqual([]);
  });

  test("a key that is mistyped in one is found", () => {
    expect(wrongIn("lifecycle: { protekt: true }\n").join()).toContain("unknown-key");
    expect(wrongIn("state: { backend: git }\n")).toEqual([]);
  });
});

/** Members of a web service stand alone in a document; a whole file stands as it is. */
const service =
  "services:\n  - type: web\n    name: x\n    runtime: node\n    plan: starter\n    buildCommand: a\n    startCommand: b\n";
const membersOfService = /^(?:lifecycle|envVars|secretFiles|headers|routes):/u;

function wrongIn(body: string): readonly string[] {
  const plain = body.replaceAll(
    ", ..., ",
    ", runtime: node, plan: starter, buildCommand: a, startCommand: b, ",
  );
  const text = membersOfService.test(plain) ? service + plain.replaceAll(/^(?=.)/gmu, "    ") : plain;
  const { problems } = readText(text, "trueup.yaml");
  return problems
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code} ${message}`);
}
