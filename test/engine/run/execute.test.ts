import { afterEach, describe, expect, test } from "vitest";
import { runApply } from "../../../src/commands/apply.ts";
import { runRotate } from "../../../src/commands/rotate.ts";
import type { Deps } from "../../../src/commands/base/deps.ts";
import type { JournalEntry } from "../../../src/core/run/journal.ts";
import { problem, ProblemError } from "../../../src/core/base/problem.ts";
import type { Store } from "../../../src/store/base/store.ts";
import type { Transport } from "../../../src/world/transport.ts";
import { input } from "../../crash/course.ts";
import { writesOf } from "../../observe.ts";
import { serviceText, takingToken } from "../../rendercad/shown-once.ts";
import { openScene, planDefaults, type Scene } from "../../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const worker = (name: string): string =>
  `  - { type: worker, name: ${name}, runtime: image, image: { url: nginx }, plan: starter }\n`;

/** Keeps what goes into the journal; `noted` is called once it is there. */
function noting(
  deps: Deps,
  noted: (entry: JournalEntry) => void = () => undefined,
): { readonly deps: Deps; readonly entries: JournalEntry[] } {
  const entries: JournalEntry[] = [];
  const bound = (target: object, name: string | symbol): unknown => {
    const member: unknown = Reflect.get(target, name);
    return typeof member === "function" ? (member.bind(target) as unknown) : member;
  };
  const wrapStore = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name) => {
        if (name !== "lock") return bound(target, name);
        return async (...how: Parameters<Store["lock"]>) => {
          const locked = await store.lock(...how);
          const append = async (entry: JournalEntry): Promise<void> => {
            entries.push(entry);
            await locked.append(entry);
            noted(entry);
          };
          return new Proxy(locked, { get: (of, key) => (key === "append" ? append : bound(of, key)) });
        };
      },
    });
  return { deps: { ...deps, wrapStore }, entries };
}

describe("a run", () => {
  test.each([402, 401])(
    "begins nothing after an answer %i, also not what becomes ready later",
    async (status) => {
      scene = await openScene();
      const database = 'databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18" }]\n';
      const group = "envVarGroups: [{ name: shared, envVars: [{ key: LEVEL, value: info }] }]\n";
      const member = worker("api").replace(
        "plan: starter",
        "plan: starter, envVars: [{ fromGroup: shared }]",
      );
      await scene.write(`${group}${database}services:\n${member}`);
      const send: Transport = async (request) => {
        const { pathname } = new URL(request.url);
        if (request.method === "POST" && pathname.endsWith("/postgres"))
          return { status, headers: {}, text: '{"message":"no"}' };
        // The group that the service is linked to is there after that answer, and the link only then ready.
        if (request.method === "POST" && pathname.endsWith("/env-groups")) await scene.world.sleep(5_000);
        return scene.world.send(request);
      };
      const report = await runApply(input, { ...scene.deps, world: { ...scene.world, send } });
      const statusOf = (step: string) => report.results.find((one) => one.step === step)?.status;
      expect(statusOf("create render/env-group/shared")).toBe("done");
      expect(statusOf("create render/postgres/main")).toBe("failed");
      expect(report.results.some((one) => one.status === "left")).toBe(true);
      expect(writesOf(scene).some((line) => /^POST \/env-groups\/[^/]+\/services\//u.test(line))).toBe(false);
    },
  );

  test("tells once of each step that it began, also of one whose call is sent again", async () => {
    scene = await openScene({ faults: "503@POST /env-groups#1" });
    const group = "envVarGroups: [{ name: shared, envVars: [{ key: LEVEL, value: info }] }]\n";
    await scene.write(
      `${group}services:\n${worker("api").replace("plan: starter", "plan: starter, lifecycle: { deploy: wait }")}`,
    );
    const report = await scene.apply();
    const told = scene.events.flatMap((one) => (one.event === "step-began" ? [one.step] : []));
    expect(report.verdict).toBe("done");
    expect(told.toSorted()).toEqual(report.results.map(({ step }) => step).sort());
  });

  test("goes on with what is independent after any other failure", async () => {
    scene = await openScene({ faults: "500@POST /env-groups" });
    await scene.write(
      `services:\n${worker("a")}envVarGroups: [{ name: shared, envVars: [{ key: LEVEL, value: info }] }]\n`,
    );
    const report = await scene.apply();
    expect(report.results.map(({ status }) => status).sort()).toEqual(["done", "uncertain"]);
  });

  test("notes a call that may fail as done when it is refused, says so, and does not send it again", async () => {
    scene = await openScene();
    await scene.write(
      "services:\n  - { type: web, name: api, runtime: image, image: { url: nginx }, plan: starter, domains: [app.acme.dev] }\n",
    );
    let sent = 0;
    const send: Transport = async (request) => {
      if (!request.url.endsWith("/verify")) return scene.world.send(request);
      sent += 1;
      return { status: 400, headers: {}, text: '{"message":"no records"}' };
    };
    const { deps, entries } = noting({ ...scene.deps, world: { ...scene.world, send } });
    const report = await runApply(input, deps);
    expect(report.verdict).toBe("done");
    expect(report.problems).toMatchObject([{ severity: "warning", code: "left-undone" }]);
    const noted = entries.flatMap((one) =>
      one.entry === "outcome" ? [`${one.step}: ${one.result.status}`] : [],
    );
    expect(noted).toContain("update render/custom-domain/app.acme.dev verify: done");
    expect(sent).toBe(1);
  });

  test("announces the new object of a rotation under the name that it gets, beside what is there", async () => {
    scene = await openScene();
    await scene.write(
      `services:\n${serviceText("a", takingToken("prod"))}rendercad: { tokens: [{ name: prod, scope: render-only }] }\n`,
    );
    await scene.apply();
    const { deps, entries } = noting(scene.deps);
    const { targets: _targets, excludes: _excludes, ...asked } = planDefaults;
    const report = await runRotate({ ...asked, addresses: ["rendercad/token/prod"], yes: true }, deps);
    expect(report.verdict).toBe("done");
    const creations = entries.filter((one) => one.entry === "intent" && one.verb === "create");
    expect(creations).toMatchObject([{ successor: expect.stringMatching(/^prod\b./u) }]);
  });

  test("notes of a rotation that the old object was deleted, and not the one that took its place", async () => {
    scene = await openScene();
    await scene.write(
      `services:\n${serviceText("a", takingToken("prod"))}rendercad: { tokens: [{ name: prod, scope: render-only }] }\n`,
    );
    await scene.apply();
    const idOfToken = async () => (await scene.inventory()).resources["rendercad/token/prod"]?.id;
    const old = await idOfToken();
    const { targets: _targets, excludes: _excludes, ...asked } = planDefaults;
    await runRotate({ ...asked, addresses: ["rendercad/token/prod"], yes: true }, scene.deps);
    expect(await idOfToken()).not.toBe(old);
    expect(Object.keys((await scene.inventory()).deleted ?? {})).toEqual([`rendercad/token ${old}`]);
  });

  test("whose journal takes the outcome of a call and says that it did not never notes that the call failed", async () => {
    scene = await openScene();
    await scene.write(`services:\n${worker("api")}`);
    const lost = problem("error", "lock-lost", "This run no longer holds the lock.", "Run again.");
    const { deps, entries } = noting(scene.deps, (entry) => {
      const isFirst = entries.filter((one) => one.entry === "outcome").length === 1;
      if (entry.entry === "outcome" && isFirst) throw new ProblemError([lost]);
    });
    const report = await runApply(input, deps);
    expect(report.results).toMatchObject([{ status: "uncertain", problem: { code: "lock-lost" } }]);
    const results = entries.flatMap((one) => (one.entry === "outcome" ? [one.result.status] : []));
    expect(results).toEqual(["done", "unknown"]);
    // What was made is known again, and nothing is made twice.
    expect((await scene.apply()).verdict).toBe("done");
    expect(writesOf(scene).filter((line) => line.startsWith("POST /services "))).toHaveLength(1);
  });

  test("that is stopped in the middle of a call notes that nobody knows whether it was done", async () => {
    const stop = new AbortController();
    scene = await openScene({ stop: stop.signal });
    await scene.write(`services:\n${worker("api")}`);
    const send: Transport = async (request) => {
      if (request.method !== "POST") return scene.world.send(request);
      await scene.world.send(request);
      stop.abort();
      throw new Error("connection reset");
    };
    const { deps, entries } = noting({ ...scene.deps, world: { ...scene.world, send, stop: stop.signal } });
    const report = await runApply(input, deps);
    expect(writesOf(scene).filter((line) => line.startsWith("POST /services "))).toHaveLength(1);
    expect(["interrupted", "failed", "done"]).toContain(report.verdict);
    const intents = entries.filter(({ entry }) => entry === "intent");
    const outcomes = entries.filter(({ entry }) => entry === "outcome");
    expect(outcomes).toHaveLength(intents.length);
  });
});
