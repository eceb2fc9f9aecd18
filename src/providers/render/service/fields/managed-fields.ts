import type { Field, FieldTable, Mover } from "../../../../core/model/field.ts";
import { isObject, type JsonObject } from "../../../../core/base/json.ts";
import { normalAllowList } from "../../mapping.ts";
import { serviceFields } from "./fields.ts";
import { environmentField } from "../../membership.ts";
import { digestMover, exportedImage, normalImage } from "./image.ts";
import { normalScaling } from "../mapping.ts";
import { isUntouched } from "../notifications.ts";

/**
 * Whether a service has Docker settings. Render keeps the commands of native runtimes apart from them (Render's
 * description).
 */
export function usesDocker(spec: JsonObject): boolean {
  return spec["runtime"] === "docker" || spec["runtime"] === "image";
}

const autoscaling: Mover = {
  as: "free",
  because: "autoscaling decides it (scaling: null turns that off)",
};

/** What planning knows about a field beyond the file format: when it has a meaning, how values compare, and which changes need a replacement. */
const more: { readonly [field: string]: Partial<Field> } = {
  runtime: { replaces: (desired, live) => (desired === "static") !== (live === "static") },
  image: {
    applies: (spec) => spec["runtime"] === "image",
    normal: normalImage,
    movedBy: (desired, live) => digestMover(desired["image"], live["image"]),
    exported: exportedImage,
  },
  notifications: { same: isUntouched },
  // `null` means off.
  maintenanceMode: {
    same: (desired, live) => desired === null && isObject(live) && live["enabled"] === false,
  },
  ipAllowList: { normal: normalAllowList },
  scaling: { normal: normalScaling },
  // While autoscaling is on, it decides the number (Render's description).
  numInstances: {
    applies: (spec) => (spec["scaling"] ?? null) === null,
    movedBy: (desired, live) =>
      desired["scaling"] === undefined && isObject(live["scaling"]) ? autoscaling : undefined,
  },
  autoDeployTrigger: { applies: (spec) => spec["runtime"] !== "image" },
  rootDir: { applies: (spec) => spec["runtime"] !== "image" },
  buildFilter: { applies: (spec) => spec["runtime"] !== "image" },
  repo: { applies: (spec) => spec["runtime"] !== "image" },
  branch: { applies: (spec) => spec["runtime"] !== "image" },
  buildCommand: { applies: (spec) => !usesDocker(spec) },
  startCommand: { applies: (spec) => !usesDocker(spec) },
  registryCredential: { applies: (spec) => spec["runtime"] === "docker" },
  dockerCommand: { applies: usesDocker },
  dockerfilePath: { applies: (spec) => spec["runtime"] === "docker" },
  dockerContext: { applies: (spec) => spec["runtime"] === "docker" },
};

/** The fields of a service with all that planning knows of them. */
export const managedFields: FieldTable = {
  ...Object.fromEntries(
    Object.entries(serviceFields).map(([name, field]) => [name, { ...field, ...more[name] }]),
  ),
  environment: environmentField,
};
