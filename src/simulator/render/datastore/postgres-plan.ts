import { readInteger, requireChoice, requireText, type Body } from "../../base/body.ts";
import { fail } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { postgresInstances } from "./postgres-row.ts";

const versions = ["11", "12", "13", "14", "15", "16", "17", "18"] as const;
/** The version of a database whose file names none: a creation through the API needs one. */
export const newestVersion = "18";

const named =
  /^(free|basic_(256mb|1gb|4gb)|pro_(4|8|16|32|64|128|192|256|384|512)gb|accelerated_(16|32|64|128|256|384|512|768|1024)gb)$/;
/** Plans that are named by their size, as since August 2026 (documented for Blueprints). */
const sized = /^\d+(\.\d+)?c-\d+(mb|g)$/;
const retired = new Set(["starter", "standard", "pro", "pro_plus"]);

/**
 * The plan for a new or changed database. A database that has a retired plan keeps it, and no other can get one
 * (described, reported).
 */
export function readPlan(plan: string, current?: string): string {
  if (plan === current) return plan;
  if (retired.has(plan)) fail(400, `plan ${plan} is no longer available for databases`);
  return named.test(plan) || sized.test(plan) ? plan : fail(400, `invalid plan: ${plan}`);
}

/** The plan in the body of a creation, which must have one. */
export function requirePlan(body: Body): string {
  return readPlan(requireText(body, "plan"));
}

/** The version in the body of a creation, which must have one. */
export function requireVersion(body: Body): string {
  return requireChoice(body, "version", versions);
}

/** The size of a disk for which a creation names none: 15 and 100 GB are recorded, the others documented. */
export function defaultDiskSize(plan: string): number {
  if (plan === "free") return 1;
  if (plan.startsWith("accelerated_")) return 250;
  return plan.startsWith("pro_") ? 100 : 15;
}

/** The size of a disk in a body: 1 or a multiple of 5, and never smaller than before (documented). */
export function readDiskSize(body: Body, current = 1): number | undefined {
  const size = readInteger(body, "diskSizeGB", { least: 1, most: 16_000 });
  if (size === undefined) return undefined;
  if (size !== 1 && size % 5 !== 0) fail(400, "diskSizeGB must be 1 or a multiple of 5");
  return size < current ? fail(400, `disk size cannot be decreased: it is ${current} GB`) : size;
}

/**
 * Refuses high availability where plan and version do not allow it: it needs one of the larger plans and PostgreSQL
 * 13 (documented).
 */
export function requireHighAvailabilityFits(plan: string, version: string): void {
  const large = /^(pro_|accelerated_)/.test(plan) || (sized.test(plan) && Number.parseFloat(plan) >= 1);
  if (!large) fail(400, `high availability is not available on plan ${plan}`);
  if (Number(version) < 13) fail(400, "high availability needs PostgreSQL 13 or later");
}

/** Refuses a second active free database in a workspace (reported by users with this text). */
export function requireFreeIsAvailable(world: World, ownerId: string): void {
  if (!world.switches.freePostgres) fail(400, "free databases cannot be created through the API");
  const taken = world.account
    .list(postgresInstances)
    .some((row) => row.ownerId === ownerId && row.plan === "free");
  if (taken) fail(400, "cannot have more than one active free tier database");
}
