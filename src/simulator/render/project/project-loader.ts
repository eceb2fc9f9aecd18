import { makeAddress, nameOf } from "../../../core/base/address.ts";
import { isObject } from "../../../core/base/json.ts";
import type { Loader } from "../../server/loader.ts";
import { insertEnvironment } from "./environment-row.ts";
import { readEnvironmentSettings } from "./environment.ts";
import { readSources } from "../datastore/ip-allow-list.ts";
import { insertProject } from "./project.ts";

/** Loads a project of a file. */
export const projectLoader: Loader = {
  kind: "render/project",
  load(desired, { world, workspace, ids }) {
    ids.set(desired.address, insertProject(world, workspace.id, desired.name).id);
  },
};

/**
 * Loads an environment of a file. There, isolation and protection are words in objects of their own, and the allow
 * list is a key that only trueup has.
 */
export const environmentLoader: Loader = {
  kind: "render/environment",
  load(desired, { world, workspace, ids }) {
    // The address has both names, wherever the block stands.
    const [projectName = "", ...rest] = nameOf(desired.address).split("/");
    const name = rest.join("/");
    const projectId = ids.get(makeAddress("render/project", projectName));
    if (projectId === undefined) throw new Error(`${desired.address} stands in no project`);
    const body = { ipAllowList: readSources(desired.spec["ipAllowList"]) };
    const isolation = isEnabled(desired.spec["networking"], "isolation");
    const protection = isEnabled(desired.spec["permissions"], "protection");
    const environment = insertEnvironment(world, {
      ownerId: workspace.id,
      projectId,
      name,
      networkIsolationEnabled: isolation,
      protectedStatus: protection ? "protected" : "unprotected",
      ...readEnvironmentSettings(body),
    });
    ids.set(desired.address, environment.id);
  },
};

function isEnabled(block: unknown, field: string): boolean {
  return isObject(block) && block[field] === "enabled";
}
