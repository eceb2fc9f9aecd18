import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { hasWork } from "../../src/core/model/plan.ts";
import { writesOf } from "../observe.ts";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";

const node = "runtime: node, plan: starter, buildCommand: b, startCommand: s";

/** Blocks in one line each, for the scenes that people met: `service("api", variables(ofDatabase("URL", "host")))`. */
export const service = (name: string, more = "", type = "web"): string =>
  `{ type: ${type}, name: ${name}, ${node}${more} }`;
export const database = (name: string, more = ""): string => `{ name: ${name}, plan: basic-1gb${more} }`;
export const group = (name: string, entries: string): string => `{ name: ${name}, envVars: [${entries}] }`;
export const variables = (...all: readonly string[]): string => `, envVars: [${all.join(", ")}]`;
export const ofDatabase = (key: string, property: string, name = "db"): string =>
  `{ key: ${key}, fromDatabase: { name: ${name}, property: ${property} } }`;
export const ofService = (key: string, from: string, name: string): string =>
  `{ key: ${key}, fromService: { type: web, name: ${name}, envVarKey: ${from} } }`;
export const file = (lists: { readonly [list: string]: readonly string[] }): string =>
  Object.entries(lists)
    .map(([list, items]) => `${list}: [${items.join(", ")}]\n`)
    .join("");

/** A scene without limits, in which a variable of the environment is set. */
export const openFree = (options: SceneOptions = {}): Promise<Scene> =>
  openScene({ limits: "off", environment: { GIVEN: "given" }, ...options });

/** Applies a text, which has to succeed; answers with the calls that wrote. */
export async function apply(
  scene: Scene,
  text: string,
  input: Parameters<Scene["apply"]>[0] = {},
): Promise<readonly string[]> {
  await scene.write(text);
  const sent = writesOf(scene).length;
  const report = await scene.apply({ adopt: true, ...input });
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  return writesOf(scene).slice(sent);
}

/** The next plan is empty and refuses nothing, and nothing drifted. */
export async function expectNothingLeft(scene: Scene): Promise<void> {
  const plan = await scene.plan();
  expect(plan.refusals).toEqual([]);
  expect(hasWork(plan)).toBe(false);
  expect((await scene.drift()).drifted).toEqual([]);
}

/** The account is one that nobody owns anything of. */
export const forget = (scene: Scene): Promise<void> => rm(join(scene.folder, "state"), { recursive: true });
