import fc from "fast-check";
import { expect, test } from "vitest";
import { ProblemError } from "../../src/core/base/problem.ts";
import { account } from "../drift/account.ts";
import { stateOf } from "../file/read.ts";
import { ourRows, type Row } from "../observe.ts";
import type { Scene } from "../scene.ts";
import { arbitraryWorkspaceFiles } from "./arbitrary-workspace.ts";
import { inScene } from "./property-scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

/** One of everything under names that no generated file has. */
const theirs = stateOf(
  account
    .replaceAll(/\b(name|fromGroup): (?=[\w/])/g, "$1: their-")
    .replace("[shop/production]", "[their-shop/their-production]"),
);

/** What a pipeline may say beside `--yes` without agreeing to the end of anything. */
const words = fc.record({
  skipRefused: fc.boolean(),
  allowReplace: fc.constantFrom([], [], ["*"]),
  allowDeletes: fc.constantFrom(50, 50, 50, undefined),
  targets: fc.constantFrom([], [], ["render/service/*"], ["render/postgres/*", "render/disk/*"]),
  excludes: fc.constantFrom([], [], ["render/disk/*"], ["render/custom-domain/*"], ["render/environment/*"]),
});
const threeFiles = fc.tuple(
  arbitraryWorkspaceFiles,
  arbitraryWorkspaceFiles.map(([file]) => file),
  fc.array(words, { minLength: 4, maxLength: 4 }),
);

test(
  "from file to file with --yes and no consent to the end of data, no data ends and nothing goes that no file declared",
  async () => {
    const property = fc.asyncProperty(threeFiles, ([[first, second], third, words]) =>
      inScene(
        async (scene) => {
          for (const [index, text] of [first, second, third, first].entries()) {
            const before = keptIn(scene);
            await scene.write(text);
            const { allowDeletes, ...rest } = words[index]!;
            const given = { ...rest, ...(allowDeletes !== undefined && { allowDeletes }), noExport: true };
            await applyWith(scene, index === 0 ? {} : given);
            const after = new Set(keptIn(scene));
            expect(before.filter((one) => !after.has(one))).toEqual([]);
            if (index === 0) await typeByHand(scene);
          }
        },
        { load: [theirs] },
      ),
    );
    await fc.assert(property, propertyRuns(2));
  },
  propertyTimeout,
);

/** A glob that fits no address of a generated file is an error: then the whole file is meant. */
async function applyWith(scene: Scene, given: Parameters<Scene["apply"]>[0]): Promise<void> {
  const input = { ...given, adopt: true };
  try {
    await scene.apply(input);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    await scene.apply({ ...input, targets: [], excludes: [] });
  }
}

/** What must be there afterwards: what holds data, and what no file ever named. */
function keptIn(scene: Scene): readonly string[] {
  const { tables } = scene.simulator.save();
  const foreign = Object.entries(tables)
    .filter(([table]) => !["auditLogs", "events", "webhook events"].includes(table))
    .flatMap(([table, rows]) => rows.map((row) => [table, row as unknown as Row] as const))
    .filter(([, { name }]) => typeof name === "string" && name.startsWith("their-"))
    .map(([table, { id }]) => `${table} ${id as string}`);
  return [...foreign, ...dataIn(scene)];
}

function dataIn(scene: Scene): readonly string[] {
  const disks = ourRows(scene, "services").flatMap(({ disk }) => (disk ? [disk as unknown as Row] : []));
  const persistent = ourRows(scene, "keyValues").filter(
    ({ plan, persistenceMode }) => plan !== "free" && persistenceMode !== "off",
  );
  return [...ourRows(scene, "postgres"), ...persistent, ...disks].map(({ id }) => id as string);
}

/** What people make beside what the file declares: a group, a service in each of its environments, a variable in each of its services. */
async function typeByHand(scene: Scene): Promise<void> {
  const owner = scene.simulator.env["RENDER_OWNER_ID"]!;
  await scene.edit("POST", "/env-groups", {
    name: "their-group",
    ownerId: owner,
    envVars: [{ key: "A", value: "b" }],
  });
  for (const { id, environmentId } of ourRows(scene, "services")) {
    await scene.edit("PUT", `/services/${id as string}/env-vars/THEIRS`, { value: "kept" });
    if (typeof environmentId === "string")
      await scene.edit("POST", "/services", {
        type: "background_worker",
        name: `their-${id as string}`,
        ownerId: owner,
        environmentId,
        image: { ownerId: owner, imagePath: "docker.io/library/nginx" },
        serviceDetails: { runtime: "image", plan: "starter" },
      });
  }
}
