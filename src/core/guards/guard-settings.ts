import type { Address } from "../base/address.ts";
import {
  defaultSettings,
  type DesiredState,
  type Freeze,
  type GuardSettings,
  type Settings,
} from "../model/desired.ts";
import type { Inventory, Owned } from "../model/inventory.ts";
import { canonical } from "../base/json.ts";
import { problem, type Problem } from "../base/problem.ts";

/*
 * Guards cannot be loosened by the edit that they judge. What the file says of its guards is noted at the end of each
 * apply that reached it, also of one that had nothing to do. Until the next one the stricter of the two holds:
 *
 *   noted           the file says     what holds    noted at the end
 *   maxDeletes 5    99                5             99
 *   maxDeletes 2    nothing           2             2          nothing said is not "as usual"
 *   protect: true   protect: false    true          false
 *
 * So a guard is loosened by an apply that does not need it loose: first the looser value alone, then the deletion.
 */

/** A state that owns something was applied before, whether or not guards were noted then: the usual ones held. */
function wasApplied({ guards, resources }: Inventory): boolean {
  return guards !== undefined || Object.keys(resources).length > 0;
}

/** The settings, each guard as the stricter one of the file and the inventory has it. */
export function withStricterGuards(settings: Settings, inventory: Inventory): Settings {
  const { guards: said = {} } = settings;
  const { guards: noted = {} } = inventory;
  const isKnown = wasApplied(inventory);
  const stricter = (name: "maxDeletes" | "maxDeleteShare"): number => {
    const usual = defaultSettings[name];
    const before = noted[name] ?? (isKnown ? usual : Infinity);
    return Math.min(said[name] ?? noted[name] ?? usual, before);
  };
  const freeze = joinFreezes(said.freeze ?? [], noted.freeze ?? []);
  return {
    ...settings,
    maxDeletes: stricter("maxDeletes"),
    maxDeleteShare: stricter("maxDeleteShare"),
    ...(freeze.length > 0 && { freeze }),
  };
}

function joinFreezes(said: readonly Freeze[], noted: readonly Freeze[]): readonly Freeze[] {
  return [...new Map([...said, ...noted].map((one) => [canonical(one), one])).values()];
}

/** The inventory at the end of an apply: what the file says of guards is noted; what it does not speak of stays noted. */
export function noteGuards(
  inventory: Inventory,
  { settings, resources }: Pick<DesiredState, "settings" | "resources">,
): Inventory {
  const guards: GuardSettings = { ...inventory.guards, ...settings.guards };
  const freed = resources.filter(
    ({ address, lifecycle }) => lifecycle.protect === false && inventory.resources[address]?.protect === true,
  );
  const pairs = freed.map(({ address }) => [address, { ...inventory.resources[address]!, protect: false }]);
  const owned = { ...inventory.resources, ...(Object.fromEntries(pairs) as { [address: Address]: Owned }) };
  return {
    ...inventory,
    ...(Object.keys(guards).length > 0 && { guards }),
    ...(freed.length > 0 && { resources: owned }),
  };
}

/** Whether `noteGuards` has something to note. */
export function hasGuardsToNote(
  inventory: Inventory,
  state: Pick<DesiredState, "settings" | "resources">,
): boolean {
  const after = noteGuards(inventory, state);
  return (
    after.resources !== inventory.resources ||
    canonical({ ...after.guards }) !== canonical({ ...inventory.guards })
  );
}

/** A note that names the guards which the file loosens, and says that the stricter ones hold until the next apply. */
export function tellLoosened(
  { settings: { guards: said = {} }, resources }: Pick<DesiredState, "settings" | "resources">,
  inventory: Inventory,
): readonly Problem[] {
  if (!wasApplied(inventory)) return [];
  const { guards: noted = {} } = inventory;
  const numbers = (["maxDeletes", "maxDeleteShare"] as const).flatMap((name) => {
    const before = noted[name] ?? defaultSettings[name];
    const now = said[name] ?? before;
    return now > before ? [`${name} (${before} holds, ${now} from then on)`] : [];
  });
  const gone = (name: "freeze" | "secretKeys"): readonly string[] => {
    const now = new Set((said[name] ?? noted[name] ?? []).map((one) => canonical(one)));
    return (noted[name] ?? []).some((one) => !now.has(canonical(one))) ? [`settings.${name}`] : [];
  };
  const before = new Set(noted.publicKeys);
  const isMorePublic =
    inventory.guards !== undefined && (said.publicKeys ?? []).some((one) => !before.has(one));
  const freed = resources.filter(
    ({ address, lifecycle }) => lifecycle.protect === false && inventory.resources[address]?.protect === true,
  );
  const all = [
    ...numbers,
    ...gone("freeze"),
    ...gone("secretKeys"),
    ...(isMorePublic ? ["settings.publicKeys"] : []),
    ...freed.map(({ address }) => `protect of ${address}`),
  ];
  if (all.length === 0) return [];
  const message = `The file loosens ${all.join(", ")}: what the last apply noted holds until one has reached its end with it.`;
  const remedy =
    "Apply this first, without what it is to allow; from the next apply on the looser guard holds.";
  return [problem("note", "guard-kept", message, remedy)];
}
