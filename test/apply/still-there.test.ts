import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { madeKinds } from "../lag/kinds.ts";
import { answerWith, makeLies } from "../lying.ts";
import { idNamed, ourRows, rowNamed, variablesOf } from "../observe.ts";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";

let scene: Scene;
let lies: ReturnType<typeof makeLies>;
beforeEach(() => (lies = makeLies()));
afterEach(() => scene.close());

const agreed = { allowDeletes: 10, allowDataLoss: ["*"], allowReplace: ["*"] } as const;

const isDeletion = (call: string): boolean => /^DELETE |action=(?:revoke_api_token|delete)$/u.test(call);

/** Answers every deletion as if it was done, and does none. */
function deleteNothing(): void {
  lies.tell = (call) => {
    if (!isDeletion(call)) return undefined;
    return call.startsWith("DELETE ") ? answerWith(204, "") : answerWith(200, { success: true });
  };
}

async function reach(file: string, options: SceneOptions = {}): Promise<void> {
  scene = await openScene({ limits: "off", send: lies.send, ...options });
  await scene.write(file);
  expect((await scene.apply()).verdict).toBe("done");
}

const worker = (name: string, more = ""): string =>
  `  - {type: worker, name: ${name}, runtime: image, image: {url: nginx}, plan: starter${more}}\n`;
const file = (...names: readonly string[]): string =>
  `services:\n${names.map((name) => worker(name)).join("")}`;

describe("an object whose deletion is answered and not done", () => {
  const stream = (kind: string, key: string, more: string, table: string) => ({
    kind,
    from: file("a"),
    to: `${file("a")}${key}: { ${more}, token: { fromEnvironment: TOKEN } }\n`,
    count: () => scene.rows(table).length,
    options: { environment: { TOKEN: "t-1" } },
  });
  const streams = [
    stream("render/log-stream", "logStream", "endpoint: 'logs.acme.dev:6514'", "logStreams"),
    stream(
      "render/metrics-stream",
      "metricsStream",
      "provider: CUSTOM, url: 'https://m.acme.dev'",
      "metricsStreams",
    ),
  ];

  const service = {
    kind: "render/service",
    from: "envVarGroups: [{ name: shared }]\n",
    to: `envVarGroups: [{ name: shared }]\n${file("a")}`,
    count: () => ourRows(scene, "services").length,
    options: {},
  };
  const others = madeKinds.filter(({ kind }) => kind !== service.kind);

  test.each([service, ...others, ...streams])(
    "stays ours and is deleted by the next run: $kind",
    async (made) => {
      await reach(made.to, made.options);
      const before = Object.keys((await scene.inventory()).resources);
      expect(made.count(scene)).toBe(1);
      await scene.write(made.from);
      deleteNothing();
      const told = await scene.apply(agreed);
      expect(told.verdict).toBe("failed");
      expect(told.problems).toContainEqual(expect.objectContaining({ code: "still-there" }));
      expect(Object.keys((await scene.inventory()).resources)).toEqual(before);
      lies.tell = () => undefined;
      expect((await scene.apply(agreed)).verdict).toBe("done");
      expect(made.count(scene)).toBe(0);
      expect((await scene.plan(agreed)).steps).toEqual([]);
    },
  );

  test("is kept, and not made a second time, when its block comes back", async () => {
    const database = (): string =>
      `${file("a")}databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18" }]\n`;
    await reach(database());
    const id = idNamed(scene, "postgres", "main");
    await scene.write(file("a"));
    deleteNothing();
    await scene.apply(agreed);
    lies.tell = () => undefined;
    await scene.write(database());
    expect((await scene.apply()).verdict).toBe("done");
    expect(ourRows(scene, "postgres").map((row) => row["id"])).toEqual([id]);
  });

  test("holds up what needs it gone", async () => {
    const project = (environment: string): string =>
      `${file("a")}projects: [{ name: shop, environments: [{ name: production }${environment}] }]\n`;
    await reach(
      project(
        ", { name: staging, services: [{type: worker, name: b, runtime: image, image: {url: nginx}, plan: starter}] }",
      ),
    );
    await scene.write(project(""));
    deleteNothing();
    const { results } = await scene.apply(agreed);
    expect(results).toContainEqual({
      step: "delete render/environment/shop%2Fstaging",
      status: "blocked",
      by: "delete render/service/b",
    });
  });

  test("and had stepped aside is deleted by the next run", async () => {
    const cron = (region: string): string =>
      `services: [{ type: cron, name: nightly, runtime: image, image: {url: nginx}, schedule: "0 3 * * *", plan: starter, region: ${region} }]\n`;
    await reach(cron("oregon"));
    await scene.write(cron("frankfurt"));
    deleteNothing();
    expect((await scene.apply(agreed)).problems).toMatchObject([{ code: "still-there" }]);
    expect(ourRows(scene, "services")).toHaveLength(2);
    lies.tell = () => undefined;
    expect((await scene.apply(agreed)).verdict).toBe("done");
    expect(ourRows(scene, "services")).toMatchObject([{ name: "nightly", region: "frankfurt" }]);
  });

  test("and was rotated is revoked by the next run", async () => {
    await reach(
      `services:\n${worker("a", ", envVars: [{ key: TOKEN, fromRendercadToken: { name: prod } }]")}rendercad: { tokens: [{ name: prod, scope: read-only }] }\n`,
    );
    deleteNothing();
    const rotation = { ...agreed, rotates: ["rendercad/token/prod"] };
    expect((await scene.apply(rotation)).problems).toMatchObject([{ code: "still-there" }]);
    expect(ourRows(scene, "rendercad tokens")).toHaveLength(2);
    lies.tell = () => undefined;
    expect((await scene.apply(agreed)).verdict).toBe("done");
    const [token, ...others] = ourRows(scene, "rendercad tokens");
    expect(others).toEqual([]);
    expect(variablesOf(scene, "a")["TOKEN"]).toBe(token?.["token"]);
  });
});

test("what was deleted and is back a quarter of an hour later is adopted, and no second one is made", async () => {
  const database = `databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18" }]\n`;
  await reach(`${file("a")}${database}`);
  const id = idNamed(scene, "postgres", "main");
  await scene.write(file("a"));
  lies.tell = (call) => {
    if (isDeletion(call)) return answerWith(204, "");
    return call === `GET /postgres/${id}` ? answerWith(404, { message: "not found" }) : undefined;
  };
  expect((await scene.apply({ ...agreed, noExport: true })).verdict).toBe("done");
  lies.tell = () => undefined;
  await scene.world.sleep(16 * 60_000);
  await scene.write(`${file("a")}${database}`);
  expect((await scene.plan()).changes).toContainEqual(
    expect.objectContaining({ action: "adopt", address: "render/postgres/main", id }),
  );
});

describe("an entry whose deletion is answered and not done", () => {
  const group = (more: string): string => `envVarGroups: [{ name: shared${more} }]\n`;
  const site = (more: string): string =>
    `services:\n  - {type: web, name: site, runtime: static, staticPublishPath: ./dist, buildCommand: make${more}}\n`;
  const database = (users: string): string =>
    `databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18", users: [${users}] }]\n`;
  const service = (more: string): string => `services:\n${worker("a", more)}`;
  const column = (table: string, name: string) => () => ourRows(scene, table)[0]?.[name];
  const linked = `${service(", envVars: [{ fromGroup: shared }]")}${group(", envVars: [{ key: LEVEL, value: info }]")}`;

  const entries = [
    {
      what: "a variable",
      from: service(", envVars: [{ key: OLD, value: one }, { key: LEVEL, value: info }]"),
      to: service(", envVars: [{ key: LEVEL, value: info }]"),
      rows: column("services", "envVars"),
    },
    {
      what: "twelve variables in one call",
      from: service(
        `, envVars: [${Array.from({ length: 12 }, (_, place) => `{ key: OLD_${place}, value: "1" }`).join(", ")}, { key: LEVEL, value: info }]`,
      ),
      to: service(", envVars: [{ key: LEVEL, value: info }]"),
      rows: column("services", "envVars"),
    },
    {
      what: "a secret file",
      from: service(", secretFiles: [{ name: old.pem, value: one }, { name: new.pem, value: two }]"),
      to: service(", secretFiles: [{ name: new.pem, value: two }]"),
      rows: column("services", "secretFiles"),
    },
    {
      what: "a variable of a group",
      from: group(", envVars: [{ key: OLD, value: one }, { key: LEVEL, value: info }]"),
      to: group(", envVars: [{ key: LEVEL, value: info }]"),
      rows: column("environmentGroups", "envVars"),
    },
    {
      what: "a link to a group",
      from: linked,
      to: `${service("")}${group(", envVars: [{ key: LEVEL, value: info }]")}`,
      rows: column("environmentGroups", "serviceIds"),
    },
    {
      what: "a user",
      from: database("reader, writer"),
      to: database("reader"),
      rows: column("postgres", "users"),
    },
    {
      what: "two headers",
      from: site(
        ", headers: [{ path: /*, name: A, value: one }, { path: /*, name: B, value: two }, { path: /*, name: C, value: three }]",
      ),
      to: site(", headers: [{ path: /*, name: B, value: two }]"),
      rows: column("services", "headers"),
    },
    {
      what: "a route",
      from: site(
        ", routes: [{ type: redirect, source: /a, destination: /x }, { type: redirect, source: /b, destination: /y }]",
      ),
      to: site(", routes: [{ type: redirect, source: /b, destination: /y }]"),
      rows: column("services", "routes"),
    },
  ];

  test.each(entries)("stays ours and is taken away by the next run: $what", async ({ from, to, rows }) => {
    await reach(from);
    const before = rows();
    await scene.write(to);
    lies.tell = (call, request) =>
      /^(?:DELETE|PUT|PATCH) /u.test(call)
        ? answerWith(200, request.body === undefined ? {} : (JSON.parse(request.body) as unknown))
        : undefined;
    expect((await scene.apply(agreed)).problems).toContainEqual(
      expect.objectContaining({ code: "still-there" }),
    );
    expect(rows()).toEqual(before);
    lies.tell = () => undefined;
    expect((await scene.apply(agreed)).verdict).toBe("done");
    expect(rows()).not.toEqual(before);
    expect((await scene.plan(agreed)).steps).toEqual([]);
  });

  test("is no header of somebody else under the same name", async () => {
    await reach(site(", headers: [{ path: /*, name: A, value: ours }]"));
    const id = idNamed(scene, "services", "site");
    const headers = [
      { path: "/*", name: "A", value: "ours" },
      { path: "/*", name: "A", value: "theirs" },
    ];
    await scene.edit("PUT", `/services/${id}/headers`, headers);
    await scene.write(site(""));
    expect((await scene.apply(agreed)).verdict).toBe("done");
    expect(rowNamed(scene, "services", "site")["headers"]).toMatchObject([{ value: "theirs" }]);
  });
});

async function openWithout(name: string): Promise<void> {
  await reach(file("a", "b", "c"));
  await scene.write(file(...["a", "b", "c"].filter((one) => one !== name)));
}

test.each([404, 410])(
  "a deletion that is answered by %i is not done while the object is shown",
  async (status) => {
    await openWithout("c");
    lies.tell = (call) =>
      call.startsWith("DELETE ") ? answerWith(status, { message: "not found" }) : undefined;
    expect((await scene.apply()).problems).toMatchObject([
      { code: "still-there", address: "render/service/c" },
    ]);
    expect(Object.keys((await scene.inventory()).resources)).toContain("render/service/c");
    lies.tell = () => undefined;
    expect((await scene.apply()).verdict).toBe("done");
    expect(ourRows(scene, "services").map((row) => row["name"])).toEqual(["a", "b"]);
  },
);

test("what somebody deleted after the plan was made is gone, and that is all", async () => {
  await openWithout("c");
  const id = idNamed(scene, "services", "c");
  lies.tell = (call, request, send) => {
    if (!call.startsWith("DELETE ")) return undefined;
    return scene.edit("DELETE", `/services/${id}`).then(() => send(request));
  };
  expect((await scene.apply()).verdict).toBe("done");
  expect(Object.keys((await scene.inventory()).resources)).toEqual(["render/service/a", "render/service/b"]);
});
