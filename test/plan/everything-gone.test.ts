import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { forgetOwned } from "../../src/commands/state/state.ts";
import { hasDrift } from "../../src/core/planning/drift.ts";
import type { HttpRequest, Transport } from "../../src/world/transport.ts";
import { Mortal } from "../crash/mortal.ts";
import { idNamed, ourRows, problemsOf, rowNamed, variablesOf, workspaceIds, writesOf } from "../observe.ts";
import { makeTokens, tokenNames } from "../rendercad/account.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";

/** After so long nobody holds the lock of a run that died. */
const lease = 6 * 60_000;
type Answer = Awaited<ReturnType<Transport>>;
let scene: Scene;
/** What somebody between us and the API answers instead. */
let instead: ((request: HttpRequest, path: string) => Answer | undefined) | undefined;
beforeEach(async () => {
  instead = undefined;
  scene = await openScene({
    send: (send) => async (request) => {
      const { pathname, search } = new URL(request.url);
      const made = request.method === "GET" ? instead?.(request, pathname + search) : undefined;
      return made ?? send(request);
    },
  });
});
afterEach(() => scene.close());

const json = (status: number, body: unknown): Answer => ({ status, headers: {}, text: JSON.stringify(body) });
const isList = (path: string): boolean => /^\/v1\/(services|postgres|key-value|env-groups)\?/u.test(path);
const isObject = (path: string): boolean =>
  /^\/v1\/(services|postgres|key-value|env-groups)\/[^/?]+$/u.test(path);
/** An account that knows nothing of ours, as another workspace's key would see it. */
const emptyAccount = (_request: HttpRequest, path: string): Answer | undefined =>
  isList(path) ? json(200, []) : isObject(path) ? json(404, { message: "not found" }) : undefined;

async function apply(text: string, input: Parameters<Scene["apply"]>[0] = {}): Promise<void> {
  await scene.write(text);
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
}
const codesOf = (problems: readonly { readonly code: string }[]): readonly string[] =>
  problems.map(({ code }) => code);
async function deleteBy(path: string): Promise<void> {
  await scene.edit("DELETE", path);
}
const worker = (name: string, more = ""): string =>
  `  - {type: web, name: ${name}, runtime: image, image: {url: nginx}, plan: starter${more}}\n`;
const workers = (...names: readonly string[]): string =>
  `services:\n${names.map((name) => worker(name)).join("")}`;

const shop = `
databases: [{ name: db, plan: basic-256mb }]
services:
  - { type: keyvalue, name: cache, plan: starter, ipAllowList: [] }
${worker("api", ", envVars: [{ key: URL, fromDatabase: { name: db, property: connectionString } }]")}`;

describe("lists that are empty and ids that nobody knows", () => {
  test("refuse the plan, are an alarm of drift, and make nothing twice", async () => {
    await apply(shop);
    instead = emptyAccount;
    const plan = await scene.plan();
    expect(plan.refusals).toMatchObject([
      {
        code: "everything-gone",
        message:
          "All 3 resources that this state owns of Render are gone: render/key-value/cache, render/postgres/db, render/service/api. Each was asked for by itself.",
        answer: { flags: ["--recreate-gone"] },
      },
    ]);
    const sent = writesOf(scene).length;
    expect((await scene.apply()).verdict).toBe("refused");
    expect(writesOf(scene)).toHaveLength(sent);
    const report = await scene.drift();
    expect(report.critical).toBe(true);
    expect(hasDrift(report)).toBe(true);
    expect(report.problems).toMatchObject([{ code: "everything-gone", severity: "warning" }]);
    instead = undefined;
    expect((await scene.plan()).steps).toEqual([]);
    expect((await scene.drift()).critical).toBeUndefined();
  });

  test("refuse the plan of a file that would only forget them, too", async () => {
    await apply(workers("a", "b", "c", "d"));
    instead = emptyAccount;
    await scene.write(workers("a"));
    expect(codesOf((await scene.plan()).refusals)).toEqual(["everything-gone"]);
  });

  test("a key that may not see them is an error, and a list without them is one when an id finds them", async () => {
    await apply(shop);
    instead = (_request, path) =>
      isList(path) ? json(200, []) : isObject(path) ? json(403, { message: "forbidden" }) : undefined;
    expect(codesOf(await problemsOf(scene.plan()))).not.toContain("everything-gone");
    instead = (_request, path) => (isList(path) ? json(200, []) : undefined);
    expect(codesOf(await problemsOf(scene.plan()))).toEqual(["incomplete-read"]);
    // The list of another workspace that the key reaches.
    const other = workspaceIds(scene)[1]!;
    await scene.edit("POST", "/postgres", { name: "db", ownerId: other, plan: "basic_256mb", version: "18" });
    const theirs = scene.rows("postgres").find((row) => row["ownerId"] === other)!;
    instead = (_request, path) =>
      path.startsWith("/v1/postgres?")
        ? json(200, [{ cursor: "x", postgres: { ...theirs, owner: { id: other } } }])
        : undefined;
    expect(codesOf(await problemsOf(scene.plan()))).toEqual(["incomplete-read"]);
  });
});

describe("what is really gone", () => {
  test.each([
    { names: ["a"], gone: ["a"], refused: true },
    { names: ["a", "b"], gone: ["a"], refused: false },
    { names: ["a", "b"], gone: ["a", "b"], refused: true },
    { names: ["a", "b", "c"], gone: ["a"], refused: false },
    { names: ["a", "b", "c"], gone: ["a", "b"], refused: true },
    { names: ["a", "b", "c", "d"], gone: ["a", "b"], refused: false },
    { names: ["a", "b", "c", "d"], gone: ["a", "b", "c"], refused: true },
  ])(
    "$gone of $names: refused $refused; --recreate-gone makes it again",
    async ({ names, gone, refused }) => {
      await apply(workers(...names));
      for (const name of gone) await deleteBy(`/services/${idNamed(scene, "services", name)}`);
      const plan = await scene.plan();
      expect(codesOf(plan.refusals)).toEqual(refused ? ["everything-gone"] : []);
      await apply(workers(...names), refused ? { recreateGone: true } : {});
      expect(new Set(ourRows(scene, "services").map((row) => row["name"]))).toEqual(new Set(names));
      expect(ourRows(scene, "services")).toHaveLength(names.length);
      expect((await scene.plan()).steps).toEqual([]);
    },
  );

  test("what stands in a service goes with it and is not counted; settings of the workspace are not either", async () => {
    const text = `${workers("other")}${worker("api", ", domains: [a.acme.test, b.acme.test, c.acme.test]")}notifications: { email: true, send: all, previews: true }\n`;
    await apply(text);
    await deleteBy(`/services/${idNamed(scene, "services", "api")}`);
    await apply(text);
    expect(rowNamed(scene, "services", "api")["customDomains"]).toHaveLength(3);
    for (const name of ["api", "other"]) await deleteBy(`/services/${idNamed(scene, "services", name)}`);
    expect(codesOf((await scene.plan()).refusals)).toEqual(["everything-gone"]);
  });

  test("state forget answers it as well", async () => {
    await apply(workers("a"));
    await deleteBy(`/services/${idNamed(scene, "services", "a")}`);
    expect(codesOf((await scene.plan()).refusals)).toEqual(["everything-gone"]);
    await forgetOwned("render/service/a", { files: [] }, scene.deps);
    await apply(workers("a"));
  });

  test("what a killed destroy deleted does not count, neither for the next one nor for an apply", async () => {
    for (const after of ["destroy", "apply"] as const) {
      await apply(workers("a", "b", "c"));
      const mortal = new Mortal(scene, { at: "after-write", number: 3 });
      const input = { ...planDefaults, yes: true, destroys: "all" as const, allowDeletes: 3 };
      expect(await mortal.apply(input)).toBe("died");
      await scene.world.sleep(lease);
      expect(ourRows(scene, "services").length).toBeLessThanOrEqual(1);
      const plan = await (after === "destroy" ? scene.plan({ destroys: "all" }) : scene.plan());
      expect(codesOf(plan.refusals)).toEqual([]);
      if (after === "destroy") {
        expect((await scene.apply({ destroys: "all", allowDeletes: 3 })).verdict).toBe("done");
        expect(ourRows(scene, "services")).toEqual([]);
        expect((await scene.inventory()).pending).toBeUndefined();
      } else await apply(workers("a", "b", "c"));
    }
  });

  test("a deletion that never arrived is forgotten as soon as its object is seen", async () => {
    await apply(workers("a", "b", "c"));
    const mortal = new Mortal(scene, { at: "before-write", number: 1 });
    const input = { ...planDefaults, yes: true, destroys: "all" as const, allowDeletes: 3 };
    expect(await mortal.apply(input)).toBe("died");
    await scene.world.sleep(lease);
    await apply(workers("a", "b", "c"));
    expect((await scene.inventory()).pending).toBeUndefined();
  });
});

describe("RENDERCAD", () => {
  const file = `
rendercad:
  tokens: [{ name: rendering }, { name: reading }]
  webhooks: [{ name: done, url: "https://hooks.acme.test/done", events: [render.completed] }]
${workers("api").trimEnd().replace(/\}$/u, ", envVars: [{ key: A, fromRendercadToken: { name: rendering } }, { key: B, fromRendercadToken: { name: reading } }, { key: C, fromRendercadWebhook: { name: done, property: secret } }]}")}
`;
  const lists = (path: string): boolean =>
    path.includes("get_api_tokens") || path.includes("webhooks.php?action=list");
  const webhooks = (): number => scene.rows("rendercad webhooks").length;

  test("an empty list is asked for once more before anything is made", async () => {
    await apply(file);
    const made = webhooks();
    let lies = 1;
    instead = (_request, path) =>
      path.includes("webhooks.php?action=list") && lies-- > 0
        ? json(200, { success: true, webhooks: [] })
        : undefined;
    expect(codesOf(await problemsOf(scene.plan()))).toEqual(["incomplete-read"]);
    // Also where the state no longer knows that it is ours, by whoever is about to write.
    await rm(join(scene.folder, "state"), { recursive: true });
    lies = 1;
    expect(codesOf(await problemsOf(scene.apply()))).toEqual(["incomplete-read"]);
    expect(webhooks()).toBe(made);
  });

  test("lists that stay empty refuse the plan, and the other account's resources do not hide it", async () => {
    await apply(file);
    // By then a list has had its time: what it lacks is gone.
    await scene.world.sleep(16 * 60_000);
    instead = (_request, path) =>
      lists(path) ? json(200, { success: true, tokens: [], webhooks: [] }) : undefined;
    const plan = await scene.plan();
    expect(codesOf(plan.refusals)).toContain("everything-gone");
    const before = [tokenNames(scene), webhooks()];
    expect((await scene.apply()).verdict).toBe("refused");
    expect([tokenNames(scene), webhooks()]).toEqual(before);
  });

  test("a token that is shown as revoked is there: told, and made anew by a rotation alone", async () => {
    await apply(file);
    const [row] = scene.rows("rendercad tokens").filter((one) => one["tokenName"] === "reading");
    const before = variablesOf(scene, "api")["B"];
    await scene.edit(
      "POST",
      "/auth.php?action=revoke_api_token",
      { token_id: Number(row!["id"]) },
      "rendercad",
    );
    const plan = await scene.plan();
    expect(plan.steps).toEqual([]);
    expect(plan.changes.flatMap(({ notes }) => notes)).toMatchObject([{ note: "stays", verdict: "outside" }]);
    expect((await scene.drift()).drifted).toMatchObject([
      { address: "rendercad/token/reading", verdict: "changed" },
    ]);
    await apply(file, { rewrites: ["rendercad/token/reading"] });
    expect(variablesOf(scene, "api")["B"]).not.toBe(before);
    expect(tokenNames(scene).filter((name) => name === "reading")).toHaveLength(1);
    expect((await scene.plan()).steps).toEqual([]);
    expect(hasDrift(await scene.drift())).toBe(false);
  });

  test("somebody else's revoked token of the name is not taken for ours", async () => {
    const [id] = await makeTokens(scene, ["reading"]);
    await scene.edit("POST", "/auth.php?action=revoke_api_token", { token_id: id! }, "rendercad");
    await apply(file);
    expect(tokenNames(scene).filter((name) => name === "reading")).toHaveLength(1);
    expect((await scene.plan()).steps).toEqual([]);
  });
});
