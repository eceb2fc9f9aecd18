import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { completionShells, startLines } from "../../src/commands/completion.ts";
import { schemaText } from "../../src/commands/schema.ts";
import { defaultFiles } from "../../src/file/base/find.ts";
import { exitCodeOf } from "../../src/shells/cli/base/exit-code.ts";
import type { CommandVerdict } from "../../src/core/planning/verdict.ts";

const read = (name: string): Promise<string> => readFile(`docs/${name}`, "utf8");

test("json.md has every verdict with its exit code", async () => {
  const page = await read("reference/json.md");
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (\d+) +\|/gmu)].map(([, verdict = "", code]) => [
    verdict,
    Number(code),
  ]);
  const { $defs } = JSON.parse(schemaText("output")) as {
    readonly $defs: {
      readonly plan: {
        readonly properties: { readonly verdict: { readonly enum: readonly CommandVerdict[] } };
      };
    };
  };
  const all = $defs.plan.properties.verdict.enum.map((verdict) => [verdict, exitCodeOf(verdict)]);
  expect(rows).toEqual(all);
});

test("editors.md has an entry for SchemaStore that fits the schema and the name of the file", async () => {
  const blocks = [...(await read("how-to/editors.md")).matchAll(/```json\n([^`]+)```/gu)].map(
    ([, text = ""]) => JSON.parse(text) as object,
  );
  expect(blocks.at(-1)).toMatchObject({
    fileMatch: [defaultFiles[0]],
    url: expect.stringMatching(/\/schemas\/trueup\.schema\.json$/) as string,
  });
});

test("completion.md names every shell, and start lines fit its promise that nothing typed is evaluated", async () => {
  const page = (await read("how-to/completion.md")).toLowerCase();
  for (const shell of completionShells) expect(page).toContain(shell);
  for (const line of Object.values(startLines)) expect(line).toContain("trueup completion");
});
