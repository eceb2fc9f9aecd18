import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunReport } from "../../src/core/run/report.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import { rowNamed, writesOf, type Row } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { idOf, stepsOf } from "./converge.ts";

/*
 * A service gets another runtime in place (recorded: runtime update). One PATCH carries what the API asks for with it: the
 * simulator answers 400 where the repository, the image or a native command is missing, and forgets what belonged to the
 * runtime of before.
 */
const repo = "https://github.com/acme/app";
const node = "runtime: node, buildCommand: npm ci, startCommand: npm start";
const imaged = "runtime: image, image: { url: nginx }";
const login = "fromRegistryCreds: { name: hub }";

type Change = { readonly name: string; readonly from: string; readonly to: string; readonly row: Row };
const changes: readonly Change[] = [
  {
    name: "node-to-docker",
    from: node,
    to: "runtime: docker, dockerfilePath: ./api/Dockerfile, dockerContext: ./api",
    row: { runtime: "docker", repo, dockerfilePath: "./api/Dockerfile", dockerContext: "./api" },
  },
  {
    name: "docker-to-node",
    from: "runtime: docker, dockerCommand: serve",
    to: node,
    row: { runtime: "node", repo, buildCommand: "npm ci", startCommand: "npm start", dockerCommand: "" },
  },
  {
    name: "docker-to-python-without-commands",
    from: "runtime: docker",
    to: "runtime: python",
    row: { runtime: "python", repo, buildCommand: "", startCommand: "" },
  },
  {
    name: "node-to-python-keeps-commands",
    from: node,
    to: "runtime: python",
    row: { runtime: "python", buildCommand: "npm ci", startCommand: "npm start" },
  },
  {
    name: "node-to-image",
    from: node,
    to: `runtime: image, image: { url: ghcr.io/acme/app, creds: { ${login} } }, dockerCommand: serve`,
    row: { runtime: "image", imagePath: "ghcr.io/acme/app:latest", dockerCommand: "serve", buildCommand: "" },
  },
  {
    name: "image-to-node",
    from: imaged,
    to: `${node}, repo: https://github.com/acme/other, branch: dev, rootDir: api`,
    row: { runtime: "node", repo: "https://github.com/acme/other", branch: "dev", rootDir: "api" },
  },
  {
    name: "image-to-node-of-the-run's-repository",
    from: imaged,
    to: node,
    row: { runtime: "node", repo, buildCommand: "npm ci", startCommand: "npm start" },
  },
  {
    name: "image-to-docker",
    from: imaged,
    to: `runtime: docker, repo: https://github.com/acme/other, registryCredential: { ${login} }, autoDeployTrigger: off`,
    row: { runtime: "docker", repo: "https://github.com/acme/other", dockerfilePath: "./Dockerfile" },
  },
  {
    name: "docker-to-image",
    from: `runtime: docker, registryCredential: { ${login} }`,
    to: "runtime: image, image: { url: redis:7 }",
    row: { runtime: "image", imagePath: "docker.io/library/redis:7", dockerfilePath: "" },
  },
];

const file = (side: "from" | "to"): string => `
registryCredentials: [{ name: hub, registry: DOCKER, username: acme, authToken: { fromEnvironment: HUB } }]
services:
${changes.map((one) => `  - { type: pserv, name: "${one.name}", plan: starter, ${one[side]} }\n`).join("")}
  - { type: cron, name: nightly, plan: starter, schedule: "0 3 * * *", ${side === "from" ? node : imaged} }
  - { type: cron, name: daily, plan: starter, schedule: "0 3 * * *", ${side === "from" ? imaged : node} }
`;

let scene: Scene;
let report: RunReport;
let again: Plan;
let written: readonly string[];
beforeAll(async () => {
  scene = await openScene({ limits: "off", environment: { HUB: "dckr_pat_1" } });
  await scene.write(file("from"));
  expect((await scene.apply()).verdict).toBe("done");
  const before = writesOf(scene).length;
  await scene.write(file("to"));
  report = await scene.apply();
  written = writesOf(scene).slice(before);
  again = await scene.plan();
});
afterAll(() => scene.close());

test("each change is one PATCH and one deploy, and nothing is left to do", () => {
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  expect(stepsOf(again)).toEqual([]);
  expect(written.filter((line) => line.startsWith("PATCH"))).toHaveLength(changes.length + 2);
  expect(written.filter((line) => line.includes("/deploys "))).toHaveLength(changes.length + 2);
});

test.each(changes)("$name", ({ name, row }) => {
  expect(rowNamed(scene, "services", name)).toMatchObject(row);
  const isImage = row["runtime"] === "image";
  expect(Object.hasOwn(rowNamed(scene, "services", name), isImage ? "repo" : "imagePath")).toBe(false);
});

test("a credential goes along: with the image, and with the build", () => {
  const registryCredentialId = idOf(scene, "registryCredentials", "hub");
  for (const name of ["node-to-image", "image-to-docker"])
    expect(rowNamed(scene, "services", name)).toMatchObject({ registryCredentialId });
});

test("cron jobs change theirs too", () => {
  expect(rowNamed(scene, "services", "nightly")).toMatchObject({
    imagePath: "docker.io/library/nginx:latest",
  });
  expect(rowNamed(scene, "services", "daily")).toMatchObject({ repo, startCommand: "npm start" });
});

test("without any repository the change is refused before the first write", async () => {
  const before = writesOf(scene).length;
  await scene.write(file("to").replace(/("node-to-image", plan: starter, ).*$/mu, `$1${node} }`));
  const plan = await scene.plan({ repo: "" });
  expect(plan.refusals.map(({ code, address }) => `${code} ${address}`)).toEqual([
    "repo-unknown render/service/node-to-image",
  ]);
  expect((await scene.apply({ repo: "" })).verdict).toBe("refused");
  expect(writesOf(scene)).toHaveLength(before);
});
