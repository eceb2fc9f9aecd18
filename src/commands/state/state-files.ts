import type { Address } from "../../core/base/address.ts";
import type { FileId } from "../../core/model/file-identity.ts";
import { withFiles, type FileRecords, type Inventory, type Owned } from "../../core/model/inventory.ts";
import type { Deps } from "../base/deps.ts";
import { identifyFiles, recognise } from "../files/identify-files.ts";
import { declaringFiles } from "../files/judge-files.ts";
import type { FileInput, Opened } from "../files/load.ts";

/** The given files as a change of the state by hand needs them: what is bound or moved belongs to the one that declares it. */
export type StateFiles = {
  readonly declaring: ReadonlyMap<Address, FileId>;
  /** Of the first given file. */
  readonly first: FileId | undefined;
  readonly records: FileRecords;
};

/** Nothing is applied, so no commit is noted. */
export async function filesOfState(
  { state }: Pick<Opened, "state">,
  input: FileInput,
  inventory: Inventory,
  deps: Deps,
): Promise<StateFiles> {
  const known = new Set(Object.keys(inventory.files));
  const identified = await identifyFiles({ ...input, state, known }, deps);
  const given = recognise(identified, inventory.files);
  const ids = given.map(({ id }) => id);
  const records = given.map(
    ({ id, record }) => [id, inventory.files[id] ?? { ...record, with: ids }] as const,
  );
  return { declaring: declaringFiles(state, given), first: ids[0], records: Object.fromEntries(records) };
}

/** Each of the addresses belongs to the given file, and the inventory knows that file. */
export function giveTo(
  inventory: Inventory,
  entries: readonly (readonly [Address, FileId | undefined])[],
  { records }: Pick<StateFiles, "records">,
): Inventory {
  const given = entries.flatMap(([address, file]): readonly (readonly [Address, Owned])[] => {
    const owned = inventory.resources[address];
    return owned && file !== undefined ? [[address, { ...owned, file }]] : [];
  });
  const files = Object.fromEntries(
    given.flatMap(([, { file }]) =>
      file !== undefined && records[file] ? [[file, records[file]] as const] : [],
    ),
  );
  return withFiles(
    { ...inventory, resources: { ...inventory.resources, ...Object.fromEntries(given) } },
    files,
  );
}
