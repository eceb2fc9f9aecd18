import { expect, test } from "vitest";
import { setFaults } from "../observe.ts";
import { finish, formNow, input, lateCancels, setOut, walk, type Journey } from "./course.ts";
import { Mortal } from "./mortal.ts";
import { cutAt } from "./points.ts";

/** Its first deploy is cancelled and its own host is written, then it is deployed: four calls in this order. */
const journey: Journey = {
  name: "a service that knows its own host",
  to: `
workspace: Acme
services:
  - type: web
    name: front
    runtime: image
    image: { url: nginx }
    plan: starter
    envVars: [{ key: SELF, fromService: { type: web, name: front, property: host } }]
`,
};
const lag = "lag:45,lag-deletes:45";

test.each(["before-write", "after-write"] as const)(
  "a run that is killed at its deploy (%s) while lists lag: the cancelled one, which shows later, is not taken for it",
  async (at) => {
    const course = await walk(journey);
    expect(course.passed.writes).toBe(4);
    expect(await cutAt(course, { at, number: 4 }, lag)).toEqual([]);
    await course.close();
  },
);

test("a deploy whose call never arrived is asked for again, although a list shows the cancelled one only now", async () => {
  const course = await walk(journey);
  const scene = await setOut(course);
  await setFaults(scene, `${lag},reset-before@POST /services/*/deploys#1`);
  const first = await new Mortal(scene).apply(input);
  expect(first).toMatchObject({ verdict: "done" });
  const form = await formNow(scene, lateCancels(await finish(scene)));
  expect(form).toBe(course.form);
  await scene.close();
  await course.close();
});
