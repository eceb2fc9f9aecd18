import { kindOf, type Address } from "../../core/base/address.ts";
import { sourcesAfter } from "../../core/compare/sources.ts";
import { listHandGiven } from "../../core/diff/goes-for-good.ts";
import type { Owned } from "../../core/model/inventory.ts";
import { mergeFields } from "../../core/run/journal.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { digestFields, type Digesting } from "./digest-fields.ts";

/** What an entry of the inventory is made from. */
export type EntryParts = Digesting & Pick<RunMemory, "input" | "reach" | "replacements">;

/** Field keys (`plan`, `envVars.KEY`) that a step is about. */
type EntryFields = {
  readonly keys: readonly string[];
  readonly removed?: readonly string[];
  readonly sourced?: readonly string[] | undefined;
};

/**
 * The entry of the inventory after a step that set the fields `keys` and removed the fields `removed`: what it was before, with
 * the digests of what was sent and with what the file says of it now. `sourced`: fields of which only the source is noted.
 * Throws `value-not-there` while the object has no id.
 */
export async function makeEntry(
  memory: EntryParts,
  address: Address,
  { keys, removed = [], sourced = [] }: EntryFields,
): Promise<Owned> {
  const { input, reach, resources } = memory;
  const digests = await digestFields(memory, address, keys);
  const before = resources.owned(address);
  const desired = input.desired.get(address);
  const table = reach.kind(address).fields;
  const handGiven = desired ? listHandGiven(desired, table) : (before?.handGiven ?? []);
  const file = resources.fileOf(address);
  const id = resources.idOf(address);
  return {
    kind: kindOf(address),
    id,
    name: desired?.name ?? before?.name ?? "",
    fields: mergeFields(before, digests, removed),
    ...sourcesAfter(before, { desired, table }, [...Object.keys(digests), ...removed, ...sourced]),
    needs: desired?.needs ?? before?.needs ?? [],
    // A protection ends with the end of an apply, never in the middle of one.
    protect: desired?.lifecycle.protect === true || before?.protect === true,
    ...(handGiven.length > 0 && { handGiven }),
    ...(file !== undefined && { file }),
    ...(before?.settled && before.id === id && { settled: before.settled }),
    ...shownOnceOf(memory, address, id),
  };
}

/** The digests and sealed copies of values that the API shows once. They belong to one object, so they stay only with its id. */
function shownOnceOf(
  { resources, replacements }: Pick<EntryParts, "resources" | "replacements">,
  address: Address,
  id: string,
): Pick<Owned, "revealed" | "sealed"> {
  const records = [resources.owned(address), replacements.newObject(address)];
  const record = records.find((one) => one?.id === id);
  return {
    ...(record?.revealed && { revealed: record.revealed }),
    ...(record?.sealed && { sealed: record.sealed }),
  };
}
