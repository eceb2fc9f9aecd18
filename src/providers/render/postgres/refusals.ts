import type { ResourceChange } from "../../../core/model/change.ts";
import type { Desired } from "../../../core/model/desired.ts";
import type { Around, Refusal } from "../../../core/kind/refusal.ts";
import { wordOf } from "../mapping.ts";
import { legacyPostgresPlans } from "../plans.ts";
import { isNewSize } from "./rules.ts";

/** The plan of a block without a plan (documented). */
export const defaultPlan = "basic-256mb";

/** Refuses a new database for which Render is known to answer 400, before the run writes anything. */
export function refuseCreation(desired: Desired, around: Around): readonly Refusal[] {
  const { address, spec } = desired;
  const plan = wordOf(spec["plan"] ?? defaultPlan);
  const refusals: Refusal[] = [];
  if (legacyPostgresPlans.includes(plan)) {
    const message = `${address} asks for the plan ${plan}, which no new database can have.`;
    const remedy =
      "Choose a current plan, such as basic-256mb; an existing database keeps its plan and is managed as it is.";
    refusals.push({ code: "retired-plan", message, remedy });
  }
  if (spec["postgresMajorVersion"] === "10") {
    const message = `${address} asks for PostgreSQL 10, which no new database can have.`;
    refusals.push({ code: "retired-version", message, remedy: "Choose 11 or newer." });
  }
  refusals.push(...refuseSize(desired));
  const first = plan === "free" ? firstFree(desired, around) : undefined;
  if (first !== undefined) {
    const message = `${address} asks for the free plan, of which a workspace has one database: ${first}.`;
    refusals.push({ code: "free-plan", message, remedy: "Choose a paid plan for one of them." });
  }
  return refusals;
}

/** The name of another free database, live or earlier in the file: a workspace may have only one (Render refuses a second, as users report). */
function firstFree({ kind, address }: Desired, { declared, live }: Around): string | undefined {
  const free = [...declared.values()].filter(
    (one) => one.kind === kind && (one.spec["plan"] ?? live.get(one.address)?.found.spec["plan"]) === "free",
  );
  const own = free.findIndex((one) => one.address === address);
  return free.find((one, place) => place !== own && (place < own || live.has(one.address)))?.address;
}

/** Refuses to resize a database to what Render would answer 400 for. The size that it has is no change, whatever it is. */
export function refuseChange(desired: Desired, { fields }: ResourceChange): readonly Refusal[] {
  return fields.some(({ field }) => field === "diskSizeGB") ? refuseSize(desired) : [];
}

function refuseSize({ address, spec, places, where }: Desired): readonly Refusal[] {
  const size = spec["diskSizeGB"];
  if (typeof size !== "number" || isNewSize(size)) return [];
  const message = `${address} asks for a disk of ${size} GB, which no database can get: Render takes 1 or a multiple of 5.`;
  const remedy = `Write ${Math.ceil(size / 5) * 5}; a database that has ${size} keeps it.`;
  return [{ code: "disk-size", message, remedy, where: places.get("diskSizeGB") ?? where }];
}
