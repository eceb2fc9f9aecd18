import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { problemPage } from "./problem-page.ts";

const page = fileURLToPath(new URL("../../docs/problems.md", import.meta.url));

test("docs/problems.md shows what the program says today", async () => {
  if (process.env["UPDATE_DOCS"]) await writeFile(page, problemPage());
  expect(await readFile(page, "utf8")).toBe(problemPage());
});
