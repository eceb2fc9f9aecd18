import type { ResourceChange } from "../model/change.ts";
import { fieldKey, type Desired } from "../model/desired.ts";
import type { Kind } from "../kind/kind.ts";
import type { WriteDraft } from "../model/write.ts";
import type { Live } from "../model/live.ts";
import type { Step, WriteStep } from "../model/plan.ts";

/** The steps of one change while the plan is being put together. */
export type Chain = { readonly change: ResourceChange; readonly steps: readonly Step[] };

export function deployStep(kind: Kind, desired: Desired, live: Live | undefined): readonly WriteStep[] {
  if (!kind.deploys || desired.lifecycle.deploy === "skip" || !kind.deploys.allowed(desired, live)) return [];
  return [writeStep({ address: desired.address, kind: desired.kind }, "deploy", kind.deploys.start(desired))];
}

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

export function inSequence(steps: readonly Step[]): readonly Step[] {
  return steps.map((step, index) => {
    const before = steps[index - 1];
    return before ? { ...step, needs: [...step.needs.filter((id) => id !== before.id), before.id] } : step;
  });
}
