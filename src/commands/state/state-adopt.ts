import type { Address, Provider } from "../../core/base/address.ts";
import { findOtherShape, refuseForeignShape } from "../../core/diff/another-shape.ts";
import { bindOwned } from "../../core/owners/binding.ts";
import type { Desired } from "../../core/model/desired.ts";
import { emptyInventory, withOwned, type Inventory, type Owned } from "../../core/model/inventory.ts";
import { isObject } from "../../core/base/json.ts";
import { type Kind, findKind } from "../../core/kind/kind.ts";
import type { Found } from "../../core/model/live.ts";
import { withDone } from "../../core/run/pending.ts";
import { ProblemError } from "../../core/base/problem.ts";
import { kinds } from "../../providers/kinds.ts";
import { connect, providersOf, type Connection } from "../accounts/connect.ts";
import type { Deps } from "../base/deps.ts";
import { findAccounts, refuseOtherAccounts, bindingOf, type Accounts } from "../accounts/find-accounts.ts";
import { findOwner, ownedElsewhere } from "../planning/guard-partitions.ts";
import { openState, type FileInput, type Opened } from "../files/load.ts";
import { filesOfState, giveTo } from "./state-files.ts";
import { findStands } from "../accounts/stand.ts";
import { changeState, ownedAt, refuse, rememberInventory } from "./state.ts";

/** A file, its state and the accounts, before anything is bound. */
export type Binding = Opened & { readonly connection: Connection; readonly accounts: Accounts };

/** `state adopt ADDRESS ID`: from now on the declared resource is this live object, whatever its name. */
export async function adoptById(address: Address, id: string, input: FileInput, deps: Deps): Promise<Owned> {
  const opened = await openState(input, deps);
  const desired = opened.state.resources.find((one) => one.address === address);
  if (!desired) {
    const remedy = "Declare it first: what is owned and not declared, the next apply deletes.";
    throw refuse("adopt-undeclared", `No file declares ${address}.`, remedy, { address });
  }
  const kind = findKind(kinds, desired.kind);
  const binding = await openBinding(opened, kind.provider, deps);
  const { accounts } = binding;
  const found = await findLive(kind, desired, id, binding);
  if (!found || !isOfWorkspace(found, accounts)) throw adoptNotFound(address, kind, id, accounts);
  const other = findOtherShape(kind, desired, found);
  if (other) {
    const { message, remedy } = refuseForeignShape(desired, kind, found, other);
    throw refuse("other-type", message, remedy, { address });
  }
  const owned = ownedOf(desired, kind, found);
  await refuseOwnedElsewhere(binding, [[address, owned]]);
  const files = await filesOfState(opened, input, await rememberInventory(opened.store, ""), deps);
  const file = files.declaring.get(address);
  const { after } = await changeState(binding, deps, (inventory) =>
    giveTo(bind(inventory, accounts, [[address, owned]]), [[address, file]], files),
  );
  return ownedAt(after, address);
}

/** Whether a typed id means an object. The id of a domain begins with that of its service, which need not be typed. */
export function isId(id: string, given: string): boolean {
  return id === given || id.endsWith(`/${given}`);
}

/** An id as people see it, or as the inventory has it. */
async function findLive(
  kind: Kind,
  desired: Desired,
  id: string,
  { connection, accounts, state, store }: Binding,
): Promise<Found | undefined> {
  const reader = connection.readers[kind.provider];
  const direct = await kind.findById(reader, id);
  if (direct) return direct;
  // What it stands in may have another name in the account.
  const host = kind.partOf?.(desired);
  const { [host ?? desired.address]: owned } = (await store.inventory())?.resources ?? {};
  const inventory = {
    ...emptyInventory(""),
    resources: host === undefined || owned === undefined ? {} : { [host]: owned },
  };
  const resources = state.resources.filter((one) => one === desired || one.address === host);
  const wanted = { resources, inventory };
  const listing = await kind.list(reader, { ownerId: accounts.workspace?.id ?? "" }, wanted);
  return listing.find((one) => isId(one.id, id));
}

/** Connects to one account, to bind addresses of the file to objects of it. Reads only. */
export async function openBinding(opened: Opened, provider: Provider, deps: Deps): Promise<Binding> {
  // The state was opened as that of what the file declares.
  await findStands(deps, new Set([provider, ...providersOf(opened.state, emptyInventory(""))]));
  const connection = await connect(deps, opened.state, { onWait: () => undefined }, new Set([provider]));
  const accounts = await findAccounts(deps, opened.state, connection, connection.readers);
  return { ...opened, connection, accounts };
}

/** An entry without digests: the next plan compares the file with what is live, and calls no difference a change from outside. */
export function ownedOf(desired: Desired, kind: Kind, found: Found): Owned {
  return {
    kind: kind.name,
    id: found.id,
    name: found.name,
    fields: {},
    needs: desired.needs,
    protect: desired.lifecycle.protect ?? false,
  };
}

/** Throws `owned-elsewhere` when the state of another label owns one of these objects. */
export async function refuseOwnedElsewhere(
  { store }: Pick<Opened, "store">,
  owned: readonly (readonly [Address, Owned])[],
): Promise<void> {
  const elsewhere = await store.ownedElsewhere();
  const refusals = owned.flatMap(([address, { kind, id }]) => {
    const owner = findOwner(elsewhere, kind, id);
    return owner ? [ownedElsewhere(address, owner)] : [];
  });
  if (refusals.length > 0) throw new ProblemError(refusals);
}

/** An object has one address: one that is bound already has to be forgotten or moved first. */
export function bind(
  inventory: Inventory,
  accounts: Accounts,
  owned: readonly (readonly [Address, Owned])[],
): Inventory {
  refuseOtherAccounts(inventory, accounts);
  const holders = new Map(
    (Object.entries(inventory.resources) as [Address, Owned][]).map(([address, one]) => [
      `${one.kind} ${one.id}`,
      address,
    ]),
  );
  for (const [address, one] of owned) {
    const holder = holders.get(`${one.kind} ${one.id}`);
    if (holder !== undefined && holder !== address) {
      throw refuse(
        "id-taken",
        `${one.id} is owned already, as ${holder}.`,
        `Move it instead: trueup state move ${holder} ${address}`,
        { address },
      );
    }
    const before = inventory.resources[address];
    if (before && before.id !== one.id) {
      throw refuse(
        "address-taken",
        `${address} is owned already: ${before.id}.`,
        `Forget it first: trueup state forget ${address}`,
        { address },
      );
    }
  }
  const fresh = owned.filter(([address]) => !inventory.resources[address]);
  // A person who binds the address to an id has decided what became of a creation whose answer was lost.
  const bound = fresh.reduce<Inventory>(
    (all, [address, one]) => withDone(withOwned(all, address, one), "record", address),
    inventory,
  );
  return bindOwned(bound, bindingOf(accounts));
}

/** A key may reach objects of other workspaces by id; those that say whose they are have to be ours. */
function isOfWorkspace({ raw }: Found, { workspace }: Accounts): boolean {
  const owner = isObject(raw["owner"]) ? raw["owner"]["id"] : raw["ownerId"];
  return typeof owner !== "string" || !workspace || owner === workspace.id;
}

function adoptNotFound(
  address: Address,
  kind: Kind,
  id: string,
  { workspace, rendercadUser }: Accounts,
): ProblemError {
  const place = workspace ? `workspace ${workspace.id}` : `account of RENDERCAD user ${rendercadUser ?? ""}`;
  const message = `The ${place} has no ${kind.noun} with the id ${id}.`;
  const remedy = workspace
    ? "The id stands in the address bar of Render's dashboard."
    : "Ids are the numbers that RENDERCAD lists its tokens and webhooks with.";
  return refuse("adopt-not-found", message, remedy, { address });
}
