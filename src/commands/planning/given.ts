import { type Address, kindOf } from "../../core/base/address.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import { addressesOf, expandGiven, type KnownAddresses } from "../../core/planning/given-addresses.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { Overrides } from "../../core/consent/overrides.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import type { Selection } from "../../core/planning/selection.ts";
import { kinds } from "../../providers/kinds.ts";
import type { Store } from "../../store/base/store.ts";
import { describeFolder } from "./keep-exports.ts";
import type { PlanInput } from "./plan-input.ts";

/** What a person gave on the command line, with every glob spelled out. */
export type Given = {
  readonly overrides: Overrides;
  readonly selection: Selection;
  readonly known: KnownAddresses;
  readonly destroys: readonly Address[] | "all" | undefined;
  /** Texts that fit nothing, and what cannot be rotated. */
  readonly problems: readonly Problem[];
};

/** Turns what was typed into addresses. What fits nothing is told in `problems`, all of it at once. */
export async function readGiven(
  input: PlanInput,
  state: DesiredState,
  inventory: Inventory,
  store: Pick<Store, "runs">,
): Promise<Given> {
  const known = await findKnown(input, state, inventory, store);
  const problems: Problem[] = [];
  const expand = (flag: string, texts: readonly string[] = []): readonly Address[] => {
    const found = expandGiven(flag, texts, known);
    problems.push(...found.problems);
    return found.addresses;
  };
  const rotated = input.rotates && expand("rotate", input.rotates);
  const rotates = rotated?.filter(canRotate);
  problems.push(...(rotated ?? []).filter((one) => !canRotate(one) && isNamed(input, one)).map(cannotRotate));
  const destroys = Array.isArray(input.destroys)
    ? expand("destroy", input.destroys)
    : (input.destroys as "all" | undefined);
  const overrides: Overrides = {
    allowDataLoss: expand("--allow-data-loss", input.allowDataLoss),
    allowReplace: expand("--allow-replace", input.allowReplace),
    rewrites: [...expand("--rewrite", input.rewrites), ...(rotates ?? [])],
    gaps: expand("--allow-gap", input.allowGaps),
    exportTo: describeFolder(input),
    adopt: input.adopt,
    destroys: destroys !== undefined,
    recreateGone: input.recreateGone ?? false,
    allowOlder: input.allowOlder ?? false,
    ...(input.allowDeletes !== undefined && { allowDeletes: input.allowDeletes }),
  };
  const chosen = Array.isArray(destroys) ? destroys : rotates;
  const asked = input.targets.length === 0 ? ("all" as const) : input.targets;
  return {
    overrides,
    selection: { targets: chosen ?? asked, excludes: input.excludes },
    known,
    destroys,
    problems,
  };
}

/** The records are read only where something that was typed fits nothing without them. */
async function findKnown(
  input: PlanInput,
  { resources }: DesiredState,
  inventory: Inventory,
  store: Pick<Store, "runs">,
): Promise<KnownAddresses> {
  const now = new Set<Address>([
    ...resources.map(({ address }) => address),
    ...(Object.keys(inventory.resources) as Address[]),
    ...(Object.keys(inventory.pending ?? {}) as Address[]),
  ]);
  const known = { now: [...now].sort(), before: new Set<string>() };
  const { allowDataLoss, allowReplace, rewrites, allowGaps, rotates, destroys, targets, excludes } = input;
  const lists = [allowDataLoss, allowReplace, rewrites, allowGaps, rotates, targets, excludes];
  const typed = [...lists.flatMap((list) => list ?? []), ...(Array.isArray(destroys) ? destroys : [])];
  if (expandGiven("", typed, known).problems.length === 0) return known;
  return { ...known, before: addressesOf(await store.runs()) };
}

function canRotate(address: Address): boolean {
  return kinds.get(kindOf(address))?.rotation !== undefined;
}

/** Whether an address was typed as such. A glob means only those of its addresses that can be rotated. */
function isNamed({ rotates }: PlanInput, address: Address): boolean {
  return rotates?.includes(address) === true;
}

function cannotRotate(address: Address): Problem {
  return problem(
    "error",
    "cannot-rotate",
    `${address} has no value that trueup makes and delivers.`,
    "Rotate rendercad/token/NAME or rendercad/webhook/NAME; other secrets are changed where they come from.",
    { address },
  );
}
