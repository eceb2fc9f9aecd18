import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunReport } from "../../src/core/run/report.ts";
import { Mortal } from "../crash/mortal.ts";
import { idNamed, problemsOf, rowNamed, setFaults, variablesOf, writesOf } from "../observe.ts";
import { openScene, planDefaults, type Scene, type SceneOptions } from "../scene.ts";
import { emptyPage, firstPage, makeOddLists, shortPage, without } from "./odd-lists.ts";

let scene: Scene;
let lists: ReturnType<typeof makeOddLists>;
beforeEach(() => (lists = makeOddLists()));
afterEach(() => scene.close());

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

async function openWith(text: string, options: SceneOptions = {}): Promise<void> {
  scene = await openScene({ limits: "off", ...options, send: lists.wrap });
  await scene.write(text);
  expect((await scene.apply()).verdict).toBe("done");
}

/** Everything of ours changed, so that one call writes the whole list. */
async function applyTo(text: string, input: Parameters<Scene["apply"]>[0] = {}): Promise<RunReport> {
  await scene.write(text);
  return scene.apply(input);
}

const web = (more: string): string =>
  `services:\n  - {type: web, name: api, runtime: node, plan: starter, buildCommand: b, startCommand: s${more}}\n`;
const site = (more: string): string =>
  `services:\n  - {type: web, name: site, runtime: static, buildCommand: b, staticPublishPath: dist${more}}\n`;
const declared = (value: string, more = ""): string =>
  `, envVars: [${numbers(11)
    .map((number) => `{key: OURS_${number}, value: ${value}}`)
    .join(", ")}${more}]`;
const oursAs = (value: string) => Object.fromEntries(numbers(11).map((number) => [`OURS_${number}`, value]));

/** Sixty variables that somebody typed in the dashboard. */
async function typeIn(count = 60): Promise<{ readonly [key: string]: string }> {
  const id = idNamed(scene, "services", "api");
  const typed: { [key: string]: string } = {};
  for (const number of numbers(count)) {
    typed[`TYPED_${number}`] = `by hand ${number}`;
    await scene.edit("PUT", `/services/${id}/env-vars/TYPED_${number}`, { value: `by hand ${number}` });
  }
  return typed;
}

describe("a list that one call writes as a whole", () => {
  test("keeps sixty variables of somebody's when pages hold twenty", async () => {
    await openWith(web(declared("one")));
    const typed = await typeIn();
    lists.setOdd((call) => (call.list === "env-vars" ? shortPage(call, 20) : undefined));
    expect((await applyTo(web(declared("two")))).verdict).toBe("done");
    expect(writesOf(scene).some((write) => write.endsWith("/env-vars 200"))).toBe(true);
    expect(variablesOf(scene, "api")).toEqual({ ...typed, ...oursAs("two") });
  });

  test("keeps them when pages hold a single one, and the simulator's own fault halves them", async () => {
    await openWith(web(declared("one")), { faults: "short-page" });
    const typed = await typeIn();
    lists.setOdd((call) => (call.list === "env-vars" ? shortPage(call, 1) : undefined));
    expect((await applyTo(web(declared("two")))).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toEqual({ ...typed, ...oursAs("two") });
  });

  test("is adopted with them, though no plan ever sees more than twenty", async () => {
    await openWith(web(declared("one")));
    const typed = await typeIn();
    lists.setOdd((call) => (call.list === "env-vars" ? shortPage(call, 20) : undefined));
    await rm(`${scene.folder}/state`, { recursive: true });
    expect((await applyTo(web(declared("two")), { adopt: true })).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toEqual({ ...typed, ...oursAs("two") });
  });

  test.each([1, 2, 3, 4, 5, 6])("keeps them when answer %i of the run is empty", async (empty) => {
    await openWith(web(declared("one")));
    const typed = await typeIn();
    lists.setOdd((call) =>
      call.list === "env-vars" ? (call.nth === empty ? emptyPage(call) : shortPage(call, 40)) : undefined,
    );
    const report = await applyTo(web(declared("two"))).catch(() => undefined);
    expect(variablesOf(scene, "api")).toMatchObject(typed);
    lists.setOdd(() => undefined);
    if (report?.verdict !== "done") expect((await scene.apply()).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toEqual({ ...typed, ...oursAs("two") });
  });

  test("is not written when a page comes again, and the run ends with an error", async () => {
    await openWith(web(declared("one")));
    const typed = await typeIn();
    lists.setOdd((call) => (call.list === "env-vars" ? firstPage(call, 20) : undefined));
    expect(await problemsOf(applyTo(web(declared("two"))))).toMatchObject([
      { code: "incomplete-read", severity: "error" },
    ]);
    expect(variablesOf(scene, "api")).toEqual({ ...typed, ...oursAs("one") });
  });

  test("is not written when every cursor is the same one", async () => {
    await openWith(web(declared("one")));
    const typed = await typeIn();
    await scene.write(web(declared("two")));
    await setFaults(scene, "repeated-cursor@GET /services/*/env-vars");
    expect(await problemsOf(scene.apply())).toMatchObject([{ code: "incomplete-read" }]);
    expect(variablesOf(scene, "api")).toEqual({ ...typed, ...oursAs("one") });
  });

  test("is not written when right before the call it lacks what the plan saw, and the API still has that", async () => {
    await openWith(web(declared("one")));
    const typed = await typeIn(5);
    // The plan, the second look and its empty end; then the look before the call.
    lists.setOdd((call) =>
      call.list === "env-vars" && call.nth >= 4 ? without(call, '"TYPED_3"') : undefined,
    );
    const report = await applyTo(web(declared("two")));
    expect(report.problems).toMatchObject([
      { code: "incomplete-read", message: expect.stringContaining("envVars.TYPED_3") as string },
    ]);
    expect(variablesOf(scene, "api")).toEqual({ ...typed, ...oursAs("one") });
  });

  test("keeps what somebody adds, and does not bring back what somebody deletes, between the plan and the call", async () => {
    await openWith(web(declared("one")));
    const typed = await typeIn(5);
    const id = idNamed(scene, "services", "api");
    lists.setOdd((call) =>
      call.list !== "env-vars" || call.nth !== 4
        ? undefined
        : (async () => {
            await scene.edit("PUT", `/services/${id}/env-vars/ADDED`, { value: "just now" });
            await scene.edit("DELETE", `/services/${id}/env-vars/TYPED_5`);
            return call.send(call.request);
          })(),
    );
    expect((await applyTo(web(declared("two")))).verdict).toBe("done");
    const { TYPED_5: _deleted, ...left } = typed;
    expect(variablesOf(scene, "api")).toEqual({ ...left, ADDED: "just now", ...oursAs("two") });
  });

  test.each([
    ["changes one that it writes", "PUT", "OURS_3", { value: "theirs" }],
    ["deletes one that it writes", "DELETE", "OURS_3", undefined],
    ["changes one that the file leaves as it is", "PUT", "SAME", { value: "theirs" }],
    ["deletes one that the file leaves as it is", "DELETE", "SAME", undefined],
  ] as const)("is stale when somebody %s between the plan and the call", async (_what, method, key, body) => {
    const same = ", {key: SAME, value: always}";
    await openWith(web(declared("one", same)));
    const id = idNamed(scene, "services", "api");
    lists.setOdd((call) =>
      call.list !== "env-vars" || call.nth !== 4
        ? undefined
        : (async () => {
            await scene.edit(method, `/services/${id}/env-vars/${key}`, body);
            return call.send(call.request);
          })(),
    );
    const report = await applyTo(web(declared("two", same)));
    expect(report.problems).toMatchObject([
      {
        code: "stale",
        message: `Somebody changed envVars.${key} of render/service/api after the plan was made.`,
      },
    ]);
    const { [key]: now, ...rest } = variablesOf(scene, "api");
    expect(now).toBe(body?.value);
    expect(rest).not.toMatchObject({ OURS_1: "two" });
    lists.setOdd(() => undefined);
    expect((await scene.apply()).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toEqual({ SAME: "always", ...oursAs("two") });
  });

  test("is written once more after a lost answer, and not taken for somebody's change", async () => {
    await openWith(web(declared("one")));
    const typed = await typeIn(5);
    await scene.write(web(declared("two")));
    await setFaults(scene, "drop-after-commit@PUT /services/*/env-vars#1");
    const report = await scene.apply();
    expect(report.problems).toEqual([]);
    expect(variablesOf(scene, "api")).toEqual({ ...typed, ...oursAs("two") });
  });

  test.each(["before-write", "after-write"] as const)(
    "loses nothing when the run is killed at its call: %s",
    async (at) => {
      await openWith(web(declared("one", ", {key: SESSION, generateValue: true}")));
      const typed = await typeIn(30);
      const { SESSION: session } = variablesOf(scene, "api");
      lists.setOdd((call) => (call.list === "env-vars" ? shortPage(call, 7) : undefined));
      await scene.write(web(declared("two", ", {key: SESSION, generateValue: true}")));
      const killed = await new Mortal(scene, { at, number: 1 }).apply({ ...planDefaults, yes: true });
      expect(killed).toBe("died");
      expect((await new Mortal(scene).apply({ ...planDefaults, yes: true })) as RunReport).toMatchObject({
        verdict: "done",
      });
      expect(variablesOf(scene, "api")).toEqual({ ...typed, SESSION: session, ...oursAs("two") });
    },
  );

  test("keeps secret files that somebody added, ours beside them", async () => {
    const files = (value: string): string =>
      `, secretFiles: [${numbers(11)
        .map((number) => `{name: ours-${number}, value: ${value}}`)
        .join(", ")}]`;
    await openWith(web(files("one")));
    const id = idNamed(scene, "services", "api");
    for (const number of numbers(30))
      await scene.edit("PUT", `/services/${id}/secret-files/typed-${number}`, {
        content: `by hand ${number}`,
      });
    lists.setOdd((call) => (call.list === "secret-files" ? shortPage(call, 20) : undefined));
    expect((await applyTo(web(files("two")))).verdict).toBe("done");
    const rows = rowNamed(scene, "services", "api")["secretFiles"] as readonly { [column: string]: string }[];
    expect(rows.map(({ name, content }) => `${name} ${content}`).sort()).toEqual(
      [
        ...numbers(30).map((number) => `typed-${number} by hand ${number}`),
        ...numbers(11).map((number) => `ours-${number} two`),
      ].sort(),
    );
  });
});

describe("headers and routes", () => {
  const header = (value: string): string => `, headers: [{path: /*, name: X-Ours, value: ${value}}]`;
  const route = (to: string): string => `, routes: [{type: redirect, source: /ours, destination: ${to}}]`;
  const headersOf = (): readonly string[] =>
    (rowNamed(scene, "services", "site")["headers"] as readonly { [column: string]: string }[])
      .map(({ path, name, value }) => `${path} ${name} ${value}`)
      .sort();
  const routesOf = (): readonly string[] =>
    (rowNamed(scene, "services", "site")["routes"] as readonly { [column: string]: string }[]).map(
      ({ source, destination }) => `${source} ${destination}`,
    );

  async function addByHand(count: number): Promise<void> {
    const id = idNamed(scene, "services", "site");
    for (const number of numbers(count)) {
      await scene.edit("POST", `/services/${id}/headers`, {
        path: "/*",
        name: `X-${number}`,
        value: "by hand",
      });
      const body = { type: "redirect", source: `/${number}`, destination: "/by-hand" };
      await scene.edit("POST", `/services/${id}/routes`, body);
    }
  }

  test("a hundred and fifty of somebody's are kept when pages hold twenty", async () => {
    await openWith(site(header("one") + route("/one")));
    await addByHand(150);
    const [headers, routes] = [headersOf(), routesOf()];
    lists.setOdd((call) =>
      call.list === "headers" || call.list === "routes" ? shortPage(call, 20) : undefined,
    );
    expect((await applyTo(site(header("two") + route("/two")))).verdict).toBe("done");
    expect(headersOf()).toEqual(
      headers.map((one) => (one === "/* X-Ours one" ? "/* X-Ours two" : one)).sort(),
    );
    expect(routesOf()).toEqual(routes.map((one) => (one === "/ours /one" ? "/ours /two" : one)));
  });

  test.each(["headers", "routes"])("an empty answer right before the call writes no %s", async (list) => {
    await openWith(site(header("one") + route("/one")));
    await addByHand(3);
    const before = [headersOf(), routesOf()];
    lists.setOdd((call) => (call.list === list && call.nth === 4 ? emptyPage(call) : undefined));
    const report = await applyTo(
      list === "headers" ? site(header("two") + route("/one")) : site(header("one") + route("/two")),
    );
    expect(report.problems).toMatchObject([{ code: "incomplete-read" }]);
    expect([headersOf(), routesOf()]).toEqual(before);
  });

  test("a second route of the source that ours has stays where it was, behind ours", async () => {
    await openWith(site(route("/one")));
    const id = idNamed(scene, "services", "site");
    await scene.edit("POST", `/services/${id}/routes`, {
      type: "redirect",
      source: "/ours",
      destination: "/theirs",
    });
    expect((await scene.plan()).steps).toEqual([]);
    expect((await applyTo(site(route("/two")))).verdict).toBe("done");
    expect(routesOf()).toEqual(["/ours /two", "/ours /theirs"]);
    expect((await scene.plan()).steps).toEqual([]);
  });
});

describe("an owned entry that a list lacks", () => {
  const session = ", envVars: [{key: LEVEL, value: info}, {key: SESSION, generateValue: true}]";

  test("a generated secret is not made again because of one empty answer", async () => {
    await openWith(web(session));
    const before = variablesOf(scene, "api");
    lists.setOdd((call) => (call.list === "env-vars" && call.nth === 1 ? emptyPage(call) : undefined));
    const sent = writesOf(scene).length;
    const report = await scene.apply();
    expect(report).toMatchObject({ verdict: "done", results: [] });
    expect(writesOf(scene)).toHaveLength(sent);
    expect(variablesOf(scene, "api")).toEqual(before);
  });

  test("nor because every answer of its list is empty", async () => {
    await openWith(web(session));
    const before = variablesOf(scene, "api");
    lists.setOdd((call) => (call.list === "env-vars" ? emptyPage(call) : undefined));
    expect((await scene.apply()).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toEqual(before);
  });

  test("nor when it was never ours and the list hides it: it is asked for before it is written", async () => {
    await openWith(web(", envVars: [{key: LEVEL, value: info}]"));
    const id = idNamed(scene, "services", "api");
    await scene.edit("PUT", `/services/${id}/env-vars/SESSION`, { value: "theirs" });
    lists.setOdd((call) => (call.list === "env-vars" ? without(call, '"SESSION"') : undefined));
    const report = await applyTo(web(session));
    expect(report.verdict).toBe("done");
    expect(report.results.filter(({ step }) => !step.startsWith("converge "))).toMatchObject([
      { status: "skipped", problem: { code: "entry-kept", severity: "warning" } },
      { status: "skipped" },
    ]);
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info", SESSION: "theirs" });
  });

  test("nor when the answer to the call that made it is lost", async () => {
    await openWith(web(", envVars: [{key: LEVEL, value: info}]"));
    await scene.write(web(session));
    await setFaults(scene, "drop-after-commit@PUT /services/*/env-vars/SESSION#1");
    expect((await scene.apply()).verdict).toBe("done");
    expect(writesOf(scene).filter((write) => write.includes("/env-vars/SESSION"))).toHaveLength(1);
  });

  test("that is really gone is made again", async () => {
    await openWith(web(session));
    const { SESSION: before } = variablesOf(scene, "api");
    await scene.edit("DELETE", `/services/${idNamed(scene, "services", "api")}/env-vars/SESSION`);
    expect((await scene.apply()).verdict).toBe("done");
    expect(variablesOf(scene, "api")["SESSION"]).toMatch(/.{20,}/u);
    expect(variablesOf(scene, "api")["SESSION"]).not.toBe(before);
  });

  test("that the file drops stays owned while its list lies, and is deleted once it does not", async () => {
    await openWith(web(", envVars: [{key: LEVEL, value: info}, {key: OLD, value: x}]"));
    const text = web(", envVars: [{key: LEVEL, value: info}]");
    lists.setOdd((call) => (call.list === "env-vars" && call.nth === 1 ? without(call, '"OLD"') : undefined));
    expect((await applyTo(text)).verdict).toBe("done");
    expect(variablesOf(scene, "api")).toEqual({ LEVEL: "info" });
  });

  test("a secret file, a group's contents and a link are neither written nor deployed again", async () => {
    const group =
      "envVarGroups:\n  - {name: shared, envVars: [{key: SALT, generateValue: true}], secretFiles: [{name: pem, value: x}]}\n";
    await openWith(group + web(", envVars: [{fromGroup: shared}], secretFiles: [{name: conf, value: y}]"));
    const before = scene.simulator.save().tables;
    const sent = writesOf(scene).length;
    lists.setOdd((call) => {
      if (call.nth > 1) return undefined;
      if (call.list === "secret-files") return emptyPage(call);
      if (!call.list.startsWith("env-groups")) return undefined;
      return call.send(call.request).then((answer) => ({
        ...answer,
        text: JSON.stringify(JSON.parse(answer.text), (member, value: unknown) =>
          ["envVars", "secretFiles", "serviceLinks"].includes(member) ? [] : value,
        ),
      }));
    });
    const report = await scene.apply();
    expect(report).toMatchObject({ verdict: "done", results: [] });
    expect(writesOf(scene)).toHaveLength(sent);
    expect(scene.simulator.save().tables["environmentGroups"]).toEqual(before["environmentGroups"]);
  });
});

describe("calls", () => {
  const listCalls = async (work: () => Promise<unknown>): Promise<number> => {
    const before = scene.requests.length;
    await work();
    return scene.requests.slice(before).filter(({ path }) => path.includes("/env-vars")).length;
  };

  test("a plan and a drift stop at a short page, and an apply with nothing to replace does too", async () => {
    await openWith(web(declared("one")));
    await typeIn(30);
    lists.setOdd((call) => (call.list === "env-vars" ? shortPage(call, 50) : undefined));
    for (const work of [() => scene.plan(), () => scene.drift(), () => scene.apply()])
      expect(await listCalls(work)).toBe(1);
  });

  test("an apply that replaces the list reads it twice to its end", async () => {
    await openWith(web(declared("one")));
    await scene.write(web(declared("two")));
    // The plan's look; a second one and its empty end; one right before the call and its empty end; the call.
    expect(await listCalls(() => scene.apply())).toBe(1 + 2 + 2 + 1);
  });
});
