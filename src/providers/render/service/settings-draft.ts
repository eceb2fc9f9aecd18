import { type Desired, type Spec } from "../../../core/model/desired.ts";
import { applies } from "../../../core/model/declared.ts";
import type { JsonObject } from "../../../core/base/json.ts";
import type { Scope } from "../../../core/kind/scope.ts";
import { type Write, type WriteDraft, type Body, draft } from "../../../core/model/write.ts";
import type { Found } from "../../../core/model/live.ts";
import { serviceChange } from "../budgets.ts";
import { merge, nest, writeFields, type BodyObject } from "../mapping.ts";
import { managedFields, usesDocker } from "./fields/managed-fields.ts";
import { isCron, settingsMappings } from "./mapping.ts";

/** Another runtime reads other details: all that the file says of them goes along in the same call (recorded: runtime update). */
const ofSource: readonly string[] = [
  "repo",
  "branch",
  "image",
  "registryCredential",
  "buildCommand",
  "startCommand",
  "preDeployCommand",
  "dockerCommand",
  "dockerContext",
  "dockerfilePath",
];

/**
 * The part of a body that a new runtime needs and that neither the file nor the live service has: the repository of
 * the run, the commands of a native runtime.
 */
function newSource(spec: Spec, live: Pick<Found, "spec" | "raw">, scope: Scope): BodyObject {
  const hasNone = isGit(spec) && spec["repo"] === undefined && live.raw["repo"] === undefined;
  const isNewlyNative = !usesDocker(spec as JsonObject) && usesDocker(live.spec as JsonObject);
  return merge(
    hasNone && scope.repository !== undefined ? { repo: scope.repository } : {},
    isNewlyNative ? nest("serviceDetails.envSpecificDetails", nativeCommands(spec)) : {},
  );
}

/**
 * The PATCH that writes changed settings. A change of the runtime takes along all that the file says of the source
 * (recorded: runtime update).
 */
export function patchDraft(
  desired: Desired,
  fields: readonly string[],
  live: Pick<Found, "spec" | "raw">,
  scope: Scope,
): WriteDraft {
  const isMoved = fields.includes("runtime");
  const related = isMoved ? ofSource.filter((field) => settingsOf(desired).includes(field)) : [];
  const body = merge(
    isMoved ? newSource(desired.spec, live, scope) : {},
    writeFields(settingsMappings, desired.spec, new Set([...fields, ...related]), live.raw),
  );
  const write: Write = {
    method: "PATCH",
    path: `/services/{${desired.address}}`,
    body,
    budgets: serviceChange(desired.address, isCron(desired.spec)),
  };
  return draft(
    "settings",
    write,
    fields,
    fields.some((field) => managedFields[field]?.deploys === true),
  );
}

/** The two commands that the API requires of native runtimes (Render's description). Blueprints may leave them out, which means Render's default. */
export function nativeCommands(spec: Spec): Body {
  return usesDocker(spec as JsonObject) ? {} : { buildCommand: "", startCommand: "" };
}

/** The fields of the block that the service object shows, and that mean something beside the rest of it. */
export function settingsOf(desired: Desired): readonly string[] {
  return Object.keys(settingsMappings).filter(
    (field) => field !== "type" && managedFields[field] && applies(desired, managedFields[field]),
  );
}

/** Whether a block is built from a repository, and not from an image. */
export function isGit(spec: Spec): boolean {
  return spec["runtime"] !== "image";
}
