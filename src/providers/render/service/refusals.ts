import { makeAddress, nameOf, type Address } from "../../../core/base/address.ts";
import type { ResourceChange } from "../../../core/model/change.ts";
import type { Desired, Spec } from "../../../core/model/desired.ts";
import { isObject } from "../../../core/base/json.ts";
import type { Scope } from "../../../core/kind/scope.ts";
import type { Around, Refusal } from "../../../core/kind/refusal.ts";
import type { Live } from "../../../core/model/live.ts";
import { refuseAcross, refuseLeaving } from "../env-group/links.ts";
import { pick, wordOf } from "../mapping.ts";
import { retiredServicePlans } from "../plans.ts";
import { refuseKeys } from "../variable-keys.ts";
import { entriesOf } from "./entry-drafts.ts";
import { managedFields } from "./fields/managed-fields.ts";
import { isStatic } from "./mapping.ts";

/** Refuses a new service for which Render is known to answer 400, before the run writes anything. */
export function refuseCreation(
  desired: Desired,
  scope: Scope,
  _carried: readonly Desired[],
  around: Around,
): readonly Refusal[] {
  const { address, spec } = desired;
  const refusals: Refusal[] = [...refuseWithoutSource(desired, undefined, scope)];
  if (retiredServicePlans.includes(wordOf(spec["plan"]))) {
    refusals.push({
      code: "retired-plan",
      message: `${address} asks for the plan ${wordOf(spec["plan"])}, which is retired: nothing new can have it.`,
      remedy: "Choose a current plan.",
    });
  }
  const isFree = !isStatic(spec) && spec["plan"] === "free";
  const wanted = isFree ? Object.keys(spec).filter((field) => asksForMore(field, spec)) : [];
  return [
    ...refusals,
    ...wanted.map((field) => notOnFree(address, field)),
    ...refuseKeys(desired, Object.keys(entriesOf(spec, "envVars"))),
    ...refuseAcross(desired, around),
  ];
}

/** A service that is built needs a repository: the block's, that of the live service, or that of the run. */
function refuseWithoutSource(
  { address, spec }: Desired,
  repo: unknown,
  { repository }: Scope,
): readonly Refusal[] {
  if (spec["runtime"] === "image" || (spec["repo"] ?? repo ?? repository) !== undefined) return [];
  const message = `${address} is built from a repository, and none is given.`;
  const remedy = "Write repo: in its block or repository: at the root, or give --repo URL.";
  return [{ code: "repo-unknown", message, remedy }];
}

/** Refuses a change for which Render is known to answer 400, before the run writes anything. */
export function refuseChange(
  desired: Desired,
  change: ResourceChange,
  live: Live,
  around: Around,
): readonly Refusal[] {
  const keys = change.fields.filter((field) => field.field === "envVars" && !field.removed);
  return [
    ...refuseKeys(
      desired,
      keys.map(({ entry = "" }) => entry),
    ),
    ...(change.fields.some(({ field }) => field === "runtime")
      ? refuseWithoutSource(desired, live.found.raw["repo"], around.scope)
      : []),
    ...refuseAcross(desired, around),
    ...refuseLeaving(desired, change, live),
    ...refuseOnFree(desired, change, live),
    ...refuseBesideDisk(desired, change, live, around),
  ];
}

/**
 * Refuses fields that a free service cannot have (documented). Maintenance mode is refused by Render with a sentence
 * of its own (reported by users).
 */
function refuseOnFree({ address, spec, lifecycle }: Desired, { fields }: ResourceChange, { found }: Live) {
  const isFree = !isStatic(spec) && (spec["plan"] ?? found.spec["plan"]) === "free";
  if (!isFree) return [];
  const wanted = fields.filter(({ field }) => asksForMore(field, spec));
  const deploys = fields.some(({ field }) => managedFields[field]?.deploys === true);
  const parts = [
    ...wanted.map(({ field }) => field),
    ...(deploys && lifecycle.beforeDeploy ? ["lifecycle.beforeDeploy"] : []),
  ];
  return parts.map((part) => notOnFree(address, part));
}

function notOnFree(address: Address, part: string): Refusal {
  const message = `${address} is on the free plan, which has no \`${part}\`.`;
  return { code: "not-on-free", message, remedy: "Take it out, or choose a paid plan." };
}

/** Whether a field asks for something that only a paid plan has. `null` and one instance are what a free service has anyway. */
function asksForMore(field: string, spec: Spec): boolean {
  const value = spec[field];
  switch (field) {
    case "numInstances":
      return Number(value) > 1;
    case "scaling":
    case "preDeployCommand":
      return value !== null && value !== "";
    case "maintenanceMode":
      return value !== null;
    default:
      return false;
  }
}

/**
 * Refuses several instances of a service whose disk no file declares: the disk stays, and a disk belongs to a single
 * instance (documented).
 */
function refuseBesideDisk(
  { address, spec }: Desired,
  { fields }: ResourceChange,
  { found }: Live,
  { changes }: Around,
): readonly Refusal[] {
  const disk = makeAddress("render/disk", nameOf(address));
  const stays = !changes.some((change) => change.address === disk && change.action === "delete");
  const many = fields.filter(
    ({ field }) => (field === "scaling" && isObject(spec[field])) || Number(spec["numInstances"]) > 1,
  );
  if (many.length === 0 || !stays || pick(found.raw, "serviceDetails.disk") === undefined) return [];
  const message = `${address} has a disk, which belongs to a single instance, and would get several.`;
  const remedy = "Take `scaling` and `numInstances` out, or delete the disk first.";
  return [{ code: "disk-and-scaling", message, remedy }];
}
