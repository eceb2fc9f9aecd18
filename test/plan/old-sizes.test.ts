import { afterEach, expect, test } from "vitest";
import { runExport } from "../../src/commands/export/export.ts";
import { runValidate } from "../../src/commands/validate.ts";
import { rowNamed } from "../observe.ts";
import { stateOf } from "../file/read.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const file = (more: string): string => `databases: [{ name: db, plan: basic-1gb, ${more} }]\n`;

/** A database that has, from a plan of before, a disk of a size that cannot be chosen any more. */
async function openWith(size: number, more = ""): Promise<void> {
  scene = await openScene({ load: [stateOf(file(`diskSizeGB: 15${more}`))] });
  const saved = scene.simulator.save();
  await scene.close();
  for (const row of saved.tables["postgres"] ?? []) Object.assign(row, { diskSizeGB: size });
  scene = await openScene({ saved });
}

async function codesOf(text: string): Promise<readonly string[]> {
  await scene.write(text);
  const { problems, refusals } = await scene.plan();
  return [...problems, ...refusals].map(({ severity, code }) => `${severity} ${code}`);
}

test.each([4, 16, 97, 512])(
  "a live disk of %i GB is adopted, kept, and exported to a file that can be used",
  async (size) => {
    await openWith(size);
    const exported = await runExport({ literals: [] }, scene.deps);
    expect(exported.text).toContain(`diskSizeGB: ${size}`);
    expect(exported.problems).toEqual([]);
    await scene.write(exported.text);
    const validation = await runValidate({ files: [] }, scene.deps);
    expect(validation.problems.map(({ severity }) => severity)).toEqual(["warning"]);
    expect((await scene.apply({ adopt: true })).verdict).toBe("done");
    expect((await scene.plan()).steps).toEqual([]);
    expect(await codesOf(exported.text.replace("plan: basic-1gb", "plan: basic-4gb"))).toEqual([
      "warning not-creatable",
    ]);
    expect((await scene.apply()).verdict).toBe("done");
    expect(rowNamed(scene, "postgres", "db")).toMatchObject({ plan: "basic_4gb", diskSizeGB: size });
  },
);

test("making or resizing a database to such a size is refused before the first write, at its line", async () => {
  scene = await openScene();
  expect(await codesOf(file("diskSizeGB: 16"))).toEqual(["warning not-creatable", "refusal disk-size"]);
  expect((await scene.apply()).verdict).toBe("refused");
  await scene.write(file("diskSizeGB: 15"));
  expect((await scene.apply()).verdict).toBe("done");
  expect(await codesOf(file("diskSizeGB: 16"))).toEqual(["warning not-creatable", "refusal disk-size"]);
  expect(await codesOf(file("diskSizeGB: 20"))).toEqual([]);
  expect(scene.requests.filter(({ status }) => status >= 400)).toEqual([]);
});

test("with storage autoscaling such a size is a floor, as any other", async () => {
  await openWith(25, ", storageAutoscalingEnabled: true");
  expect(await codesOf(file("diskSizeGB: 16, storageAutoscalingEnabled: true"))).toEqual([
    "warning not-creatable",
  ]);
});
