import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { textOf, wrongWith } from "../views/html/read-page.ts";
import { runTrueup, type Ended } from "./start-program.ts";

const file = `envVarGroups: [{name: shared, envVars: [{key: LOG_LEVEL, value: info}]}]
services:
  - {type: worker, name: api, runtime: image, image: {url: nginx}, plan: starter, envVars: [{fromGroup: shared}]}
`;

let folder: string;
let simulator: Simulator;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  await writeFile(join(folder, "trueup.yaml"), file);
  simulator = await startSimulator({ limits: "off" });
});

afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

const trueup = (...args: readonly string[]): Promise<Ended> =>
  runTrueup(args, { folder, env: simulator.env });

test("plan, apply and drift print one page with --format html, and nothing else on stdout", async () => {
  const planned = await trueup("plan", "--format", "html");
  expect(planned).toMatchObject({ code: 2, stderr: "" });
  expect(wrongWith(planned.stdout)).toEqual([]);
  expect(planned.stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/u);
  expect(textOf(planned.stdout)).toContain("trueup: 2 to create");
  // The graph and the timetable.
  expect(planned.stdout.match(/<svg/gu)).toHaveLength(2);

  const applied = await trueup("apply", "--yes", "--quiet", "--format", "html");
  expect(applied.code).toBe(0);
  expect(wrongWith(applied.stdout)).toEqual([]);
  expect(textOf(applied.stdout)).toContain("create render/service/api done");

  const [{ id } = { id: "" }] = simulator
    .save()
    .tables["services"]!.filter(
      (row) => (row as unknown as { name: string }).name === "api",
    ) as unknown as readonly { readonly id: string }[];
  const headers = {
    authorization: `Bearer ${simulator.env["RENDER_API_KEY"]}`,
    "content-type": "application/json",
  };
  const body = JSON.stringify({ serviceDetails: { plan: "pro" } });
  await fetch(`${simulator.env["RENDER_HOST"]}/services/${id}`, { method: "PATCH", headers, body });
  const drifted = await trueup("drift", "--format", "html");
  expect(drifted.code).toBe(5);
  expect(wrongWith(drifted.stdout)).toEqual([]);
  expect(textOf(drifted.stdout)).toContain("1 changed outside");
  // What drifted is drawn with what it is joined to.
  expect(drifted.stdout).toContain(">shared</text>");
});

test("with --format markdown it is what a comment shows; a rehearsal stands on the page as well", async () => {
  const planned = await trueup("plan", "--format", "markdown");
  expect(planned.stdout).toMatch(/^### trueup plan: 2 to create\n/u);
  expect(planned.stdout).toContain("```mermaid");
  const applied = await trueup("apply", "--yes", "--quiet", "--format", "markdown");
  expect(applied.stdout).toMatch(/^### trueup apply: done\n/u);
  expect((await trueup("drift", "--format", "markdown")).stdout).toMatch(/^### trueup drift: none/u);
  const rehearsed = await trueup("plan", "--simulate", "--format", "html");
  expect(wrongWith(rehearsed.stdout)).toEqual([]);
  expect(textOf(rehearsed.stdout)).toContain("Rehearsal");
});

test("--format and --json at once are refused; a plan that could not be made leaves stdout empty", async () => {
  const both = await trueup("plan", "--format", "html", "--json");
  expect(both.code).toBe(1);
  expect(both.stdout + both.stderr).toContain("--json");
  await writeFile(join(folder, "trueup.yaml"), "services: 3\n");
  const broken = await trueup("plan", "--format", "html");
  expect(broken).toMatchObject({ code: 1, stdout: "" });
  expect(broken.stderr).toContain("services");
});

test("graph --format svg is a picture of its own", async () => {
  const { code, stdout } = await trueup("graph", "--format", "svg");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^<svg [\s\S]*<style>[\s\S]*<\/svg>\n$/u);
  expect((stdout.match(/marker-end/gu) ?? []).length).toBe(1);
});
