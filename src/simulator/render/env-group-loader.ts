import { entryTexts, type Loader } from "../loader.ts";
import { environmentGroups, insertGroup } from "./env-group-row.ts";

/** Links stand with the services that use the group, and are made there. */
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
  wire({ address, spec }, loading) {
    const group = loading.world.account.find(environmentGroups, loading.ids.get(address) ?? "");
    group?.envVars.push(...entryTexts(spec["envVars"], loading).map(([key, value]) => ({ key, value })));
    group?.secretFiles.push(
      ...entryTexts(spec["secretFiles"], loading).map(([name, content]) => ({ name, content })),
    );
  },
  output(id, output, world) {
    const group = world.account.find(environmentGroups, id);
    return group?.envVars.find((entry) => output === `envVars.${entry.key}`)?.value;
  },
};
