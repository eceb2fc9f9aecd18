import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runTrueup } from "./start-program.ts";

const file = `services:
  - type: web
    name: shop
    runtime: node
    plan: standard
    buildCommand: npm ci
    startCommand: npm start
    scaling: { minInstances: 1, maxInstances: 3, targetCPUPercent: 70 }
    domains: [shop.acme.dev]
  - { type: cron, name: nightly, runtime: image, image: { url: nginx }, plan: starter, schedule: "0 3 * * *" }
databases:
  - { name: main, plan: basic-1gb, diskSizeGB: 20, postgresMajorVersion: "18" }
envVarGroups: [{ name: shared, envVars: [{ key: LEVEL, value: info }] }]
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  await writeFile(join(folder, "trueup.yaml"), file);
});
afterEach(() => rm(folder, { recursive: true }));

test("a file's month is told by resource and in sum, with the date of the list and what is not counted", async () => {
  const { code, stdout, stderr } = await runTrueup(["cost"], { folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout)
    .toBe(`trueup.yaml: US dollars a month of 30 days, before tax; Render's price list of 2026-10-02

  render/service/shop                 25.00 to 75.00   1 to 3 × standard
  render/custom-domain/shop.acme.dev  <= 0.25          domain (at most)
  render/service/nightly              1.00 to 7.00     cron job, starter (by use)
  render/postgres/main                25.00            basic-1gb, 20 GB
  Sum                                 51.00 to 107.25

Not counted: traffic, build minutes, the fee of the workspace's plan, credits, contracts.
`);
});

test("a file with errors has no cost, and says what is wrong", async () => {
  await writeFile(join(folder, "trueup.yaml"), file.replace("plan: standard", "plan: standrad"));
  const { code, stdout, stderr } = await runTrueup(["cost"], { folder });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("standrad");
});
