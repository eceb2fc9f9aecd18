import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adoptById } from "../../src/commands/state/state-adopt.ts";
import { adoptFromTerraform } from "../../src/commands/state/state-adopt-terraform.ts";
import { hasDrift } from "../../src/core/planning/drift.ts";
import { isPending, type Plan } from "../../src/core/model/plan.ts";
import { services } from "../../src/simulator/render/service/service-row.ts";
import { idNamed, problemsOf, rowNamed, writesOf, type Row } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

const server = "runtime: node, buildCommand: npm ci, startCommand: npm start, plan: starter";
/** Each type with fields that the others lack, by what the API calls it. */
const blocks = {
  web_service: `{ type: web, name: NAME, ${server}, healthCheckPath: /up, envVars: [{ key: A, value: "1" }] }`,
  private_service: `{ type: pserv, name: NAME, ${server}, preDeployCommand: ./migrate, numInstances: 2 }`,
  background_worker: `{ type: worker, name: NAME, ${server}, maxShutdownDelaySeconds: 60 }`,
  cron_job: `{ type: cron, name: NAME, ${server}, schedule: "0 3 * * *" }`,
  static_site: `{ type: web, name: NAME, runtime: static, buildCommand: npm run build, staticPublishPath: out, headers: [{ path: "/*", name: X-A, value: b }] }`,
} as const;
type Type = keyof typeof blocks;
const types = Object.keys(blocks) as readonly Type[];
/** Every pair of what is there and what the file says. */
const pairs = types.flatMap((live) =>
  types.filter((type) => type !== live).map((wanted) => ({ live, wanted })),
);
/** Each type as one of them, and as the other. */
const turns = types.map((live, number) => ({ live, wanted: types[(number + 1) % types.length]! }));

const fileWith = (type: Type, more = ""): string =>
  `services:\n  - ${blocks[type].replace("NAME", "site")}\n${more}`;
const other = "  - { type: worker, name: jobs, runtime: image, image: { url: nginx }, plan: starter }\n";
const address = "render/service/site";

/** A service that no state owns. */
async function makeForeign(type: Type): Promise<Row> {
  await scene.write(fileWith(type));
  expect((await scene.apply()).verdict).toBe("done");
  await rm(join(scene.folder, "state"), { recursive: true });
  return rowNamed(scene, "services", "site");
}

const codesOf = (plan: Plan): readonly string[] => plan.refusals.map(({ code }) => code);

describe("a block of another type than the live service of its name is refused, and nothing of that service is touched", () => {
  test.each(pairs)("a $live that the file calls a $wanted", async ({ live, wanted }) => {
    const row = await makeForeign(live);
    await scene.write(fileWith(wanted));
    const before = writesOf(scene).length;
    const { plan } = await scene.apply();
    expect(codesOf(plan)).toEqual(["other-type"]);
    expect(plan.refusals[0]).not.toHaveProperty("answer");
    const consents = { adopt: true, allowReplace: [address], allowDataLoss: [address] };
    expect((await scene.apply(consents)).verdict).toBe("refused");
    const byId = adoptById(address, row["id"] as string, { files: [] }, scene.deps);
    expect((await problemsOf(byId)).map(({ code }) => code)).toEqual(["other-type"]);
    expect(writesOf(scene).slice(before)).toEqual([]);
    expect(rowNamed(scene, "services", "site")).toEqual(row);
    // Of what the message offers: the block says what is there, and is adopted as it is.
    await scene.write(fileWith(live));
    expect((await scene.apply({ adopt: true })).verdict).toBe("done");
    expect(isPending(await scene.plan())).toBe(false);
    expect(idNamed(scene, "services", "site")).toBe(row["id"]);
  });
});

test("the message says what is there, what to write to have it, and that it can step aside by hand", async () => {
  const { id } = await makeForeign("static_site");
  await scene.write(fileWith("background_worker"));
  const [refusal] = (await scene.plan()).refusals;
  expect(refusal?.message).toBe(
    `${address} exists already as a static site (${id as string}), and the file declares a background worker: one never becomes the other.`,
  );
  expect(refusal?.remedy).toBe(
    "Write type: web, runtime: static to take it over as it is, give the block another name, or rename or delete the live one in the dashboard.",
  );
  await scene.edit("PATCH", `/services/${id as string}`, { name: "site-old" });
  expect((await scene.apply()).verdict).toBe("done");
  expect(rowNamed(scene, "services", "site")).toMatchObject({ type: "background_worker" });
  expect(rowNamed(scene, "services", "site-old")).toMatchObject({ id });
  expect(isPending(await scene.plan())).toBe(false);
});

test("a service whose type no file can say is not adopted", async () => {
  const { id } = await makeForeign("background_worker");
  Object.assign(scene.simulator.account.find(services, id as string) ?? {}, { type: "workflow" });
  const plan = await scene.plan();
  expect(codesOf(plan)).toEqual(["other-type"]);
  expect(plan.refusals[0]?.message).toContain('a service of the type "workflow", which no file can say');
});

test("--skip-refused leaves it out, and does the rest", async () => {
  const row = await makeForeign("background_worker");
  await scene.write(fileWith("static_site", other));
  expect((await scene.apply({ adopt: true, skipRefused: true })).verdict).toBe("done");
  expect(rowNamed(scene, "services", "site")).toEqual(row);
  expect(rowNamed(scene, "services", "jobs")).toMatchObject({ type: "background_worker" });
});

test("a Terraform state does not hand it over either, and hands over the rest", async () => {
  await makeForeign("background_worker");
  const jobs = `services:\n${other}`;
  await scene.write(jobs);
  expect((await scene.apply()).verdict).toBe("done");
  await rm(join(scene.folder, "state"), { recursive: true });
  await scene.write(fileWith("static_site", other));
  const resources = ["site", "jobs"].map((name) => ({
    mode: "managed",
    type: "render_background_worker",
    name,
    provider: 'provider["registry.terraform.io/render-oss/render"]',
    instances: [{ attributes: { name, id: idNamed(scene, "services", name) } }],
  }));
  await writeFile(join(scene.folder, "tf.json"), JSON.stringify({ version: 4, resources }));
  const { adopted, problems } = await adoptFromTerraform("tf.json", { files: [] }, scene.deps);
  expect(adopted.map((one) => one.address)).toEqual(["render/service/jobs"]);
  expect(problems.map(({ code }) => code)).toEqual(["other-type"]);
});

describe("of what is ours and never was what the file says", () => {
  /** Under another key nobody can tell that it was another block which was applied. */
  async function makeOwned(live: Type, wanted: Type): Promise<string> {
    await scene.write(fileWith(live));
    expect((await scene.apply()).verdict).toBe("done");
    await rm(join(scene.folder, "state/key"));
    await scene.write(fileWith(wanted));
    return idNamed(scene, "services", "site");
  }

  test.each(turns)("another one takes the place with consent: $live, $wanted", async ({ live, wanted }) => {
    const id = await makeOwned(live, wanted);
    const before = writesOf(scene).length;
    const refused = await scene.apply();
    expect(refused.plan.refusals).toMatchObject([
      { code: "other-type", answer: { flags: [`--allow-replace ${address}`] } },
    ]);
    expect(writesOf(scene).slice(before)).toEqual([]);
    expect((await scene.apply({ allowReplace: [address] })).verdict).toBe("done");
    expect(idNamed(scene, "services", "site")).not.toBe(id);
    expect(rowNamed(scene, "services", "site")).toMatchObject({ type: wanted });
    expect(isPending(await scene.plan())).toBe(false);
  });

  test("no word under a plan that keeps it agrees to a plan that replaces it", async () => {
    await makeOwned("background_worker", "static_site");
    expect((await scene.plan()).refusals[0]?.answer).not.toHaveProperty("word");
  });
});

test.each(turns)(
  "a $live that shows as $wanted by somebody's doing is told, and nothing is written to it",
  async ({ live, wanted }) => {
    await scene.write(fileWith(live));
    expect((await scene.apply()).verdict).toBe("done");
    const row = scene.simulator.account.find(services, idNamed(scene, "services", "site"));
    Object.assign(row ?? {}, { type: wanted });
    const plan = await scene.plan();
    expect(plan.refusals).toEqual([]);
    expect(plan.steps).toEqual([]);
    expect(isPending(plan)).toBe(false);
    expect(hasDrift(await scene.drift())).toBe(true);
  },
);
