import { stepFailed } from "../memory/perform-input.ts";
import type { Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Reader } from "../../core/kind/reader.ts";
import type { Found, LiveSpec } from "../../core/model/live.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { preconditionOf } from "../../core/steps/precondition.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import { withEnvironment } from "../read/read-live.ts";

/** An object that the plan read within this time counts as unchanged; an older one is read again before it is overwritten. */
const freshFor: Millis = 60_000;

/** What has to be known to tell whether an object was changed since the plan was made. */
export type StaleCheck = {
  readonly step: WriteStep;
  readonly kind: Kind;
  readonly found: Found;
  readonly reader: Reader;
  readonly scope: Scope;
  readonly key: DigestKey;
  /** All live objects, to turn ids in answers into addresses. */
  readonly live: ReadonlyMap<Address, Found>;
  /** How long ago the plan read the object, in milliseconds. */
  readonly age: Millis;
};

/** Throws `stale` when another person or program changed the fields of a step after the plan was made, so that their work is not overwritten unseen. */
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
