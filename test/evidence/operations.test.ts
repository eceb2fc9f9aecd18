import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { operations } from "../../src/simulator/render/operation.ts";
import { readRecordings } from "./recordings.ts";
import { sharedFolder } from "./shared-folder.ts";

type Description = { readonly paths: { readonly [path: string]: { readonly [method: string]: unknown } } };

const methods = ["get", "post", "put", "patch", "delete"];

function withoutNames(path: string): string {
  return path.replaceAll(/\{\w+\}/g, "{}");
}

describe("the simulator's table of operations", () => {
  const known = new Map<string, string>(
    operations.map(({ method, path, source }) => [`${method} ${withoutNames(path)}`, source] as const),
  );

  test("has all 196 of Render's description, and serves each of them", () => {
    const text = readFileSync(join(sharedFolder(), "reference", "render-openapi.json"), "utf8");
    const described = Object.entries((JSON.parse(text) as Description).paths).flatMap(([path, item]) =>
      methods
        .filter((method) => method in item)
        .map((method) => `${method.toUpperCase()} ${withoutNames(path)}`),
    );
    expect(described).toHaveLength(196);
    const missing = described.filter((operation) => (known.get(operation) ?? "absent") === "absent");
    expect(missing).toEqual([]);
  });

  test("calls recorded what is in the recordings, and nothing else", () => {
    const templates = [...known.keys()].map((operation) => {
      const [method = "", path = ""] = operation.split(" ");
      return { operation, method, pattern: new RegExp(`^${path.replaceAll("{}", "[^/]+")}$`) };
    });
    // The one with the fewest parameters: a literal segment is no id.
    templates.sort((a, b) => a.operation.split("{").length - b.operation.split("{").length);
    const seen = new Set<string>();
    for (const { exchanges } of readRecordings()) {
      for (const { method, path } of exchanges) {
        const [bare = ""] = path.split("?");
        const found = templates.find((one) => one.method === method && one.pattern.test(bare));
        seen.add(found?.operation ?? `${method} ${bare}`);
      }
    }
    const said = [...known].filter(([, source]) => source === "recorded").map(([operation]) => operation);
    expect([...seen].sort()).toEqual(said.sort());
  });
});
