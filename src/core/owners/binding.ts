import type { Address, Provider } from "../base/address.ts";
import { foldEntry, type JournalEntry } from "../run/journal.ts";
import type { Binding, Inventory } from "../model/inventory.ts";

/** Binds an inventory to the accounts in which it owns something or has begun something; bindings to others stay as they were. */
export function bindOwned(
  inventory: Inventory,
  { workspace, workspaceName, rendercadUser, hosts = {} }: Binding,
): Inventory {
  const isUsed = (provider: Provider): boolean =>
    used(inventory).some((one) => one.startsWith(`${provider}/`));
  const known = { ...inventory.hosts };
  for (const provider of ["render", "rendercad"] as const) {
    const host = hosts[provider];
    if (host !== undefined && isUsed(provider)) known[provider] = host;
  }
  return {
    ...inventory,
    ...(workspace !== undefined && isUsed("render") && { workspace }),
    ...(workspaceName !== undefined && isUsed("render") && { workspaceName }),
    ...(rendercadUser !== undefined && isUsed("rendercad") && { rendercadUser }),
    ...(Object.keys(known).length > 0 && { hosts: known }),
  };
}

function used({ resources, pending = {} }: Inventory): readonly Address[] {
  return [...Object.keys(resources), ...Object.keys(pending)] as Address[];
}

/** The inventory with all that the journal of a killed run adds to it, the accounts that it worked with included. */
export function foldJournal(inventory: Inventory, journal: readonly JournalEntry[]): Inventory {
  const folded = journal.reduce(foldEntry, inventory);
  const bindings = journal.flatMap((entry) => (entry.entry === "run-began" ? (entry.accounts ?? []) : []));
  return bindings.reduce(bindOwned, folded);
}
