import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { acceptDrift } from "../../src/commands/accept-drift.ts";
import { hasDrift } from "../../src/core/planning/drift.ts";
import { isPending } from "../../src/core/model/plan.ts";
import { idNamed, problemsOf, variablesOf, writesOf } from "../observe.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const file = `
services:
  - {type: web, name: api, runtime: node, plan: starter, buildCommand: b, startCommand: s,
     envVars: [{key: LEVEL, value: info}, {key: STRIPE_KEY, sync: false}], secretFiles: [{name: key.pem, sync: false}]}
envVarGroups:
  - {name: shared, envVars: [{key: SALT, sync: false}]}
`;
const name = "render/service/api/envVars.STRIPE_KEY";
const accept = (...patterns: readonly string[]) =>
  acceptDrift({ ...planDefaults, adopt: null }, patterns, scene.deps);
const variable = (key = "STRIPE_KEY") => `/services/${idNamed(scene, "services", "api")}/env-vars/${key}`;

/** Values given by us, or typed in by somebody and adopted with them. */
async function openWith(how: "set" | "adopted"): Promise<void> {
  scene = await openScene({ limits: "off" });
  await scene.write(file);
  await scene.write("STRIPE_KEY=sk_1\nSALT=salt_1\nkey.pem=pem_1\n", "values.env");
  expect((await scene.apply({ values: "values.env" })).verdict).toBe("done");
  if (how === "set") return;
  await rm(join(scene.folder, "state"), { recursive: true });
  expect((await scene.apply({ adopt: true })).verdict).toBe("done");
}

describe.each(["set", "adopted"] as const)("a sync: false value that was %s", (how) => {
  test("and nobody touched is neither drift nor a change", async () => {
    await openWith(how);
    expect(hasDrift(await scene.drift())).toBe(false);
    expect((await scene.plan()).steps).toEqual([]);
  });

  test("and changed by somebody is drift, is never put back, and is no pending change", async () => {
    await openWith(how);
    await scene.edit("PUT", variable(), { value: "sk_theirs" });
    const drift = await scene.drift();
    expect(hasDrift(drift)).toBe(true);
    expect(drift.drifted).toMatchObject([
      {
        verdict: "changed",
        change: { notes: [{ note: "secret-changed", field: "envVars", entry: "STRIPE_KEY" }] },
      },
    ]);
    const plan = await scene.plan();
    expect([isPending(plan), plan.steps]).toEqual([false, []]);
    const sent = writesOf(scene).length;
    await scene.apply({ values: "values.env" });
    expect(writesOf(scene)).toHaveLength(sent);
    expect(hasDrift(await scene.drift())).toBe(true);
    expect(JSON.stringify([drift, plan])).not.toContain("sk_");
    await scene.apply({ values: "values.env", replaceValues: true });
    expect(variablesOf(scene, "api")["STRIPE_KEY"]).toBe("sk_1");
    expect(hasDrift(await scene.drift())).toBe(false);
  });

  test("and deleted by somebody is drift and pending until a value comes, and said again at the end", async () => {
    await openWith(how);
    await scene.edit("DELETE", variable());
    expect((await scene.drift()).drifted).toMatchObject([{ verdict: "changed" }]);
    expect(isPending(await scene.plan())).toBe(true);
    const sent = writesOf(scene).length;
    for (const text of [file, file.replace("value: info", "value: debug")]) {
      await scene.write(text);
      const report = await scene.apply();
      expect(report).toMatchObject({ verdict: "done" });
      expect(report.problems).toMatchObject([
        {
          code: "value-missing",
          severity: "warning",
          message: `envVars.STRIPE_KEY of render/service/api was deleted by somebody, and no new value was given: it is left out.`,
        },
      ]);
      expect(isPending(await scene.plan())).toBe(true);
      expect(hasDrift(await scene.drift())).toBe(true);
    }
    expect(
      writesOf(scene)
        .slice(sent)
        .filter((write) => write.includes("STRIPE_KEY")),
    ).toEqual([]);
    const { hash } = await scene.plan();
    expect((await scene.plan({ values: "values.env" })).hash).toBe(hash);
    expect((await scene.apply({ values: "values.env" })).problems).toEqual([]);
    expect(variablesOf(scene, "api")["STRIPE_KEY"]).toBe("sk_1");
    expect(hasDrift(await scene.drift())).toBe(false);
    expect(isPending(await scene.plan())).toBe(false);
  });

  test("of a secret file and of a group are seen as well", async () => {
    await openWith(how);
    const group = scene.rows("environmentGroups").find((row) => row["name"] === "shared")!["id"] as string;
    await scene.edit("PUT", `/env-groups/${group}/env-vars/SALT`, { value: "theirs" });
    await scene.edit("DELETE", `/services/${idNamed(scene, "services", "api")}/secret-files/key.pem`);
    expect((await scene.drift()).drifted).toMatchObject([
      { address: "render/env-group/shared", verdict: "changed" },
      { address: "render/service/api", verdict: "changed" },
    ]);
    const report = await accept("*");
    expect(report.accepted).toEqual([
      "render/env-group/shared/envVars.SALT",
      "render/service/api/secretFiles.key.pem",
    ]);
    expect(hasDrift(await scene.drift())).toBe(false);
  });
});

describe("drift --accept", () => {
  test("agrees to a changed value: the next drift is clean, account and file are as they were", async () => {
    await openWith("set");
    await scene.edit("PUT", variable(), { value: "sk_theirs" });
    const sent = writesOf(scene).length;
    const report = await accept(name);
    expect([report.accepted, hasDrift(report)]).toEqual([[name], false]);
    expect(hasDrift(await scene.drift())).toBe(false);
    expect(writesOf(scene)).toHaveLength(sent);
    expect(await scene.read("trueup.yaml")).toBe(file);
    await scene.edit("PUT", variable(), { value: "sk_again" });
    expect(hasDrift(await scene.drift())).toBe(true);
  });

  test("agrees to an absence: noted as still needed, no drift, no pending change", async () => {
    await openWith("adopted");
    await scene.edit("DELETE", variable());
    expect((await accept("render/service/*/envVars.STRIPE_*")).accepted).toEqual([name]);
    expect(hasDrift(await scene.drift())).toBe(false);
    const plan = await scene.plan();
    expect(isPending(plan)).toBe(false);
    expect(plan.changes.flatMap(({ notes }) => notes)).toContainEqual({
      note: "needs-value",
      field: "envVars",
      entry: "STRIPE_KEY",
    });
  });

  test.each([
    ["render/service/api/envVars.LEVEL", "cannot-accept"],
    ["render/service/api/plan", "cannot-accept"],
    ["render/service/aip/envVars.STRIPE_KEY", "unknown-address"],
    ["nothing*", "unknown-address"],
  ])("of %s is an error, and nothing is recorded", async (pattern, code) => {
    await openWith("set");
    await scene.edit("PUT", variable("LEVEL"), { value: "debug" });
    await scene.edit("PUT", variable(), { value: "sk_theirs" });
    expect(await problemsOf(accept(name, pattern))).toMatchObject([{ code, severity: "error" }]);
    expect((await scene.drift()).drifted[0]?.change.notes).toMatchObject([{ note: "secret-changed" }]);
  });

  test("of a value that is as it was is a remark", async () => {
    await openWith("set");
    const report = await accept(name);
    const said = report.problems;
    expect([report.accepted, said]).toMatchObject([[], [{ code: "nothing-to-accept", severity: "note" }]]);
  });
});

test("under another digest key nobody can tell, and that is no drift", async () => {
  await openWith("set");
  await scene.edit("PUT", variable(), { value: "sk_theirs" });
  scene.setVariable("TRUEUP_STATE_KEY", "ab".repeat(32));
  await rm(join(scene.folder, "state/key"));
  expect(hasDrift(await scene.drift())).toBe(false);
});
