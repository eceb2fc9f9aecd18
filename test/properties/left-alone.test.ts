import fc from "fast-check";
import { expect, test } from "vitest";
import type { Address } from "../../src/core/base/address.ts";
import type { Json } from "../../src/core/base/json.ts";
import { account } from "../drift/account.ts";
import { stateOf } from "../file/read.ts";
import { ourRows, type Row } from "../observe.ts";
import type { Scene } from "../scene.ts";
import { arbitraryWorkspaceFiles } from "./arbitrary-workspace.ts";
import { applyTo, inScene } from "./property-scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

/** One of everything under names that no generated file has, in both workspaces. */
const theirs = stateOf(
  account
    .replaceAll(/\b(name|fromGroup): (?=[\w/])/g, "$1: their-")
    .replace("[shop/production]", "[their-shop/their-production]"),
);

const tablesOfTheirs = [
  "dedicatedIps",
  "environmentGroups",
  "environments",
  "keyValues",
  "postgres",
  "projects",
  "registryCredentials",
  "services",
  "webhooks",
];

test(
  "of every kind: what the file does not name stays as it is, objects and entries",
  async () => {
    const property = fc.asyncProperty(arbitraryWorkspaceFiles, ([before, after]) =>
      inScene(
        async (scene) => {
          const foreign = foreignRows(scene);
          expect(
            [...new Set(foreign.filter(([, row]) => isTheirs(row)).map(([table]) => table))].sort(),
          ).toEqual(tablesOfTheirs);
          await applyTo(scene, before, { adopt: true });
          const added = await addVariables(scene);
          const owned = Object.keys((await scene.inventory()).resources) as Address[];
          await applyTo(scene, after, {
            adopt: true,
            allowDeletes: owned.length,
            allowDataLoss: owned,
            allowReplace: owned,
            noExport: true,
          });
          expect(foreignRows(scene)).toEqual(foreign);
          expectVariables(scene, added, exclusiveIn(after));
        },
        { load: [theirs] },
      ),
    );
    await fc.assert(property, propertyRuns(6));
  },
  propertyTimeout,
);

/** Of both workspaces, but for what each workspace has one of; a deploy goes on by itself, another one would show. */
function foreignRows(scene: Scene): readonly (readonly [table: string, row: Row])[] {
  const { tables } = scene.simulator.save();
  const owner = scene.simulator.env["RENDER_OWNER_ID"];
  return Object.entries(tables)
    .filter(([table]) => !["auditLogs", "events", "webhook events"].includes(table))
    .flatMap(([table, rows]) => rows.map((row) => [table, row as unknown as Row] as const))
    .filter(([, row]) => row["ownerId"] !== undefined && row["id"] !== owner)
    .filter(([, row]) => row["ownerId"] !== owner || isTheirs(row))
    .map(([table, { deploys, ...row }]) => [table, { ...row, deploys: idsOf(deploys) }]);
}

function idsOf(deploys: Json | undefined): readonly Json[] {
  return ((deploys ?? []) as readonly Row[]).map(({ id }) => id ?? null);
}

function isTheirs({ name }: Row): boolean {
  return typeof name === "string" && name.startsWith("their-");
}

/** A variable that no file declares, on every service of ours; ids of the services that got one. */
async function addVariables(scene: Scene): Promise<ReadonlySet<unknown>> {
  const ours = ourRows(scene, "services").filter((row) => !isTheirs(row));
  for (const { id } of ours)
    await scene.edit("PUT", `/services/${id as string}/env-vars/THEIRS`, { value: "kept" });
  return new Set(ours.map(({ id }) => id));
}

function exclusiveIn(text: string): ReadonlySet<unknown> {
  const { resources } = stateOf(text);
  return new Set(resources.filter(({ spec }) => spec["envVarsExclusive"] === true).map(({ name }) => name));
}

function expectVariables(scene: Scene, added: ReadonlySet<unknown>, exclusive: ReadonlySet<unknown>): void {
  for (const row of ourRows(scene, "services").filter(({ id }) => added.has(id))) {
    const variables = row["envVars"] as readonly { readonly key: string }[];
    const kept = variables.some(({ key }) => key === "THEIRS");
    expect([row["name"], kept]).toEqual([row["name"], !exclusive.has(row["name"])]);
  }
}
