import type { FieldTable, Shape, Fault, Rule } from "../../../core/model/field.ts";
import { text } from "../schemas.ts";
import { trimEnd } from "../../../core/base/text.ts";

/** A disk is a key of its service in the file but has its own address, since deleting a disk deletes data. Its natural key is the service's name. */
export const diskShapes: readonly Shape[] = [
  {
    name: "disk",
    description: "persistent disk",
    list: "disk",
    inside: "render/service",
    insideShapes: ["web", "pserv", "worker"],
    named: "host",
  },
];

/** The fields of a disk. */
export const diskFields = {
  name: {
    description: "Name of the disk.",
    schema: text,
    facet: "settings",
    onChange: "update",
    required: ["disk"],
  },
  mountPath: {
    description: "Absolute path the disk is mounted at. Data elsewhere is lost with every deploy.",
    schema: text,
    facet: "settings",
    onChange: "update",
    required: ["disk"],
    deploys: true,
  },
  // Without a size a Blueprint makes 10 GB and the API 1 GB (both documented): creation sends the number.
  sizeGB: {
    description: "Size in GB; a new disk without it gets 10. Grows only.",
    schema: { type: "integer", minimum: 1 },
    facet: "settings",
    onChange: "grow",
    deploys: true,
  },
} as const satisfies FieldTable;

/** Folders on which Render mounts no disk; folders below them are allowed (documented). */
const refusedPaths = [
  "/",
  "/opt",
  "/opt/render",
  "/opt/render/project",
  "/opt/render/project/src",
  "/home",
  "/home/render",
  "/etc",
  "/etc/secrets",
];

/** Checks of a disk that its schema cannot make. */
export const diskRules: readonly Rule[] = [checkMountPath];

function checkMountPath({ name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const path = spec["mountPath"];
  if (typeof path !== "string") return [];
  const plain = path.length > 1 ? trimEnd(path, "/") || "/" : path;
  if (plain.startsWith("/") && !refusedPaths.includes(plain)) return [];
  return [
    {
      code: "wrong-value",
      severity: "error",
      field: "mountPath",
      message: `The disk of ${name} cannot be mounted at ${JSON.stringify(path)}.`,
      remedy: plain.startsWith("/")
        ? "Choose a folder below it, as in /var/data."
        : "Give an absolute path, as in /var/data.",
    },
  ];
}
