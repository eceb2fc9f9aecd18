import { describe, expect, test } from "vitest";
import { readDesired } from "../../../src/file/blocks/desired.ts";
import { allKinds, today, toldBy } from "../read.ts";

const base = `services:
  - type: web
    name: api
    runtime: node
    plan: starter
    buildCommand: npm ci
    startCommand: npm start
    envVars:
      - { key: RATE, value: 3.10 }
      - { key: LEVEL, value: info }
databases:
  - name: main
    plan: basic-256mb
settings:
  guards: { maxDeletes: 3, maxDeleteShare: 0.5 }
`;

function readOver(...overlays: readonly string[]) {
  const named = overlays.map((text, index) => ({ name: `overlay-${index}.yaml`, text }));
  return readDesired([{ name: "trueup.yaml", text: base }], { kinds: allKinds, today, overlays: named });
}

function specOf(result: ReturnType<typeof readOver>, address: string) {
  return result.state?.resources.find((one) => one.address === address)?.spec;
}

describe("a merge patch", () => {
  test("merges mappings, replaces lists, and takes away what it sets to null", () => {
    const result = readOver(
      "settings: { guards: { maxDeletes: 9 } }\ndatabases: [{ name: other }]\nrepository: https://github.com/acme/app\n",
    );
    expect(result.problems).toEqual([]);
    expect(result.state?.settings).toMatchObject({
      maxDeletes: 9,
      maxDeleteShare: 0.5,
      repository: "https://github.com/acme/app",
    });
    expect(result.state?.resources.map(({ address }) => address)).toEqual([
      "render/service/api",
      "render/postgres/other",
    ]);
    expect(readOver("databases: null").state?.resources.map(({ address }) => address)).toEqual([
      "render/service/api",
    ]);
  });

  test("has its problems pointed out where they are", () => {
    expect(toldBy(readOver("databases:\n  - name: main\n    plan: huge\n"))).toEqual([
      "error wrong-value 3:11",
    ]);
    expect(readOver("databases:\n  - name: main\n    plan: huge\n").problems[0]?.where?.file).toBe(
      "overlay-0.yaml",
    );
    expect(readOver("settings: { guards: { maxDeletes: many } }").problems[0]?.where?.file).toBe(
      "overlay-0.yaml",
    );
  });
});

describe("a JSON Patch", () => {
  test("does each operation after the other, texts as they were written", () => {
    const result = readOver(`
- { op: test, path: /services/0/name, value: api }
- { op: replace, path: /services/0/plan, value: pro plus }
- { op: add, path: /services/0/envVars/-, value: { key: RATIO, value: 1.50 } }
- { op: remove, path: /services/0/envVars/1 }
- { op: copy, from: /services/0, path: /services/- }
- { op: replace, path: /services/1/name, value: api-2 }
- { op: move, from: /databases/0/plan, path: /databases/0/previewPlan }
`);
    expect(result.problems.filter(({ severity }) => severity === "error")).toEqual([]);
    const envVars = { RATE: { from: "literal", text: "3.10" }, RATIO: { from: "literal", text: "1.50" } };
    expect(specOf(result, "render/service/api")).toMatchObject({ plan: "pro plus", envVars });
    expect(specOf(result, "render/service/api-2")).toMatchObject({ plan: "pro plus", envVars });
    expect(specOf(result, "render/postgres/main")?.["plan"]).toBeUndefined();
  });

  test("points into itself for what it set, and into the file for the rest", () => {
    const result = readOver(
      "- { op: replace, path: /services/0/plan, value: huge }\n- { op: replace, path: /databases/0/plan, value: tiny }\n",
    );
    expect(result.problems.map(({ code, where }) => [code, where?.file, where?.line])).toEqual([
      ["wrong-value", "overlay-0.yaml", 1],
      ["wrong-value", "overlay-0.yaml", 2],
    ]);
    const removed = readOver(
      "- { op: remove, path: /services/0/runtime }\n- { op: replace, path: /services/0/type, value: cron }\n",
    );
    expect(
      removed.problems.filter(({ code }) => code === "missing-key").map(({ where }) => where?.file),
    ).toEqual(["trueup.yaml", "trueup.yaml"]);
  });

  test.each([
    ["- { op: replace, path: /services/4/plan, value: a }", "there is nothing at its path"],
    ["- { op: replace, path: /services/0/plan/size, value: a }", "there is nothing at its path"],
    ["- { op: add, path: /services/x, value: {} }", "a list is entered by a number"],
    ["- { op: add, path: /services/9, value: {} }", "the list is shorter"],
    ["- { op: replace, path: services, value: [] }", "must begin with a slash"],
    ["- { op: move, from: /nothing, path: /services/0/plan }", "there is nothing at `from`"],
    ["- { op: test, path: /services/0/plan, value: pro }", "the value there is another one"],
    ["- { op: test, path: /nothing, value: pro }", "the value there is another one"],
    ["- { op: add, path: /__proto__/polluted, value: a }", "there is nothing at its path"],
    ["- { op: remove, path: '' }", "takes the whole file away"],
    ["- { op: rename, path: /a }", "`op` must be one of"],
    ["- { path: /a }", "it lacks `op`"],
    ["- { op: add, path: /a }", "it lacks `value`"],
    ["- { op: copy, path: /a }", "it lacks `from`"],
    ["- text", "it lacks `op`"],
  ])("%s is an error with its place", (overlay, why) => {
    const result = readOver(`- { op: test, path: /databases/0/name, value: main }\n${overlay}`);
    expect(toldBy(result)).toEqual([expect.stringMatching(/^error overlay-patch 2:/) as string]);
    expect(result.problems[0]?.message).toContain(why);
    expect(result.problems[0]?.message).toContain("Operation 2");
    expect(({} as { readonly polluted?: string }).polluted).toBeUndefined();
  });

  test("shows no value of its own in a frame", () => {
    const result = readOver(
      "- { op: add, path: /services/0/envVars/9, value: { key: API_TOKEN, value: hunter2hunter2 } }",
    );
    expect(result.problems[0]?.code).toBe("overlay-patch");
    expect(JSON.stringify(result.problems)).not.toContain("hunter2");
  });
});

test("several overlays are applied in their order", () => {
  const result = readOver(
    "databases: [{ name: main, plan: pro-4gb }]",
    "- { op: replace, path: /databases/0/plan, value: pro-8gb }",
  );
  expect(specOf(result, "render/postgres/main")).toMatchObject({ plan: "pro-8gb" });
  expect(result.state?.files).toEqual(["trueup.yaml", "overlay-0.yaml", "overlay-1.yaml"]);
});

describe("an overlay over several files", () => {
  const files = [
    { name: "a.yaml", text: "workspace: acme\ndatabases: [{ name: main, plan: pro-4gb }]" },
    { name: "b.yaml", text: "workspace: acme\nservices: [{ type: worker, name: w, runtime: docker }]" },
  ];
  const read = (overlay: string, sources = files) =>
    readDesired(sources, { kinds: allKinds, today, overlays: [{ name: "o.yaml", text: overlay }] });

  test.each([
    ["a list of the file that has it", "databases: [{ name: main, plan: pro-8gb }]"],
    ["an operation where its path is", "- { op: replace, path: /databases/0/plan, value: pro-8gb }"],
    [
      "an addition where its list is",
      "- { op: add, path: /databases/1, value: { name: two, plan: pro-4gb } }\n- { op: replace, path: /databases/0/plan, value: pro-8gb }",
    ],
    [
      "a move",
      "- { op: move, from: /databases/0, path: /databases/0 }\n- { op: replace, path: /databases/0/plan, value: pro-8gb }",
    ],
  ])("changes %s, and leaves the others", (_what, overlay) => {
    const result = read(overlay);
    expect(result.problems).toEqual([]);
    expect(specOf(result, "render/postgres/main")).toMatchObject({ plan: "pro-8gb" });
    expect(result.state?.resources.map(({ address }) => address)).toContain("render/service/w");
  });

  test("changes what all of them say, and begins what none of them has in the first one", () => {
    const result = read(
      "workspace: staging\nregistryCredentials: []\nsettings: { guards: { maxDeletes: 1 } }",
    );
    expect(result.problems).toEqual([]);
    expect(result.state?.settings).toMatchObject({ workspace: "staging" });
  });

  test.each([
    ["a list that two files have", "services: []", "error overlay-base 1:1"],
    ["a path that is in two files", "- { op: remove, path: /workspace }", "error overlay-base 1:23"],
    ["a path that is in none", "- { op: remove, path: /services/7 }", "error overlay-patch 1:23"],
    ["a text", "text", "error overlay-form 1:1"],
  ])("is told of %s", (_what, overlay, told) => {
    const both = [
      ...files,
      { name: "c.yaml", text: "services: [{ type: worker, name: c, runtime: docker }]" },
    ];
    expect(toldBy(read(overlay, both))).toEqual([told]);
  });

  test("is of no use where a file cannot be read, which alone is told", () => {
    expect(toldBy(read("services: []", [files[0]!, { name: "b.yaml", text: "services: [}" }]))).toContain(
      "error yaml-syntax 1:12",
    );
  });
});

test("what is no overlay is told", () => {
  expect(toldBy(readOver("text"))).toEqual(["error overlay-form 1:1"]);
  expect(toldBy(readOver("services: [}"))).toContain("error yaml-syntax 1:12");
});
