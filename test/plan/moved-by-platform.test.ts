import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runExport } from "../../src/commands/export/export.ts";
import { hasDrift } from "../../src/core/planning/drift.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import { digestMover, exportedImage } from "../../src/providers/render/service/fields/image.ts";
import { postgresInstances } from "../../src/simulator/render/datastore/postgres-row.ts";
import { services } from "../../src/simulator/render/service/service-row.ts";
import { idNamed, rowNamed, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

/* Counts, sizes and digests that the platform moves by itself (product page, section 4), beside those of moved-outside.test.ts. */

let scene: Scene;
beforeEach(async () => void (scene = await openScene({ limits: "off" })));
afterEach(() => scene.close());

async function apply(text: string): Promise<void> {
  await scene.write(text);
  const report = await scene.apply({ adopt: true });
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
}

const changedIn = (plan: Plan): readonly unknown[] =>
  plan.changes.flatMap(({ address, fields }) => fields.map(({ field }) => `${address} ${field}`));
const notesIn = (plan: Plan): readonly string[] =>
  plan.changes.flatMap(({ notes }) => notes.flatMap((note) => ("text" in note ? [note.text] : [])));

const worker = (more: string): string => `services: [{ type: worker, name: jobs, plan: starter, ${more} }]\n`;
const node = "runtime: node, buildCommand: b, startCommand: s";
const scaling = "scaling: { minInstances: 2, maxInstances: 6, targetCPUPercent: 70 }";
const database = (more: string): string =>
  `databases: [{ name: db, plan: basic-1gb, diskSizeGB: ${more} }]\n`;
const jobs = () => scene.simulator.account.find(services, idNamed(scene, "services", "jobs"))!;
const db = () => scene.simulator.account.find(postgresInstances, idNamed(scene, "postgres", "db"))!;

describe("instances", () => {
  beforeEach(async () => {
    await apply(worker(`${node}, ${scaling}`));
    jobs().numInstances = 4;
  });

  test("with `scaling` taken out of the file, autoscaling stays on and goes on deciding", async () => {
    await scene.write(worker(`${node}, numInstances: 1`));
    const plan = await scene.plan();
    expect(changedIn(plan)).toEqual([]);
    expect(notesIn(plan)).toEqual([
      "numInstances is 4 and the file says 1: autoscaling decides it (scaling: null turns that off), so the file's value has no effect",
    ]);
    await apply(worker(`${node}, numInstances: 1`));
    for (const count of [2, 6]) {
      jobs().numInstances = count;
      expect(hasDrift(await scene.drift())).toBe(false);
      expect((await scene.plan()).steps).toEqual([]);
    }
  });

  test("with `scaling: null` it is turned off before the count is set, since a count means nothing beside it", async () => {
    const before = writesOf(scene).length;
    await apply(worker(`${node}, scaling: null, numInstances: 2`));
    const calls = writesOf(scene)
      .slice(before)
      .map((line) => line.replace(/srv-[a-z0-9]+/u, "ID"));
    expect(calls).toEqual(["DELETE /services/ID/autoscaling 204", "POST /services/ID/scale 202"]);
    expect(jobs()).toMatchObject({ numInstances: 2 });
    // From now on the file's count counts.
    jobs().numInstances = 3;
    expect(hasDrift(await scene.drift())).toBe(true);
  });

  test("somebody turning it off is drift of `scaling` alone, and taking it back sends no count", async () => {
    delete jobs().autoscaling;
    await scene.write(worker(`${node}, ${scaling}, numInstances: 1`));
    expect(changedIn(await scene.plan())).toEqual(["render/service/jobs scaling"]);
    await apply(worker(`${node}, ${scaling}, numInstances: 1`));
    expect(jobs()).toMatchObject({ numInstances: 4, autoscaling: { min: 2, max: 6 } });
  });
});

describe("a disk under storage autoscaling", () => {
  beforeEach(async () => {
    await apply(database("15, storageAutoscalingEnabled: true"));
    db().diskSizeGB = 25;
  });

  test("stays a floor where the file does not speak of autoscaling any more", async () => {
    await apply(database("15"));
    expect((await scene.plan()).steps).toEqual([]);
    expect(db()).toMatchObject({ diskSizeGB: 25, diskAutoscalingEnabled: true });
  });

  test("is refused at the size of before in the plan that turns autoscaling off, and taken at its own", async () => {
    await scene.write(database("15, storageAutoscalingEnabled: false"));
    const plan = await scene.plan();
    expect(plan.refusals.map(({ code, remedy }) => `${code}: ${remedy}`)).toEqual([
      "disk-shrink: Write 25 or more.",
    ]);
    await apply(database("25, storageAutoscalingEnabled: false"));
    expect(db()).toMatchObject({ diskSizeGB: 25, diskAutoscalingEnabled: false });
    expect((await scene.plan()).steps).toEqual([]);
  });
});

test("an exported file adopts all of it, and stays true while the platform goes on", async () => {
  await apply(
    worker(`${node}, ${scaling}`).replace(
      "}]",
      "},\n  { type: pserv, name: web, plan: starter, runtime: image, image: { url: acme/web:v1 } }]",
    ) + database("15, storageAutoscalingEnabled: true"),
  );
  const web = scene.simulator.account.find(services, idNamed(scene, "services", "web"))!;
  const move = (count: number, size: number, digest: string): void => {
    jobs().numInstances = count;
    db().diskSizeGB = size;
    web.imagePath = `docker.io/acme/web:v1@sha256:${digest.repeat(32)}`;
  };
  move(4, 25, "ab");
  await rm(join(scene.folder, "state"), { recursive: true });
  const { text } = await runExport({ literals: [] }, scene.deps);
  expect(text).not.toMatch(/numInstances|sha256/u);
  await apply(text);
  move(5, 40, "cd");
  const plan = await scene.plan();
  expect(changedIn(plan)).toEqual([]);
  expect(plan.refusals).toEqual([]);
  expect(hasDrift(await scene.drift())).toBe(false);
  expect(rowNamed(scene, "postgres", "db")).toMatchObject({ diskSizeGB: 40 });
});

const digest = `@sha256:${"ab".repeat(32)}`;
const creds = { fromRegistryCreds: { name: "hub" } };

test.each([
  ["nginx", `docker.io/library/nginx:latest${digest}`, true],
  ["acme/api:v2", `docker.io/acme/api:v2${digest}`, true],
  ["ghcr.io/acme/api", `ghcr.io/acme/api${digest}`, true],
  ["ghcr.io/acme/api:v2", `ghcr.io/acme/api${digest}`, true],
  ["localhost:5000/api", `localhost:5000/api${digest}`, true],
  ["acme/api:v2", `docker.io/acme/api:v3${digest}`, false],
  ["acme/api", `docker.io/acme/other:latest${digest}`, false],
  ["acme/api", "docker.io/acme/api:latest", false],
  [`acme/api${digest.replace("ab", "cd")}`, `docker.io/acme/api${digest}`, false],
])("%s and what runs as %s: only the digest differs, %s", (file, live, isOnlyDigest) => {
  expect(digestMover({ url: file }, { url: live })?.as).toBe(isOnlyDigest ? "part" : undefined);
});

test("another credential is a difference, whatever the digest; one that the file does not speak of is none", () => {
  const live = { url: `docker.io/acme/api:latest${digest}`, creds };
  expect(digestMover({ url: "acme/api" }, live)?.as).toBe("part");
  expect(digestMover({ url: "acme/api", creds }, live)?.as).toBe("part");
  expect(digestMover({ url: "acme/api", creds: "other" }, live)).toBeUndefined();
  for (const odd of [undefined, null, 7, {}]) expect(digestMover({ url: "acme/api" }, odd)).toBeUndefined();
});

test("an export keeps a tag without its digest, and a digest that stands alone", () => {
  expect(exportedImage({ url: `acme/api:v1${digest}`, creds })).toEqual({ url: "acme/api:v1", creds });
  for (const url of [`acme/api${digest}`, `localhost:5000/api${digest}`, "acme/api:v1"])
    expect(exportedImage({ url })).toEqual({ url });
});
