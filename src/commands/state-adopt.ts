import type { Address } from "../core/address.ts";
import type { Desired } from "../core/desired.ts";
import { emptyInventory, withOwned, type Inventory, type Owned } from "../core/inventory.ts";
import { isObject } from "../core/json.ts";
import type { Kind } from "../core/kind.ts";
import type { Found } from "../core/live.ts";
import { kinds } from "../providers/kinds.ts";
import { connect, findWorkspace, type Connection, type Workspace } from "./connect.ts";
import type { Deps } from "./deps.ts";
import { openState, type FileInput, type Opened } from "./load.ts";
import { refuseWrongWorkspace } from "./read-accounts.ts";
import { changeState, refuse } from "./state.ts";

/** A file, its state and the account, before anything is bound. */
export type Binding = Opened & { readonly connection: Connection; readonly workspace: Workspace };

/** `state adopt ADDRESS ID`: from now on the declared resource is this live object, whatever its name. */
export async function adoptById(address: Address, id: string, input: FileInput, deps: Deps): Promise<Owned> {
  const binding = await openBinding(input, deps);
  const desired = binding.state.resources.find((one) => one.address === address);
  if (!desired) {
    const remedy = "Declare it first: what is owned and not declared, the next apply deletes.";
    throw refuse("adopt-undeclared", `No file declares ${address}.`, remedy, { address });
  }
  const kind = kinds.get(desired.kind)!;
  const found = await findLive(kind, desired, id, binding);
  if (!found || !isOfWorkspace(found, binding.workspace)) {
    const message = `The workspace ${binding.workspace.id} has no ${kind.noun} with the id ${id}.`;
    throw refuse("adopt-not-found", message, "The id stands in the address bar of Render's dashboard.", {
      address,
    });
  }
  const owned = ownedOf(desired, kind, found);
  await changeState(binding, deps, (inventory) => bind(inventory, binding.workspace, [[address, owned]]));
  return owned;
}

/** What stands inside another object has that one's id in front of its own: domains. */
export function isId(id: string, given: string): boolean {
  return id === given || id.endsWith(`/${given}`);
}

/** An id as people see it, or as the inventory has it. */
async function findLive(
  kind: Kind,
  desired: Desired,
  id: string,
  { connection, workspace }: Binding,
): Promise<Found | undefined> {
  const direct = await kind.findById(connection.reader, id);
  if (direct) return direct;
  const wanted = { resources: [desired], inventory: emptyInventory("") };
  const listing = await kind.list(connection.reader, { ownerId: workspace.id }, wanted);
  return listing.find((one) => isId(one.id, id));
}

export async function openBinding(input: FileInput, deps: Deps): Promise<Binding> {
  const opened = await openState(input, deps);
  const connection = await connect(deps, opened.state, { onWait: () => undefined });
  const workspace = await findWorkspace(deps, opened.state, connection.reader);
  return { ...opened, connection, workspace };
}

/** No digest is remembered: the next plan compares the file with what is live, and blames nobody for a difference. */
export function ownedOf(desired: Desired, kind: Kind, found: Found): Owned {
  return {
    kind: kind.name,
    id: found.id,
    name: found.name,
    fields: {},
    needs: desired.needs,
    protect: desired.lifecycle.protect,
  };
}

/** An object has one address: one that is bound already has to be forgotten or moved first. */
export function bind(
  inventory: Inventory,
  workspace: Workspace,
  owned: readonly (readonly [Address, Owned])[],
): Inventory {
  refuseWrongWorkspace(inventory, workspace);
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
  return fresh.reduce<Inventory>((all, [address, one]) => withOwned(all, address, one), {
    ...inventory,
    workspace: workspace.id,
  });
}

/** A key may reach objects of other workspaces by id; those that say whose they are have to be ours. */
function isOfWorkspace({ raw }: Found, workspace: Workspace): boolean {
  const owner = isObject(raw["owner"]) ? raw["owner"]["id"] : raw["ownerId"];
  return typeof owner !== "string" || owner === workspace.id;
}
