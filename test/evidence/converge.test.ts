import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { ResourceChange } from "../../src/core/model/change.ts";
import type { Desired } from "../../src/core/model/desired.ts";
import { hasWork, type Plan } from "../../src/core/model/plan.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { problemsOf, writesOf } from "../observe.ts";
import type { Scene } from "../scene.ts";
import { corpusFiles, loadCorpusState, openCorpusScene, readCorpusState } from "./corpus-scene.ts";
import { converging, invalid, refused, unattainable } from "./outcomes.ts";

/** How many files of the corpus have to converge by creation alone. */
const least = 120;

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

test("the tables name every file of the corpus once", () => {
  const named = [...converging, ...Object.keys(refused), ...Object.keys(invalid)];
  expect(named.sort()).toEqual(corpusFiles());
  expect(converging.length).toBeGreaterThanOrEqual(least);
});

test("the page that tells how real files fare has these counts", () => {
  const counts = [
    ...readFileSync("docs/fidelity.md", "utf8").matchAll(/^\| (converges|refused|an error).*\| (\d+) \|/gmu),
  ];
  const told = (outcome: string): number =>
    counts.filter(([, word]) => word === outcome).reduce((sum, [, , many]) => sum + Number(many), 0);
  expect([told("converges"), told("refused"), told("an error")]).toEqual(
    [converging, Object.keys(refused), Object.keys(invalid)].map((files) => files.length),
  );
});

describe("what the API can create converges by creation", () => {
  test.each(converging)("%s", async (file) => {
    scene = await openCorpusScene(file);
    expect(problemsIn(await scene.apply())).toEqual([]);
    expect(workIn(await scene.plan())).toEqual([]);
    const sent = writesOf(scene).length;
    expect((await scene.apply()).verdict).toBe("done");
    expect(writesOf(scene).slice(sent)).toEqual([]);
  });
});

describe("what the API cannot create", () => {
  const files = Object.entries(refused);

  test.each(files)("%s is refused before anything is written", async (file, refusals) => {
    scene = await openCorpusScene(file);
    const report = await scene.apply();
    expect(report.verdict).toBe("refused");
    expect(report.problems.map(({ code, address }) => `${code} ${address}`).sort()).toEqual(refusals);
    expect(writesOf(scene)).toEqual([]);
  });

  test.each(files)("%s is managed where it exists already", async (file, refusals) => {
    const state = loadCorpusState(file);
    // A free service can exist; the disk that it cannot have can not.
    const addresses = new Set(
      refusals.map((refusal) => refusal.slice(refusal.indexOf(" ") + 1).replace("/disk/", "/service/")),
    );
    const resources = state.resources.filter(({ address }) => addresses.has(address)).map(withoutValues);
    scene = await openCorpusScene(file, { load: [{ ...state, resources }] });
    const plan = await scene.plan();
    const adopted = plan.changes.filter(({ action }) => action === "adopt");
    expect(adopted.map(({ address }) => address)).toEqual([...addresses].sort());
    const left = unattainable[file];
    const report = await scene.apply({ adopt: true });
    if (left !== undefined) {
      expect(report.problems.map(({ code, address }) => `${code} ${address}`)).toEqual([left]);
      expect(writesOf(scene)).toEqual([]);
      return;
    }
    expect(problemsIn(report)).toEqual([]);
    const again = await scene.plan();
    expect(hasWork(again)).toBe(false);
    expect(again.changes.filter(({ action }) => action !== "keep")).toEqual([]);
  });
});

describe("files with errors", () => {
  test.each(Object.entries(invalid))("%s", async (file, { codes }) => {
    scene = await openCorpusScene(file);
    const problems = await problemsOf(scene.apply());
    const errors = problems.filter(({ severity }) => severity === "error");
    expect([...new Set(errors.map(({ code }) => code))].sort()).toEqual(codes);
    expect(readCorpusState(file).errors).toEqual(codes);
    expect(scene.requests).toEqual([]);
  });
});

test("without a repository the services that are built from one are refused", async () => {
  scene = await openCorpusScene("GilChiu__Auto-Saaz-Server.yaml");
  const report = await scene.apply({ repo: "" });
  expect(problemsIn(report)).toEqual([
    "refused",
    expect.stringMatching(/^repo-unknown render\/service\/autosaaz-server: /),
  ]);
  expect(writesOf(scene)).toEqual([]);
});

/** Made by somebody by hand, who left the variables and files for later. */
function withoutValues(desired: Desired): Desired {
  const { envVars: _variables, secretFiles: _files, ...spec } = desired.spec;
  return { ...desired, spec };
}

function problemsIn(report: RunReport): readonly string[] {
  const told = report.problems.map(({ code, address, message }) => `${code} ${address ?? ""}: ${message}`);
  return report.verdict === "done" ? told : [report.verdict, ...told];
}

/** What is left to do, with the fields that differ: empty when the account is what the file says. */
function workIn(plan: Plan): readonly string[] {
  const left = plan.changes.filter(({ action, converged }) => action !== "keep" || converged.length > 0);
  return [...left.map(describeChange), ...(hasWork(plan) ? plan.steps.map(({ id }) => id) : [])];
}

function describeChange({ action, address, fields, converged }: ResourceChange): string {
  const keys = fields.map(({ field, entry }) => (entry === undefined ? field : `${field}.${entry}`));
  return [action, address, ...keys, ...converged].join(" ");
}
