import { writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, expect } from "vitest";

/** Runs before each test file: keeps which functions it comes to, when functions are marked (`markFunctions`). */
const functions = new Set<string>();
Reflect.set(globalThis, "markCovered", (name: string) => functions.add(name));

afterAll(() => {
  const folder = process.env["TRUEUP_COVERED"];
  const test = expect.getState().testPath;
  if (folder === undefined || test === undefined || functions.size === 0) return;
  const name = createHash("sha256").update(test).digest("hex").slice(0, 16);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ test, functions: [...functions].sort() }));
});
