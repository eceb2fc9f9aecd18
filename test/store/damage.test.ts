import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readOwning, repairState } from "../../src/commands/state/state.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { openScene, type Scene } from "../scene.ts";
import { began, intent } from "./contract.ts";

const file = `services:
  - {type: web, name: api, runtime: image, image: {url: nginx}, plan: starter, envVars: [{key: A, value: b}, {key: S, sync: false}]}
envVarGroups: [{name: shared, envVars: [{key: G, generateValue: true}]}]
`;
const input = { files: [], overlays: [] };
const api = "render/service/api";
const documents = ["inventory.json", "journal.ndjson", "ledger.json"] as const;
type Name = (typeof documents)[number];

let scene: Scene;
let whole: { readonly [name in Name]: string };
const pathOf = (name: string): string => join(scene.folder, "state/default", name);
const put = async (name: string, text: string): Promise<void> => {
  await mkdir(dirname(pathOf(name)), { recursive: true });
  await writeFile(pathOf(name), text);
};

beforeEach(async () => {
  scene = await openScene();
  await scene.write(file);
  await scene.apply();
  const head = '{"entry":"journal","version":1}\n';
  const lines = [began("r9", 5), intent("r9", "update render/service/api")];
  await put("journal.ndjson", head + lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await put("ledger.json", '{"version":1,"windows":{"render/create":{"limit":20,"used":1,"endsAt":1}}}\n');
  const [inventory, journal, ledger] = await Promise.all(
    documents.map((name) => readFile(pathOf(name), "utf8")),
  );
  whole = { "inventory.json": inventory!, "journal.ndjson": journal!, "ledger.json": ledger! };
});
afterEach(() => scene.close());

async function codesOf(work: Promise<unknown>): Promise<readonly string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ code }) => code);
    throw error;
  }
}

type Loose = {
  version: unknown;
  pending: unknown;
  resources: { [address: string]: { [member: string]: unknown } | null };
};

/** The service's entry. */
const entryOf = (all: Loose): { [member: string]: unknown } => all.resources[api]!;

/** The inventory with one member of the service's entry, or of the whole, put in another's place. */
function inventoryWith(change: (inventory: Loose) => void): string {
  const value = JSON.parse(whole["inventory.json"]) as Loose;
  change(value);
  return JSON.stringify(value);
}

test.each<readonly [string, Name, () => string, string]>([
  ["no JSON", "inventory.json", () => "{", "state-damaged"],
  ["nothing at all", "inventory.json", () => "", "state-damaged"],
  ["null", "inventory.json", () => "null", "state-damaged"],
  [
    "nested too deep",
    "inventory.json",
    () => `{"version":2,"x":${"[".repeat(9e5)}${"]".repeat(9e5)}}`,
    "state-damaged",
  ],
  [
    "a null in a list",
    "inventory.json",
    () => inventoryWith((all) => (entryOf(all)["needs"] = [null])),
    "state-damaged",
  ],
  [
    "a resource that is null",
    "inventory.json",
    () => inventoryWith((all) => (all.resources[api] = null)),
    "state-damaged",
  ],
  [
    "a digest that is a number",
    "inventory.json",
    () => inventoryWith((all) => (entryOf(all)["fields"] = { plan: 1 })),
    "state-damaged",
  ],
  [
    "an id that is missing",
    "inventory.json",
    () => inventoryWith((all) => delete entryOf(all)["id"]),
    "state-damaged",
  ],
  [
    "__proto__ as an address",
    "inventory.json",
    () => whole["inventory.json"].replace(`"${api}"`, '"__proto__"'),
    "state-damaged",
  ],
  [
    "constructor as an address",
    "inventory.json",
    () => whole["inventory.json"].replace(`"${api}"`, '"constructor"'),
    "state-damaged",
  ],
  [
    "another kind than the address",
    "inventory.json",
    () => whole["inventory.json"].replace('"render/service"', '"render/postgres"'),
    "state-damaged",
  ],
  [
    "a kind that is not known",
    "inventory.json",
    () => whole["inventory.json"].replaceAll("render/service", "render/newthing"),
    "state-newer",
  ],
  ["a newer version", "inventory.json", () => inventoryWith((all) => (all.version = 99)), "state-newer"],
  [
    "pending that is a list",
    "inventory.json",
    () => inventoryWith((all) => (all.pending = [])),
    "state-damaged",
  ],
  [
    "a torn line in the middle",
    "journal.ndjson",
    () => `{"entry":\n${whole["journal.ndjson"]}`,
    "state-damaged",
  ],
  [
    "an entry that is not known",
    "journal.ndjson",
    () => `${whole["journal.ndjson"]}{"entry":"future","run":"r","at":1}\n`,
    "state-newer",
  ],
  [
    "toString as an entry",
    "journal.ndjson",
    () => `${whole["journal.ndjson"]}{"entry":"toString","run":"r","at":1}\n`,
    "state-newer",
  ],
  [
    "an outcome without a result",
    "journal.ndjson",
    () =>
      `${whole["journal.ndjson"]}{"entry":"outcome","run":"r","at":1,"step":"s","verb":"create","address":"${api}"}\n`,
    "state-damaged",
  ],
  ["windows that are null", "ledger.json", () => '{"version":1,"windows":null}', "state-damaged"],
  [
    "a window that is null",
    "ledger.json",
    () => '{"version":1,"windows":{"render/create":null}}',
    "state-damaged",
  ],
])("%s: %s stops a plan with its code", async (_, name, text, code) => {
  await put(name, text());
  expect(await codesOf(scene.plan())).toEqual([code]);
});

describe("state repair", () => {
  test("puts a damaged inventory aside as it is, and the next apply adopts everything and writes nothing", async () => {
    const rows = JSON.stringify(scene.rows("services"));
    await put("inventory.json", "{ damaged");
    await put("journal.ndjson", "");
    const { repaired } = await repairState(input, scene.deps);
    expect(repaired).toMatchObject([{ name: "inventory.json" }]);
    expect(await readFile(repaired[0]!.aside, "utf8")).toBe("{ damaged");
    const report = await scene.apply({ adopt: true });
    expect(report.verdict).toBe("done");
    expect(Object.keys((await readOwning(input, scene.deps)).inventory.resources)).toHaveLength(2);
    expect(JSON.stringify(scene.rows("services"))).toBe(rows);
  });

  test("keeps every line of a journal that can be read: an intent is not lost", async () => {
    const [head, ...lines] = whole["journal.ndjson"].split("\n");
    await put("journal.ndjson", [head, "{torn", ...lines].join("\n"));
    const { repaired } = await repairState(input, scene.deps);
    expect(repaired).toMatchObject([{ name: "journal.ndjson", kept: 2 }]);
    expect(await readFile(pathOf("journal.ndjson"), "utf8")).toBe(whole["journal.ndjson"]);
  });

  test("puts a ledger and the record of a run aside, and says nothing when nothing is damaged", async () => {
    const [run] = await readdir(pathOf("runs"));
    await put("ledger.json", "[]");
    await put(`runs/${run}`, "null");
    const { repaired } = await repairState(input, scene.deps);
    expect(repaired.map(({ name }) => name)).toEqual(["ledger.json", `runs/${run}`]);
    expect(await codesOf(scene.plan())).toEqual([]);
    expect((await repairState(input, scene.deps)).repaired).toEqual([]);
  });

  test("leaves what a newer trueup wrote where it is", async () => {
    await put("inventory.json", '{"version": 99}');
    expect((await repairState(input, scene.deps)).repaired).toEqual([]);
    expect(await readFile(pathOf("inventory.json"), "utf8")).toBe('{"version": 99}');
  });
});

test("whatever stands in a document of the state, no command ends in a fault of its own", async () => {
  const odd = fc.constantFrom(
    null,
    true,
    0,
    -1,
    1e99,
    "",
    "x",
    "__proto__",
    "constructor",
    [],
    [null],
    {},
    { a: null },
    undefined,
  );
  const damage = fc.record({
    name: fc.constantFrom(...documents),
    at: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
    value: odd,
    cut: fc.option(fc.nat(2_000), { freq: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ name, at, value, cut }) => {
      const lines = name === "journal.ndjson" ? whole[name].trimEnd().split("\n") : [whole[name]];
      const hit = (at[0] ?? 0) % lines.length;
      const mutated = lines.map((line, index) => (index === hit ? mutate(line, at, value) : line));
      const text = `${mutated.join("\n")}\n`;
      await put(name, cut === null ? text : text.slice(0, cut));
      const codes = await codesOf(scene.plan());
      for (const code of codes) expect(code).not.toBe("internal");
      await codesOf(readOwning(input, scene.deps));
      await put(name, whole[name]);
    }),
    { numRuns: 60 },
  );
});

/** Follows the numbers down into the value and puts the odd one there. */
function mutate(text: string, at: readonly number[], odd: unknown): string {
  const root = JSON.parse(text) as unknown;
  let place = root as { [key: string]: unknown };
  for (const number of at) {
    const keys = Object.keys(place);
    const key = keys[number % Math.max(1, keys.length)];
    if (key === undefined) break;
    const next = place[key];
    if (number === at.at(-1) || typeof next !== "object" || next === null) {
      if (odd === undefined) delete place[key];
      else place[key] = odd;
      break;
    }
    place = next as { [key: string]: unknown };
  }
  return JSON.stringify(root);
}
