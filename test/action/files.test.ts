import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readInputs } from "../../src/shells/action/inputs.ts";

type Action = {
  readonly inputs: { readonly [name: string]: { readonly description: string; readonly default: string } };
  readonly outputs: { readonly [name: string]: { readonly description: string } };
  readonly runs: { readonly using: string; readonly main: string };
};
const action = parse(readFileSync("action.yml", "utf8")) as Action;
const source = (name: string): string => readFileSync(`src/shells/action/${name}`, "utf8");

test("action.yml has each input that is read, and no other", () => {
  const read = [...source("inputs.ts").matchAll(/(?:text|lines|choose|match|refuse)\("([a-z-]+)"/gu)].map(
    ([, name = ""]) => name,
  );
  expect([...new Set(read)].sort()).toEqual(Object.keys(action.inputs).sort());
});

test("the defaults of action.yml are what is read when nothing is given", () => {
  const given = Object.entries(action.inputs)
    .filter(([name]) => name !== "github-token")
    .map(([name, { default: value }]): [string, string] => [`INPUT_${name.toUpperCase()}`, value]);
  expect(readInputs(Object.fromEntries(given))).toEqual(readInputs({}));
});

test("action.yml has each output, with dashes and with underscores", () => {
  const told = [...source("outputs.ts").matchAll(/^ {4}"?([a-z-]+)"?: /gmu)].map(([, name = ""]) => name);
  expect(told.length).toBeGreaterThan(7);
  const both = told.flatMap((name) => [name, name.replaceAll("-", "_")]);
  expect([...new Set(both)].sort()).toEqual(Object.keys(action.outputs).sort());
  expect(action.runs).toEqual({ using: "node24", main: "dist/action/index.mjs" });
});

type Workflow = {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: {
    readonly [name: string]: { readonly steps: readonly { readonly uses: string; readonly with?: object }[] };
  };
};

describe.each(readdirSync("examples/workflows"))("the workflow %s", (name) => {
  const workflow = parse(readFileSync(`examples/workflows/${name}`, "utf8")) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap(({ steps }) => steps);

  test("uses inputs that there are, and gives words that are read", () => {
    const own = steps.filter(({ uses }) => uses.includes("trueup@"));
    expect(own).toHaveLength(1);
    const given = Object.entries(own[0]?.with ?? {}) as [string, string][];
    for (const [input] of given) expect(Object.keys(action.inputs)).toContain(input);
    const variables = given.map(([input, value]): [string, string] => [
      `INPUT_${input.toUpperCase()}`,
      value,
    ]);
    expect(() => readInputs(Object.fromEntries(variables))).not.toThrow();
  });

  test("checks the code out first, names its permissions, and never runs for a pull request with the rights of its target", () => {
    expect(steps[0]?.uses).toMatch(/^actions\/checkout@/u);
    expect(workflow.permissions).toMatchObject({ contents: "write" });
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
  });

  test("is named in the docs", () => {
    expect(readFileSync("docs/pull-requests.md", "utf8")).toContain(name);
  });
});
