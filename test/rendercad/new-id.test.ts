import { afterEach, expect, test } from "vitest";
import { openScene, type Scene } from "../scene.ts";
import { variablesOf } from "./shown-once.ts";

let scene: Scene;
afterEach(() => scene.close());

const file = (event: string, ...variables: readonly string[]): string => `services:
  - type: worker
    name: a
    runtime: image
    image: { url: nginx }
    plan: starter
    envVars: [${variables.map((key) => `{ key: ${key}, fromRendercadWebhook: { name: done, property: id } }`).join(", ")}]
rendercad:
  webhooks: [{ name: done, url: https://hooks.acme.dev/done, events: [${event}] }]
`;

/** Of the only one that is there. */
function idOfWebhook(): string {
  const ids = scene.rows("rendercad webhooks").map(({ id }) => JSON.stringify(id).replaceAll('"', ""));
  expect(ids).toHaveLength(1);
  return ids[0] ?? "";
}

test.each([
  { what: "a variable that held the id of the old one", before: ["ID"], after: ["ID"] },
  { what: "a variable that the same edit adds", before: [], after: ["ID"] },
  { what: "one of each", before: ["ID"], after: ["ID", "SAME"] },
])(
  "a webhook that is replaced: $what holds the id of the new one after that run",
  async ({ before, after }) => {
    scene = await openScene();
    await scene.write(file("render.completed", ...before));
    expect((await scene.apply()).verdict).toBe("done");
    const old = idOfWebhook();
    await scene.write(file("render.failed", ...after));
    expect((await scene.apply()).verdict).toBe("done");
    const id = idOfWebhook();
    expect(id).not.toBe(old);
    expect(variablesOf(scene, "a")).toEqual(Object.fromEntries(after.map((key) => [key, id])));
    expect((await scene.plan()).steps).toEqual([]);
  },
);
