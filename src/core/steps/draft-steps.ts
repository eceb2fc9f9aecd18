import type { ResourceChange, FieldChange } from "../model/change.ts";
import { fieldKey, type Desired } from "../model/desired.ts";
import type { Kind } from "../kind/kind.ts";
import type { WriteDraft } from "../model/write.ts";
import type { Live } from "../model/live.ts";
import type { Millis } from "../model/budget.ts";
import type { DeliveryWait, ExportWait, ReadyWait, Step, StepId, WriteStep } from "../model/plan.ts";
import type { Readiness } from "../kind/readiness.ts";
import { byText } from "../base/address.ts";
import type { FieldTable } from "../model/field.ts";

const minute = 60_000;

/** The steps of one change while the plan is being put together. */
export type Chain = { readonly change: ResourceChange; readonly steps: readonly Step[] };

/** The step that deploys a service; none where its kind has no deploys, `lifecycle.deploy` is `skip`, or it would fail. */
export function deployStep(kind: Kind, desired: Desired, live: Live | undefined): readonly WriteStep[] {
  if (!kind.deploys || desired.lifecycle.deploy === "skip" || !kind.deploys.allowed(desired, live)) return [];
  return [writeStep({ address: desired.address, kind: desired.kind }, "deploy", kind.deploys.start(desired))];
}

/**
 * A draft as a step, with its id and no needs yet. The part is in the id where it is not the object itself:
 * `update render/service/api envVars.PORT`.
 */
export function writeStep(
  change: Pick<ResourceChange, "address" | "kind"> & { readonly fields?: ResourceChange["fields"] },
  verb: WriteStep["verb"],
  draft: WriteDraft,
): WriteStep {
  const gone = new Set(
    (change.fields ?? []).filter((field) => field.removed).map((field) => fieldKey(field.field, field.entry)),
  );
  return {
    step: "write",
    id:
      draft.part === "resource" || draft.part === verb
        ? `${verb} ${change.address}`
        : `${verb} ${change.address} ${draft.part}`,
    address: change.address,
    kind: change.kind,
    verb,
    needs: [],
    write: draft.write,
    fields: draft.fields,
    removed: draft.fields.filter((field) => gone.has(field)),
    optional: false,
    ...(draft.mayFail && { mayFail: draft.mayFail }),
  };
}

/** Steps of which each needs the one before it. */
export function inSequence(steps: readonly Step[]): readonly Step[] {
  return steps.map((step, index) => {
    const before = steps[index - 1];
    return before ? { ...step, needs: [...step.needs.filter((id) => id !== before.id), before.id] } : step;
  });
}

type Subject = Pick<ResourceChange, "address" | "kind">;

/** `wait render/postgres/shop-db available`: until the object, its deploy or the job before it is as `readiness` says. */
export function waitUntilReady(
  subject: Subject,
  goal: ReadyWait["for"],
  { until, timeout }: Readiness,
  needs: readonly StepId[] = [],
): ReadyWait {
  return { ...waitOf(subject, until, timeout), for: goal, needs };
}

/** `wait rendercad/token/ci proven`: until a value that was shown once has arrived, or has been tried as well. */
export function waitForDelivery(subject: Subject, goal: DeliveryWait["for"]): DeliveryWait {
  return { ...waitOf(subject, goal, minute), for: goal };
}

/** `wait render/postgres/shop-db exported`: until its export lies in a file of the user's. */
export function waitForExport(subject: Subject, timeout: Millis): ExportWait {
  return { ...waitOf(subject, "exported", timeout), for: "exported" };
}

/** A look whether a value has arrived: it is of use also where no step waits for it. */
export function isDeliveryWait(step: Step): step is DeliveryWait {
  if (step.step !== "wait") return false;
  switch (step.for) {
    case "delivered":
    case "proven":
      return true;
    case "ready":
    case "live":
    case "job":
    case "exported":
      return false;
    default:
      return step satisfies never;
  }
}

function waitOf({ address, kind }: Subject, until: string, timeout: Millis) {
  return { step: "wait", id: `wait ${address} ${until}`, address, kind, until, timeout, needs: [] } as const;
}

/**
 * Separates the entries whose value a person has to give and that live lacks: `sync: false` variables and files, and what is
 * taken from one. Each of them is a call of its own, after all the others, whether or not its value is given by now:
 *
 * - an apply with a value does the work that was looked at without it (the plan hash is the same);
 * - twenty of them without a value are twenty steps with nothing to write, never one call that writes the whole list.
 *
 * Example: changed `LEVEL`, pending `KEY_A` and `KEY_B`: `together` is [LEVEL], `alone` is [KEY_A, KEY_B].
 */
export function takeApartAsked(
  { fields, optional }: Pick<ResourceChange, "fields" | "optional">,
  table: FieldTable,
): { readonly together: readonly FieldChange[]; readonly alone: readonly FieldChange[] } {
  const isEntry = ({ field }: FieldChange): boolean => table[field]?.entries !== undefined;
  const isAlone = (change: FieldChange): boolean => change.asked === true && isEntry(change);
  const alone = [...fields.filter(isAlone), ...optional.filter(isEntry)];
  return {
    together: [...fields.filter((one) => !isAlone(one)), ...optional.filter((one) => !isEntry(one))],
    alone: alone.sort((a, b) => byText(keyOf(a), keyOf(b))),
  };
}

function keyOf({ field, entry }: FieldChange): string {
  return fieldKey(field, entry);
}
