import type { Address } from "./address.ts";
import type { Millis } from "./budget.ts";
import type { ResourceChange } from "./change.ts";
import { writeStep } from "./draft-steps.ts";
import type { Kind, Kinds, Reader, WriteDraft } from "./kind.ts";
import type { Step, WaitStep } from "./plan.ts";
import type { Secret } from "./secret.ts";

/** Until what an object holds lies in a file of the user's: only now may it go. */
export const exported = "exported";

/** `url`: absent until it can be fetched. Whoever has it has the data. */
export type DataExport = { readonly id: string; readonly url?: Secret };

/** How a copy of what an object holds is made and found. */
export type DataExports = {
  /** The call that begins one. */
  begin(address: Address): WriteDraft;
  /** All of an object, also those that are not ready; throws when it is gone. */
  list(reader: Reader, id: string): Promise<readonly DataExport[]>;
  /** How long one usually takes; for the schedule. */
  readonly typical: Millis;
  /** How long is waited for one at most. */
  readonly timeout: Millis;
};

/**
 * What is replaced and can be exported is copied into a folder first. Not what is only deleted: that was asked for, data and
 * all, while a replacement is what somebody gets who wanted another region. `folder: null`: nothing is copied.
 */
export function exportFirst(
  changes: readonly ResourceChange[],
  kinds: Kinds,
  folder: string | null,
): readonly ResourceChange[] {
  if (folder === null) return changes;
  return changes.map((change) =>
    change.action === "replace" && kinds.get(change.kind)?.dataExports
      ? { ...change, exportedTo: folder }
      : change,
  );
}

/** What comes before the deletion of what is replaced. */
export function exportSteps(change: ResourceChange, { dataExports }: Kind): readonly Step[] {
  if (change.exportedTo === undefined || !dataExports) return [];
  const { address, kind } = change;
  const wait: WaitStep = {
    step: "wait",
    id: `wait ${address} ${exported}`,
    address,
    kind,
    until: exported,
    timeout: dataExports.timeout,
    needs: [],
  };
  return [writeStep(change, "export", dataExports.begin(address)), wait];
}
