import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runExport } from "../../src/commands/export/export.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import { stepsOf } from "../providers/converge.ts";
import { ourRows, writesOf, type Row } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

/*
 * Services of one name in two environments: Render's tutorial on projects and environments does it, the API's description says
 * that a name is taken once in a workspace. A switch of the simulator has either.
 */
let scene: Scene;
afterEach(() => scene.close());

/** The service of an environment, with a disk and a domain, which are known by their service. */
const api = (plan: string, size: number, domain: string, more = ""): string =>
  `{ type: web, name: api, runtime: node, plan: ${plan}, buildCommand: b, startCommand: s, ` +
  `disk: { name: data, mountPath: /data, sizeGB: ${size} }, domains: [${domain}], ` +
  `envVars: [{ key: OWN, fromService: { type: web, name: api, property: host } }]${more} }`;
const inside = (project: string, environment: string, service: string): string =>
  `  - { name: ${project}, environments: [{ name: ${environment}, services: [${service}] }] }\n`;
const production = inside("shop", "production", api("standard", 10, "api.acme.test"));
const staging = (size = 20): string => inside("lab", "staging", api("starter", size, "staging.acme.test"));
const both = (size?: number): string => `projects:\n${production}${staging(size)}`;

const changed = (plan: Plan): readonly string[] =>
  plan.changes.filter(({ action }) => action !== "keep").map(({ action, address }) => `${action} ${address}`);
const domainOf = (row: Row): unknown => (row["customDomains"] as { name: string }[])[0]?.name;
/** Of each service the plan, the size of its disk, its domain, and whether its own host was resolved to its own. */
const portrait = (): readonly unknown[] =>
  ourRows(scene, "services").map((row) => {
    const [own] = row["envVars"] as { value: string }[];
    return [
      row["plan"],
      (row["disk"] as { sizeGB: number }).sizeGB,
      domainOf(row),
      own?.value === row["slug"],
    ];
  });

async function apply(text: string, input: Parameters<Scene["apply"]>[0] = {}): Promise<void> {
  await scene.write(text);
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
}

describe("where the environment counts", () => {
  beforeEach(async () => {
    scene = await openScene({ limits: "off", switches: { serviceNames: "environment" } });
    await apply(both());
  });

  test("each is made in its own with all that stands in it, and nothing is left to do", async () => {
    expect(portrait()).toEqual([
      ["starter", 20, "staging.acme.test", true],
      ["standard", 10, "api.acme.test", true],
    ]);
    const again = await scene.plan();
    expect(stepsOf(again)).toEqual([]);
    const addresses = again.changes.map(({ address }) => address);
    for (const one of ["service", "disk"]) expect(addresses).toContain(`render/${one}/api@shop%2Fproduction`);
    expect((await scene.drift()).drifted).toEqual([]);
  });

  test("a change of one, and of its disk, is not a change of the other", async () => {
    await apply(both(30).replace("plan: standard", "plan: pro"));
    expect(portrait()).toEqual([
      ["starter", 30, "staging.acme.test", true],
      ["pro", 10, "api.acme.test", true],
    ]);
  });

  test("an account with both is exported and adopted, each by its environment", async () => {
    await rm(join(scene.folder, "state"), { recursive: true });
    const { text, problems } = await runExport({ literals: [] }, scene.deps);
    expect(problems).toEqual([]);
    await scene.write(text);
    const plan = await scene.plan();
    expect(plan.refusals).toEqual([]);
    expect(plan.changes.filter(({ action, fields }) => action === "update" || fields.length > 0)).toEqual([]);
    expect(changed(plan)).toContain("adopt render/disk/api@lab%2Fstaging");
    const before = writesOf(scene).length;
    expect((await scene.apply({ adopt: true })).verdict).toBe("done");
    expect(writesOf(scene)).toHaveLength(before);
  });

  test("once the other is gone the name stands alone, and comes back with it", async () => {
    const lossOf = { allowDeletes: 4, allowDataLoss: ["render/disk/api@lab%2Fstaging"] };
    await scene.write(`projects:\n${production}`);
    expect(changed(await scene.plan())).toEqual([
      "delete render/custom-domain/staging.acme.test",
      "delete render/disk/api@lab%2Fstaging",
      "delete render/environment/lab%2Fstaging",
      "delete render/project/lab",
      "delete render/service/api@lab%2Fstaging",
    ]);
    await apply(`projects:\n${production}`, { ...lossOf, allowDeletes: 5 });
    expect((await scene.inventory()).resources).toHaveProperty(["render/disk/api"]);
    await scene.write(both());
    expect(changed(await scene.plan()).filter((line) => line.includes("production"))).toEqual([]);
    await apply(both());
    expect(portrait()).toHaveLength(2);
  });

  test("a block at the root could be either: both ids, and what to say", async () => {
    await rm(join(scene.folder, "state"), { recursive: true });
    await scene.write(
      "services: [{ type: web, name: api, runtime: node, plan: starter, buildCommand: b, startCommand: s }]\n",
    );
    const [refusal] = (await scene.plan()).refusals;
    expect(refusal?.code).toBe("ambiguous-name");
    for (const { id } of ourRows(scene, "services") as { id: string }[])
      expect(refusal?.remedy).toContain(`trueup state adopt render/service/api ${id}`);
  });
});

test.each(["service", "postgres"])(
  "a file that is given alone keeps the address of its %s, and leaves that of the other file alone",
  async (kind) => {
    scene = await openScene({ limits: "off", switches: { serviceNames: "environment" } });
    const block =
      kind === "service"
        ? "services: [{ type: web, name: api, runtime: node, plan: starter, buildCommand: b, startCommand: s }]"
        : "databases: [{ name: api, plan: basic-256mb }]";
    const of = (project: string): string =>
      `projects: [{ name: ${project}, environments: [{ name: main, ${block} }] }]\n`;
    await scene.write(of("a"), "a.yaml");
    await scene.write(of("b"), "b.yaml");
    const run = async (...files: string[]): Promise<readonly string[]> => {
      const made = changed(await scene.plan({ files }));
      const report = await scene.apply({ files });
      expect(report.problems.filter(({ severity }) => severity !== "note")).toEqual([]);
      expect(report.verdict).toBe("done");
      return made.filter((line) => line.includes(kind));
    };
    // The second one comes without the first being given: it is another resource, and no move of that one.
    expect(await run("a.yaml")).toEqual([`create render/${kind}/api`]);
    expect(await run("b.yaml")).toEqual([`create render/${kind}/api@b%2Fmain`]);
    for (const files of [["a.yaml"], ["b.yaml"], ["a.yaml", "b.yaml"], ["a.yaml"]])
      expect(await run(...files)).toEqual([]);
    const owned = Object.keys((await scene.inventory()).resources).filter((one) => one.includes(kind));
    expect(owned).toEqual([`render/${kind}/api@a%2Fmain`, `render/${kind}/api@b%2Fmain`]);
    expect(ourRows(scene, kind === "service" ? "services" : "postgres")).toHaveLength(2);
  },
);

test("where the workspace counts, the refusal of the API says what it is about, and the rest is done", async () => {
  scene = await openScene({ limits: "off" });
  await scene.write(both());
  const report = await scene.apply();
  expect(report.verdict).toBe("failed");
  expect(report.problems).toMatchObject([
    {
      code: "name-taken",
      message: expect.stringMatching(
        /409: name api is already in use\. The file has api in several environments/u,
      ),
    },
  ]);
  expect(portrait()).toHaveLength(1);
  // Another name for one of the two is the way out.
  const made = ourRows(scene, "services")[0]!["plan"];
  const other = made === "standard" ? staging() : production;
  await apply(both().replace(other, other.replaceAll("name: api,", "name: api-two,")));
  expect(ourRows(scene, "services")).toHaveLength(2);
});
