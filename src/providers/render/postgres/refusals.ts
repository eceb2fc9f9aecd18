import type { Desired } from "../../../core/model/desired.ts";
import type { Around, Refusal } from "../../../core/kind/refusal.ts";
import { wordOf } from "../mapping.ts";
import { legacyPostgresPlans } from "../plans.ts";

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
