import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeNamed } from "../../bench/mutants/named.ts";
import { namedFaults } from "../../bench/mutants/named-faults.ts";
import { deletes, entries, hostile, twice } from "../../bench/reliability/faults.ts";
import { makePage } from "../../bench/reliability/page.ts";
import { promises } from "../../bench/reliability/promises.ts";
import { readResults } from "../../bench/reliability/results.ts";

describe("the track record", () => {
  test("is what its tables and the results say; npm run reliability makes it", async () => {
    expect(await readFile("docs/reliability.md", "utf8")).toBe(makePage(await readResults("bench/results")));
  });

  const named = [...promises, ...deletes, ...entries, ...twice, ...hostile].flatMap(({ shown }) => shown);

  test.each([...new Map(named.map(([file, name]) => [`${file} ${name}`, [file, name] as const])).values()])(
    "%s has a test that begins with: %s",
    async (file, name) => {
      const text = await readFile(join("test", file), "utf8");
      expect(text.includes(`"${name}`) || text.includes(`\`${name}`)).toBe(true);
    },
  );

  test("each fault that npm run mutants -- --named makes fits its file, and the test that holds it is there", async () => {
    const made = await makeNamed(process.cwd());
    expect(made.map(({ operator }) => operator)).toEqual(namedFaults.map(({ name }) => name));
    for (const { heldBy } of made) await expect(access(heldBy ?? "no test")).resolves.toBeUndefined();
  });

  test("every fault names a test, and no promise is without one", () => {
    for (const { shown } of [...promises, ...deletes, ...entries, ...twice, ...hostile])
      expect(shown.length).toBeGreaterThan(0);
  });
});
