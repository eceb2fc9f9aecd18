import { afterEach, beforeEach, expect, test } from "vitest";
import { changed, makeLies } from "../lying.ts";
import { problemsOf, rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
let lies: ReturnType<typeof makeLies>;
beforeEach(() => (lies = makeLies()));
afterEach(() => scene.close());

const group = (level: string): string =>
  `envVarGroups: [{name: shared, envVars: [{key: LEVEL, value: ${level}}, {key: SALT, generateValue: true}]}]\n`;
type Entry = { readonly key: string; readonly value: string };
const salt = (): string | undefined =>
  (rowNamed(scene, "environmentGroups", "shared")["envVars"] as unknown as readonly Entry[]).find(
    ({ key }) => key === "SALT",
  )?.value;

/** From now on the group says this of its variables, whatever they are. */
async function openSaying(envVars: unknown): Promise<string | undefined> {
  scene = await openScene({ limits: "off", send: lies.send });
  await scene.write(group("info"));
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write(group("debug"));
  lies.tell = (call, request, send) =>
    /^GET \/env-groups\/[^/]+$/u.test(call)
      ? changed(request, send, (body: object) => ({ ...body, envVars }))
      : undefined;
  return salt();
}

test.each([null, []])(
  "a generated value is not made again because its group says that it has %j",
  async (said) => {
    const before = await openSaying(said);
    expect((await scene.apply()).verdict).toBe("done");
    expect(salt()).toBe(before);
  },
);

test.each([undefined, {}, "none"])(
  "a group whose variables are %j is not understood, and nothing is written",
  async (said) => {
    const before = await openSaying(said);
    expect(await problemsOf(scene.apply())).toMatchObject([{ code: "unexpected-answer" }]);
    expect(salt()).toBe(before);
  },
);
