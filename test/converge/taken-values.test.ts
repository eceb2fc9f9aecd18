import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { variablesOf } from "../observe.ts";
import { converge } from "../providers/converge.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene({ limits: "off" })));
afterEach(() => scene.close());

const worker = (name: string, variables: readonly string[], more = ""): string =>
  `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter${more}, envVars: [${variables.join(", ")}] }\n`;
const file = (...services: readonly string[]): string => `services:\n${services.join("")}`;
const taken = (key: string, of: string, name = "jobs"): string =>
  `{ key: ${key}, fromService: { type: worker, name: ${name}, envVarKey: ${of} } }`;
const generated = (key: string): string => `{ key: ${key}, generateValue: true }`;
const many = Array.from({ length: 12 }, (_, index) => `{ key: MANY_${index}, value: "${index}" }`);

describe("a variable that is taken from a later one of the same service", () => {
  const chained = [taken("A", "B"), taken("B", "C"), generated("C")];

  test.each([
    { what: "of a new service", before: undefined, more: "", others: [] },
    { what: "one call each", before: [], more: "", others: [] },
    { what: "in an exclusive list", before: [], more: ", envVarsExclusive: true", others: [] },
    { what: "among more than ten changes", before: [], more: "", others: many },
  ])("is written after it: $what", async ({ before, more, others }) => {
    if (before) await converge(scene, file(worker("jobs", before)));
    await converge(scene, file(worker("jobs", [...others, ...chained], more)));
    const { A, B, C } = variablesOf(scene, "jobs");
    expect(C).toMatch(/^\S{44}$/);
    expect([A, B]).toEqual([C, C]);
  });
});

test("variables of two services that are taken from each other crosswise are no circle", async () => {
  await converge(scene, file(worker("jobs", []), worker("mail", [])));
  const jobs = worker("jobs", [taken("A", "X", "mail"), generated("B")]);
  const mail = worker("mail", [taken("Y", "B", "jobs"), generated("X")]);
  await converge(scene, file(jobs, mail));
  expect(variablesOf(scene, "jobs")["A"]).toBe(variablesOf(scene, "mail")["X"]);
  expect(variablesOf(scene, "mail")["Y"]).toBe(variablesOf(scene, "jobs")["B"]);
});

test("a new service and one that exists may take variables from each other", async () => {
  await converge(scene, file(worker("jobs", [])));
  const jobs = worker("jobs", [taken("A", "X", "mail"), generated("B")]);
  const mail = worker("mail", [taken("Y", "B", "jobs"), generated("X")]);
  await converge(scene, file(jobs, mail));
  expect(variablesOf(scene, "jobs")["A"]).toBe(variablesOf(scene, "mail")["X"]);
  expect(variablesOf(scene, "mail")["Y"]).toBe(variablesOf(scene, "jobs")["B"]);
});

test("nobody waits for a datastore that the file wants suspended", async () => {
  const datastores = `  - { type: keyvalue, name: cache, plan: starter, ipAllowList: [], suspended: true }
databases: [{ name: main, plan: basic-256mb, suspended: true }]
`;
  const jobs = worker("jobs", [
    "{ key: A, fromDatabase: { name: main, property: host } }",
    "{ key: B, fromService: { type: keyvalue, name: cache, property: host } }",
  ]);
  await converge(scene, file(jobs, datastores));
});
