import { dirname, join, resolve } from "node:path";
import { byText, nameOf, type Address } from "../../core/base/address.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import { fileIdOf, type FileId } from "../../core/model/file-identity.ts";
import type { FileRecord, FileRecords, Inventory, Owned } from "../../core/model/inventory.ts";
import { isDeclared, understand, type Around, type ReadDeps } from "./declaring-files.ts";
import { pathFrom, realFile } from "../base/file-path.ts";
import type { GivenFile } from "./identify-files.ts";

/**
 * Files that no run was given yet may declare what the given ones do not have any more. So the YAML files beside the given ones
 * and in their repositories are searched before something counts as dropped.
 */
type Search = Around & { readonly state: DesiredState };

/** What is read: a repository may hold thousands of YAML files that are no trueup files, and some that are huge. */
const mostRead = 500;
const longestCandidate = 1_000_000;

type Candidate = {
  readonly file: string;
  readonly id: FileId;
  readonly record: GivenFile["record"];
};

/** What is looked for, and in which of the files. */
type Wanted = {
  readonly address: Address;
  readonly owned: Owned | undefined;
  readonly isIn: (candidate: Candidate) => boolean;
};

/**
 * An inventory of before version 2 does not say which file declared what. Asked once in the life of a state.
 */
export async function findDeclaring(
  input: Search,
  deps: ReadDeps,
): Promise<{ readonly owners: ReadonlyMap<Address, FileId>; readonly files: FileRecords }> {
  const unknown = (Object.entries(input.inventory.resources) as [Address, Owned][]).filter(
    ([address, { file }]) => file === undefined && !input.declaring.has(address),
  );
  const wanted = unknown.map(([address, owned]) => ({ address, owned, isIn: () => true }));
  return noteFound(await search(wanted, input, deps));
}

/**
 * Blocks that moved into a new file in the same commits that took them out of a given one: that file is not known to the state,
 * and was not there at the commit last applied. One that was there and declares the same is another account's, as a
 * `staging.yaml` beside `prod.yaml`, and keeps nothing. `unclear`: that commit is not in this clone, so nobody can tell.
 */
export async function findNewlyDeclaring(
  input: Search & { readonly dropped: readonly Address[] },
  deps: ReadDeps,
): Promise<{
  readonly owners: ReadonlyMap<Address, FileId>;
  readonly unclear: ReadonlyMap<Address, FileId>;
  readonly files: FileRecords;
}> {
  const { inventory, given, dropped } = input;
  const trees = new Map<string, ReadonlySet<string> | undefined>();
  const wanted: Wanted[] = [];
  for (const address of dropped) {
    const record = recordOf(inventory, address);
    const checkout = given.find((one) => one.record.repository === record?.repository)?.checkout;
    if (!record?.repository || !record.commit || !checkout) continue;
    const { id } = record.commit;
    if (!trees.has(id)) trees.set(id, await checkout.listAt(id));
    const tree = trees.get(id);
    const isIn = (candidate: Candidate): boolean =>
      candidate.record.repository === record.repository &&
      inventory.files[candidate.id] === undefined &&
      !tree?.has(candidate.record.path);
    wanted.push({ address, owned: inventory.resources[address], isIn });
  }
  const found = await search(wanted, input, deps);
  const isClear = ([address]: readonly [Address, Candidate]): boolean =>
    trees.get(recordOf(inventory, address)?.commit?.id ?? "") !== undefined;
  const clear = new Map([...found].filter(isClear));
  const unclear = [...found]
    .filter((one) => !isClear(one))
    .map(([address, { id }]) => [address, id] as const);
  return { ...noteFound(clear), unclear: new Map(unclear) };
}

function recordOf(inventory: Inventory, address: Address): FileRecord | undefined {
  const file = (inventory.resources[address] ?? inventory.pending?.[address])?.file;
  return file === undefined ? undefined : inventory.files[file];
}

function noteFound(found: ReadonlyMap<Address, Candidate>) {
  const files = [...found.values()].map(({ id, record }) => [id, { ...record, with: [id] }] as const);
  const owners = [...found].map(([address, { id }]) => [address, id] as const);
  return { owners: new Map(owners), files: Object.fromEntries(files) as FileRecords };
}

/** Of each that is found, the first file in the order of paths that declares it. */
async function search(
  wanted: readonly Wanted[],
  input: Search,
  deps: ReadDeps,
): Promise<ReadonlyMap<Address, Candidate>> {
  const found = new Map<Address, Candidate>();
  if (wanted.length === 0) return found;
  let read = 0;
  for (const candidate of await findCandidates(input, deps)) {
    const asked = wanted.filter(({ address, isIn }) => !found.has(address) && isIn(candidate));
    // Only what is read counts: among thousands of old files the few new ones are all looked at.
    if (asked.length === 0 || read >= mostRead) continue;
    read += 1;
    const bytes = await deps.readFile(candidate.file);
    if (!bytes || bytes.length > longestCandidate) continue;
    const text = new TextDecoder().decode(bytes);
    if (!asked.some(({ address, owned }) => text.includes(lastPart(owned?.name ?? nameOf(address)))))
      continue;
    const declared = understand(text, candidate.file, deps);
    for (const { address, owned } of asked)
      if (declared && isDeclared(declared, address, owned)) found.set(address, candidate);
  }
  return found;
}

/** `shop/staging` stands in a file as two names; a domain as it is. */
function lastPart(name: string): string {
  return name.split("/").at(-1) ?? name;
}

async function findCandidates(
  { given, home, state }: Pick<Search, "given" | "home" | "state">,
  deps: ReadDeps,
): Promise<readonly Candidate[]> {
  const taken = new Set(
    await Promise.all(state.files.map((name) => realFile(resolve(deps.folder, name), deps.checkouts))),
  );
  const found = new Map<string, Candidate>();
  for (const { name, checkout, record } of given) {
    const folder = dirname(await realFile(resolve(deps.folder, name), deps.checkouts));
    const beside = (await deps.checkouts.list(folder)).filter((one) => /\.ya?ml$/u.test(one));
    const tracked = (await checkout?.listYaml()) ?? [];
    const all = [
      ...beside.map((one) => join(folder, one)),
      ...tracked.map((one) => join(checkout?.root ?? "", one)),
    ];
    for (const file of all) {
      if (taken.has(file) || found.has(file)) continue;
      const { repository } = record;
      const root = repository === undefined ? home : (checkout?.root ?? home);
      const path = pathFrom(root, file);
      const place = { ...(repository !== undefined && { repository }), path };
      const noted = { ...place, beside: pathFrom(home, file) };
      found.set(file, { file, id: fileIdOf(place), record: noted });
    }
  }
  return [...found.values()].sort((a, b) => byText(a.file, b.file));
}
