import { afterEach, beforeEach, expect, test } from "vitest";
import { runExport } from "../../src/commands/export/export.ts";
import { answerWith, changed, makeLies, type Lie } from "../lying.ts";
import { problemsOf, rowNamed, variablesOf, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { converge, idOf, readsOf, stepsOf } from "./converge.ts";

let scene: Scene;
let lies: ReturnType<typeof makeLies>;
beforeEach(async () => {
  lies = makeLies();
  scene = await openScene({ send: lies.send });
});
afterEach(() => scene.close());

const database = (users: string): string => `
databases:
  - { name: main, plan: basic-256mb, users: [${users}] }
services:
  - type: worker
    name: queue
    runtime: image
    image: { url: nginx }
    plan: starter
    envVars:
      - { key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }
      - { key: DATABASE_USER, fromDatabase: { name: main, property: user } }
`;
type User = { readonly username: string };
const users = (): readonly string[] =>
  (rowNamed(scene, "postgres", "main")["users"] as unknown as readonly User[]).map(
    ({ username }) => username,
  );

test("further users are made with the database, and what refers to it gets the one that counts then", async () => {
  await converge(scene, database("reader, writer"));
  expect([...users()].sort()).toEqual(["reader", "writer"]);
  const newest = users().at(-1)!;
  expect(variablesOf(scene, "queue")["DATABASE_USER"]).toBe(newest);
  expect(variablesOf(scene, "queue")["DATABASE_URL"]).toContain(`//${newest}:`);
  expect((await readsOf(scene)).filter((line) => line.includes("credentials"))).toHaveLength(1);
});

test("a further user is one call, and the services that are wired to the database follow in the same run", async () => {
  await converge(scene, database(""));
  await scene.write(database("reader"));
  expect(stepsOf(await scene.plan())).toContain("update render/postgres/main users.reader");
  await converge(scene, database("reader"));
});

test("a dropped user is deleted, one that the file never declared is kept, the first one is nobody's to delete", async () => {
  await converge(scene, database("reader"));
  await scene.edit("POST", `/postgres/${idOf(scene, "postgres", "main")}/credentials`, {
    username: "theirs",
  });
  await scene.apply();
  await converge(scene, database(""));
  expect(users()).toEqual(["theirs"]);
});

test("the user that the database is made with may stand among them, and needs no call", async () => {
  const text = database("app, reader").replace("users:", "user: app, users:");
  await converge(scene, text);
  expect(users()).toEqual(["reader"]);
});

test("an export has the user that somebody rotated to, though it is the default one", async () => {
  await converge(scene, database(""));
  const path = `/postgres/${idOf(scene, "postgres", "main")}/credentials`;
  await scene.edit("POST", path, { username: "rotated" });
  const { text } = await runExport({ literals: [] }, scene.deps);
  expect(text).toMatch(/users:\n\s+- rotated\n/u);
});

const credentials: Readonly<Record<string, Lie>> = {
  "is not found": () => answerWith(404, { message: "not found" }),
  "is no list": (_call, request, send) => changed(request, send, (body) => ({ credentials: body })),
  "is null": () => answerWith(200, null),
  "has a null in it": () => answerWith(200, [null]),
  "has users without a name": (_call, request, send) =>
    changed(request, send, (body: readonly object[]) =>
      body.map(() => ({ createdAt: "2026-01-01T00:00:00Z" })),
    ),
};

test.each(Object.entries(credentials))(
  "a list of users that %s is no empty list: nobody is made again",
  async (_how, lie) => {
    await converge(scene, database("reader"));
    const sent = writesOf(scene).length;
    lies.tell = (call, request, send) =>
      /^GET .*\/credentials$/u.test(call) ? lie(call, request, send) : undefined;
    expect(await problemsOf(scene.apply())).toMatchObject([{ code: "unexpected-answer" }]);
    expect(writesOf(scene)).toHaveLength(sent);
  },
);
