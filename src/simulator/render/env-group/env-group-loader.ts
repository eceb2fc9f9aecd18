import type { Desired } from "../../../core/model/desired.ts";
import type { Value } from "../../../core/model/value.ts";
import { entryTexts, isTaken, type Loader, type Loading } from "../../server/loader.ts";
import { environmentGroups, insertGroup } from "./env-group-row.ts";

/** Loads an env group of a file. Links to it are made by the loader of the services that have them. */
export const environmentGroupLoader: Loader = {
  kind: "render/env-group",
  load({ address, name, environment }, { world, workspace, ids }) {
    const environmentId = environment ? ids.get(environment) : undefined;
    const group = insertGroup(world, {
      ownerId: workspace.id,
      name,
      envVars: [],
      secretFiles: [],
      serviceIds: [],
      ...(environmentId !== undefined && { environmentId }),
    });
    ids.set(address, group.id);
  },
  prepare: (desired, loading) => addEntries(desired, loading, (value) => !isTaken(value)),
  wire: (desired, loading) => addEntries(desired, loading, isTaken),
  output(id, output, world) {
    const group = world.account.find(environmentGroups, id);
    return group?.envVars.find((entry) => output === `envVars.${entry.key}`)?.value;
  },
};

function addEntries({ address, spec }: Desired, loading: Loading, isWanted: (value: Value) => boolean): void {
  const group = loading.world.account.find(environmentGroups, loading.ids.get(address) ?? "");
  for (const [key, value] of entryTexts(spec["envVars"], loading, isWanted))
    group?.envVars.push({ key, value });
  for (const [name, content] of entryTexts(spec["secretFiles"], loading, isWanted))
    group?.secretFiles.push({ name, content });
}
