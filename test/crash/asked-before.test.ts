import { afterEach, describe, expect, test } from "vitest";
import { ourRows } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { input } from "./course.ts";
import { Mortal } from "./mortal.ts";

let scene: Scene;
afterEach(() => scene.close());

const subjects = [
  {
    what: "a service",
    table: "services",
    address: "render/service/api",
    block: (region: string) =>
      `services:\n  - { type: worker, name: api, runtime: image, image: { url: nginx }, plan: starter, region: ${region} }\n`,
  },
  {
    what: "a database",
    table: "postgres",
    address: "render/postgres/main",
    block: (region: string) =>
      `databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18", region: ${region} }]\n`,
  },
] as const;

/** The run dies after its creation was done and before it heard the answer. */
async function dieAfterCreation(text: string): Promise<void> {
  scene = await openScene();
  await scene.write(text);
  expect(await new Mortal(scene, { at: "after-write", number: 1 }).apply(input)).toBe("died");
}

/** Later than any lock lasts. */
const later = () => scene.world.sleep(20 * 60_000);

describe.each(subjects)(
  "$what was made by a run that died before it heard so, and",
  ({ table, address, block }) => {
    const regions = () => ourRows(scene, table).map(({ region }) => region);

    test("the file asks for another region since: that is a replacement, which has to be agreed to", async () => {
      await dieAfterCreation(block("oregon"));
      await later();
      await scene.write(block("frankfurt"));
      const refused = await scene.apply();
      expect(refused.verdict).toBe("refused");
      expect(regions()).toEqual(["oregon"]);
      const agreed = { allowReplace: [address], allowDataLoss: [address], allowDeletes: 5 };
      expect((await scene.apply(agreed)).verdict).toBe("done");
      expect(regions()).toEqual(["frankfurt"]);
      expect((await scene.plan()).steps).toEqual([]);
    });

    test("the file still asks the same: it is kept, without a word of its region", async () => {
      await dieAfterCreation(block("oregon"));
      await later();
      const report = await scene.apply();
      expect(report.verdict).toBe("done");
      expect(report.plan.changes[0]?.notes).toEqual([]);
      expect(regions()).toEqual(["oregon"]);
    });
  },
);
