import { kindOf, type Address } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { FileId } from "../../core/model/file-identity.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Inventory, Owned } from "../../core/model/inventory.ts";
import { readDesired } from "../../file/blocks/desired.ts";
import { fileKinds } from "../../providers/file-kinds.ts";
import type { Deps } from "../base/deps.ts";
import type { GivenFile } from "./identify-files.ts";
import { readOther, type Looked } from "./look-at-files.ts";
import { kinds } from "../../providers/kinds.ts";

/** What a file that the run was not given declares, by address and by name; `undefined`: it cannot be understood alone. */
type Declared = {
  readonly addresses: ReadonlySet<Address>;
  readonly named: ReadonlyMap<string, readonly Desired[]>;
};

/**
 * The files of a run beside what the state knows: what each question about other files begins with. `home`: where paths of
 * files outside of any repository start.
 */
export type Around = {
  readonly given: readonly GivenFile[];
  readonly home: string;
  readonly inventory: Inventory;
  /** What the given files declare. */
  readonly declaring: ReadonlyMap<Address, FileId>;
};

/** What reading another file than the given ones takes. */
export type ReadDeps = Pick<Deps, "checkouts" | "readFile" | "world" | "folder">;

/** What files that were not given say of the resources of this run. */
export type Others = {
  /** Whether a file that was not given still declares an entry. One that cannot be read counts as if it did, so that nothing is deleted. */
  readonly declares: (file: FileId, address: Address) => boolean;
  /** What the given files would drop, and another file of this state declares by now: a block that moved there. */
  readonly takers: ReadonlyMap<Address, FileId>;
};

/** Files are read only where the run takes something over from them, or would drop something that they may have by now. */
export async function readOthers(
  input: Around & { readonly stored: Inventory; readonly looks: ReadonlyMap<FileId, Looked> },
  deps: ReadDeps,
): Promise<Others> {
  const { inventory, declaring, looks } = input;
  const dropped = droppedOf(input);
  const ownerOf = (address: Address): FileId | undefined =>
    (inventory.resources[address] ?? inventory.pending?.[address])?.file;
  const contested = new Set([...declaring.keys()].flatMap((address) => ownerOf(address) ?? []));
  const files = [...looks].flatMap(([file, { look }]) =>
    look === "exists" && (dropped.length > 0 || contested.has(file)) ? [file] : [],
  );
  const read = new Map(
    await Promise.all(
      files.map(async (file) => {
        const record = inventory.files[file];
        const text = record && (await readOther(record, { ...input, files: inventory.files }, deps));
        return [file, text === undefined ? nothing : understand(text, record?.path ?? file, deps)] as const;
      }),
    ),
  );
  const formers = files.length === 0 ? new Map<string, Address>() : addressesById(input.stored);
  const hasIt = (declared: Declared, address: Address): boolean => {
    const owned = inventory.resources[address];
    const former = owned && formers.get(`${owned.kind} ${owned.id}`);
    return [address, former].some((one) => one !== undefined && isDeclared(declared, one, owned));
  };
  const takers = dropped.flatMap((address): readonly (readonly [Address, FileId])[] => {
    const [taker] = [...read].find(([, declared]) => declared && hasIt(declared, address)) ?? [];
    return taker === undefined ? [] : [[address, taker]];
  });
  const declares: Others["declares"] = (file, address) => {
    const declared = read.get(file);
    return !declared || hasIt(declared, address);
  };
  return { declares, takers: new Map(takers) };
}

/** Addresses that would be deleted: no given file declares them, and a given file, or one that is gone, declared them last. */
export function droppedOf({
  inventory,
  declaring,
  given,
  looks,
}: Pick<Around, "inventory" | "declaring" | "given"> & {
  readonly looks: ReadonlyMap<FileId, Looked>;
}): readonly Address[] {
  const ids = new Set(given.map(({ id }) => id));
  const entries = Object.entries({ ...inventory.pending, ...inventory.resources }) as [
    Address,
    { readonly file?: FileId },
  ][];
  return entries.flatMap(([address, { file }]) =>
    !declaring.has(address) && file !== undefined && (ids.has(file) || looks.get(file)?.look === "gone")
      ? [address]
      : [],
  );
}

function addressesById({ resources }: Inventory): ReadonlyMap<string, Address> {
  const entries = Object.entries(resources) as [Address, Owned][];
  return new Map(entries.map(([address, { kind, id }]) => [`${kind} ${id}`, address]));
}

const nothing: Declared = { addresses: new Set(), named: new Map() };

/** Whether a file declares an entry: by its address, or by its name, since the address has an environment only beside another of that name. */
export function isDeclared(
  { addresses, named }: Declared,
  address: Address,
  owned: Owned | undefined,
): boolean {
  if (addresses.has(address)) return true;
  if (!owned) return false;
  const alike = named.get(`${owned.kind} ${owned.name}`) ?? [];
  const isEnvironment = (one: Address): boolean => kinds.get(kindOf(one))?.encloses === true;
  const known = owned.needs.some(isEnvironment);
  return alike.some(({ environment }) => !known || !environment || owned.needs.includes(environment));
}

/** What the text of another file declares; `undefined` when it is no file of trueup, or has errors. */
export function understand(text: string, name: string, { world }: Pick<Deps, "world">): Declared | undefined {
  const today = new Date(world.now()).toISOString().slice(0, 10);
  const { state } = readDesired([{ name, text }], { kinds: fileKinds, today });
  if (!state) return undefined;
  return {
    addresses: new Set(state.resources.map(({ address }) => address)),
    named: groupBy(state.resources, ({ kind, name: own }) => `${kind} ${own}`),
  };
}
