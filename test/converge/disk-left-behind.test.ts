import { afterEach, expect, test } from "vitest";
import { rowNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const queue = (rest: string): string =>
  `services: [{ type: worker, name: queue, runtime: image, image: { url: nginx }, plan: starter, ${rest} }]`;

test("a service that moves to another region and has no disk there: the former one goes with its disk, and no steps wait for each other", async () => {
  scene = await openScene();
  await scene.write(queue("region: oregon, disk: { name: data, mountPath: /var/data, sizeGB: 1 }"));
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write(queue("region: frankfurt"));
  const report = await scene.apply({ allowDataLoss: ["*"], allowReplace: ["*"], allowDeletes: 2 });
  expect(report.verdict).toBe("done");
  expect(rowNamed(scene, "services", "queue")).toMatchObject({ region: "frankfurt" });
  expect(rowNamed(scene, "services", "queue")).not.toHaveProperty("disk");
  expect((await scene.plan()).steps).toEqual([]);
});
