import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeIdMaker } from "../../src/simulator/base/ids.ts";
import { makeRandom } from "../../src/simulator/base/random.ts";
import { findLeaks, readPlaces } from "./scan.ts";

const secret = 'k9"Zq/7+ x\\vö=W3&p%2Tn\nR8';
const planted = { canary: secret };

describe("the scanner", () => {
  const spellings: readonly (readonly [string, string])[] = [
    ["plain text", secret],
    ["JSON", JSON.stringify({ value: secret })],
    ["JSON in JSON", JSON.stringify({ line: JSON.stringify({ value: secret }) })],
    ["URL", `https://example.test/?q=${encodeURIComponent(secret)}`],
    ["URL form", new URLSearchParams({ q: secret }).toString()],
    ["base64", Buffer.from(secret).toString("base64")],
    ["base64url", Buffer.from(secret).toString("base64url")],
    ["hex", Buffer.from(secret).toString("hex").toUpperCase()],
  ];

  test.each(spellings)("finds %s", (spelling, text) => {
    expect(findLeaks(planted, { log: `before ${text} after` })).toContain(`log holds canary as ${spelling}`);
    expect(findLeaks(planted, { file: Buffer.from(`before ${text} after`) })).toContain(
      `file holds canary as ${spelling}`,
    );
  });

  test("finds base64 of a text that only contains the secret, wherever it stands", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = Buffer.from(`${before}${secret}${after}`).toString("base64");
        expect(findLeaks(planted, { log: text })).toContain("log holds canary as base64");
      }),
    );
  });

  test("finds a piece of a secret", () => {
    expect(findLeaks(planted, { log: `...${secret.slice(5, 18)}...` })).not.toEqual([]);
  });

  test("finds nothing where there is nothing, nor in a fingerprint", () => {
    expect(findLeaks(planted, { log: "a1b2 -> c3d4 (secret) k9", empty: "" })).toEqual([]);
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        fc.pre(!text.includes(secret.slice(0, 4)));
        expect(findLeaks({ canary: "a".repeat(40) }, { log: text.replaceAll("a", "b") })).toEqual([]);
      }),
    );
  });

  test("looks into every file below a folder, at their names, and at where links point", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
    const name = "plantedInAFileName";
    await mkdir(join(folder, "deep/er"), { recursive: true });
    await writeFile(join(folder, "deep/er/file"), `x${secret}`);
    await writeFile(join(folder, `deep/${name}`), "");
    await symlink(`/nowhere/${name}`, join(folder, "link"));
    await writeFile(join(folder, "source"), secret);
    const places = readPlaces(folder, ["source"]);
    expect(findLeaks(planted, places)).toContain("deep/er/file holds canary as plain text");
    const leaks = findLeaks({ name }, places);
    expect(leaks).toContain("link holds name as plain text");
    expect(leaks).toContain("names of files holds name as plain text");
    expect(Object.keys(places)).not.toContain("source");
    await rm(folder, { recursive: true });
  });
});

test("an id is looked for whole, because its pieces stand in the ids that are made right before and after it", () => {
  const ids = makeIdMaker(makeRandom(1));
  const made = Array.from({ length: 4 }, () => ids.nextXid(1_795_000_000));
  const places = { report: `made ${made[0]}, ${made[1]} and ${made[3]}` };
  expect(findLeaks({ id: made[2]! }, places)).not.toEqual([]);
  expect(findLeaks({ id: made[2]! }, places, { whole: true })).toEqual([]);
  for (const text of [made[2]!, Buffer.from(made[2]!).toString("hex"), btoa(`the id ${made[2]}`)])
    expect(findLeaks({ id: made[2]! }, { report: `x${text}x` }, { whole: true })).not.toEqual([]);
});
