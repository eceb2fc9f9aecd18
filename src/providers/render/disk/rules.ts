import type { Fault, Rule } from "../../../core/model/field.ts";
import { trimEnd } from "../../../core/base/trim-end.ts";

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
