import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import { removalOf, type ConsentFacts } from "../consent/consent.ts";
import { writeStep, waitForExport } from "./draft-steps.ts";
import type { Kind, Kinds } from "../kind/kind.ts";
import type { Live } from "../model/live.ts";
import type { ExportWait, WriteStep } from "../model/plan.ts";

/**
 * Marks the changes whose data is copied into a folder before it ends: all that lose data and can be exported, unless the
 * file agreed to the loss without a copy. `exportTo` is that folder; `null`: nothing is copied. `losesData` has to be set by
 * then (end-of-data.ts).
 */
export function exportFirst(
  changes: readonly ResourceChange[],
  facts: Pick<ConsentFacts, "removed" | "today"> & {
    readonly kinds: Kinds;
    readonly live: ReadonlyMap<Address, Live>;
    readonly exportTo: string | null;
  },
): readonly ResourceChange[] {
  const { kinds, live, exportTo } = facts;
  if (exportTo === null) return changes;
  return changes.map((change) => {
    const exports = change.losesData ? kinds.get(change.kind)?.dataExports : undefined;
    const found = live.get(change.address)?.found;
    const isPossible =
      exports !== undefined && found !== undefined && exports.hindrance(found, facts.today) === undefined;
    const isWanted = removalOf(facts, change.address)?.data !== "lost";
    return isPossible && isWanted ? { ...change, exportedTo: exportTo } : change;
  });
}

/** The steps before the deletion of what is exported: the export, and the wait until it lies in the folder. */
export function exportSteps(
  change: ResourceChange,
  { dataExports }: Kind,
): readonly (WriteStep | ExportWait)[] {
  if (change.exportedTo === undefined || !dataExports) return [];
  return [
    writeStep(change, "export", dataExports.begin(change.address)),
    waitForExport(change, dataExports.timeout),
  ];
}
