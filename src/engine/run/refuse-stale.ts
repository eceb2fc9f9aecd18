import type { Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Reader } from "../../core/kind/reader.ts";
import type { Found, LiveSpec } from "../../core/model/live.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { preconditionOf } from "../../core/steps/precondition.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import { stepFailed } from "../memory/step-failed.ts";
import { withEnvironment } from "../read/read-live.ts";

/** What was read within this time is still what the plan was made from; older is read again before it is overwritten. */
const freshFor: Millis = 60_000;

export type StaleCheck = {
  readonly step: WriteStep;
  readonly kind: Kind;
  readonly found: Found;
  readonly reader: Reader;
  readonly scope: Scope;
  readonly key: DigestKey;
  /** Everything that was read, for what is declared by address and read by id. */
  readonly live: ReadonlyMap<Address, Found>;
  /** How long ago the plan read the object. */
  readonly age: Millis;
};

/** Stops a step whose object was changed by somebody else after the plan was made, so that nobody's work is overwritten unseen. */
export async function refuseStale(check: StaleCheck): Promise<void> {
  const { step, kind, found, reader, scope, key } = check;
  if (step.precondition === undefined || check.age <= freshFor) return;
  const current = await kind.findById(reader, found.id);
  if (!current)
    throw stepFailed(
      step.address,
      "stale",
      `${step.address} was deleted after the plan was made.`,
      "Plan again.",
    );
  const facets = new Set(step.fields.map((field) => kind.fields[field.split(".")[0]!]?.facet ?? ""));
  const addresses = new Map([...check.live].map(([address, one]) => [one.id, address]));
  const addressOf = (id: string): Address | undefined => addresses.get(id);
  let spec: LiveSpec = withEnvironment(kind, current, addressOf).spec;
  for (const facet of facets)
    spec = { ...spec, ...(await kind.facets[facet]?.(reader, current, scope, addressOf)) };
  if (preconditionOf(key, step.address, step.fields, spec) === step.precondition) return;
  const fields = step.fields.join(", ");
  throw stepFailed(
    step.address,
    "stale",
    `Somebody changed ${fields} of ${step.address} after the plan was made.`,
    "Look at a new plan, which shows their change, and apply that one.",
  );
}
