import { expect, test } from "vitest";
import { ourRows, setFaults, writesOf } from "../observe.ts";
import { openScene } from "../scene.ts";
import { finish, input } from "./course.ts";
import { Mortal } from "./mortal.ts";

const database = (version: string): string =>
  `databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "${version}" }]\n`;
const cache = (region: string): string =>
  `services: [{ type: keyvalue, name: main, plan: starter, region: ${region}, ipAllowList: [] }]\n`;
const service = (region: string): string =>
  `services: [{ type: worker, name: main, runtime: image, image: { url: nginx }, plan: starter, region: ${region} }]\n`;

test.each([
  ["database", "postgres", "/postgres", database("17"), database("18")],
  ["key value store", "keyValues", "/key-value", cache("oregon"), cache("ohio")],
  ["service", "services", "/services", service("oregon"), service("ohio")],
] as const)(
  "a %s whose successor was made without an answer is replaced by one, although lists lag and the one that stepped aside is there",
  async (_kind, table, path, from, to) => {
    const scene = await openScene();
    await scene.write(from);
    await scene.apply();
    await scene.world.sleep(600_000);
    await scene.write(to);
    await setFaults(scene, "lag:90,lag-deletes:90");
    // It steps aside, and the next call makes the one that takes its place.
    expect(await new Mortal(scene, { at: "after-write", number: 2 }).apply(input)).toBe("died");
    expect(writesOf(scene).at(-1)).toMatch(new RegExp(`^POST ${path} 201`, "u"));
    expect((await finish(scene)).verdict).toBe("done");
    expect(ourRows(scene, table)).toMatchObject([{ name: "main" }]);
    expect(await scene.inventory()).not.toHaveProperty("pending");
    await scene.close();
  },
);
