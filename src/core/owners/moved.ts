import type { Address } from "../base/address.ts";
import type { DesiredState } from "../model/desired.ts";
import { renameOf } from "./follow-renames.ts";
import { groupBy } from "../base/group.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Kinds } from "../kind/kind.ts";
import { problem, type Problem } from "../base/problem.ts";

/**
 * What is wrong with the file's `moved` and `removed` entries. Those that are done are harmless, and one note names them: a
 * file can keep its entries until every account has had them. `inventory` is the one before they are followed.
 */
export function judgeConsents(
  { moved, removed, resources }: Pick<DesiredState, "moved" | "removed" | "resources">,
  inventory: Inventory,
  kinds: Kinds,
): readonly Problem[] {
  const declared = new Set(resources.map(({ address }) => address));
  const isKnown = (address: Address): boolean =>
    inventory.resources[address] !== undefined || inventory.pending?.[address] !== undefined;
  const open = moved.filter(({ from }) => isKnown(from));
  const done = [
    ...moved.filter(({ from, to }) => !isKnown(from) && isKnown(to)).map(({ from }) => `moved ${from}`),
    ...removed
      .filter(({ address }) => !isKnown(address) && !declared.has(address))
      .map(({ address }) => `removed ${address}`),
  ];
  return [
    ...open.flatMap(({ from, to, where }): Problem[] => {
      const [former, now] = [inventory.resources[from], inventory.resources[to]];
      if (!declared.has(to)) return [movedNowhere(from, to, where)];
      return former && now && former.id !== now.id ? [movedToTaken(from, to, where)] : [];
    }),
    ...judgeMeeting({ moved, resources }, inventory, kinds),
    ...(done.length > 0 && Object.keys(inventory.resources).length > 0 ? [alreadyDone(done)] : []),
  ];
}

type Renamed = { readonly from: Address; readonly to: Address; readonly where: Where };

/**
 * Errors where renames meet, by `moved` or by a block's `renamedFrom`: two owned objects cannot get one address, since one of
 * them would be owned no more, and one object cannot get two.
 */
function judgeMeeting(
  { moved, resources }: Pick<DesiredState, "moved" | "resources">,
  { resources: owned }: Inventory,
  kinds: Kinds,
): readonly Problem[] {
  const declared = new Set(resources.map(({ address }) => address));
  const said = resources.flatMap((one) =>
    renameOf(one, kinds).map(([from, to]): Renamed => ({ from, to, where: one.where })),
  );
  const open = [...moved, ...said].filter(
    ({ from, to }) => owned[from] !== undefined && !declared.has(from) && declared.has(to),
  );
  const distinct = [...new Map(open.map((one) => [`${one.from} ${one.to}`, one])).values()];
  const ends = (all: readonly Renamed[], end: "from" | "to"): string =>
    all.map((one) => one[end]).join(" and ");
  return [
    ...[...groupBy(distinct, ({ to }) => to)].flatMap(([to, all]) =>
      new Set(all.map(({ from }) => owned[from]?.id)).size > 1
        ? [renamesMeet(`${ends(all, "from")} would both become ${to}, and both are owned`, all)]
        : [],
    ),
    ...[...groupBy(distinct, ({ from }) => from)].flatMap(([from, all]) =>
      all.length > 1 ? [renamesMeet(`${from} would become ${ends(all, "to")} at once`, all)] : [],
    ),
  ];
}

function renamesMeet(what: string, [first]: readonly Renamed[]): Problem {
  const message = `${what}: \`moved\` and \`lifecycle.renamedFrom\` name one object for one block.`;
  const remedy = "Take out the entry or the line that is not meant.";
  const { where, to: address } = first!;
  return problem("error", "renames-meet", message, remedy, { where, address });
}

type Where = DesiredState["moved"][number]["where"];

function movedNowhere(from: Address, to: Address, where: Where): Problem {
  const message = `\`moved\` leads from ${from} to ${to}, and no block declares that.`;
  const remedy = "Nothing is renamed. Name the block's address, or remove the entry.";
  return problem("warning", "moved-nowhere", message, remedy, { where, address: from });
}

function movedToTaken(from: Address, to: Address, where: Where): Problem {
  const message = `\`moved\` leads from ${from} to ${to}, and both are owned: they are two objects.`;
  const remedy = `Remove the entry, or forget the one that is not meant: trueup state forget ${to}`;
  return problem("error", "moved-taken", message, remedy, { where, address: to });
}

const shown = 5;

function alreadyDone(entries: readonly string[]): Problem {
  const more = entries.length > shown ? ` and ${entries.length - shown} more` : "";
  const message = `Done already, and harmless in the file: ${entries.slice(0, shown).join(", ")}${more}.`;
  return problem("note", "consent-done", message, "They can be taken out once every label has been applied.");
}
