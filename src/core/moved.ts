import type { Address } from "./address.ts";
import type { DesiredState } from "./desired.ts";
import type { Inventory } from "./inventory.ts";
import { problem, type Problem } from "./problem.ts";

/**
 * What becomes of the file's `moved` and `removed` entries. One that is done stays harmless: it is said in one note, so that
 * a file can keep its entries until every account has had them. `inventory` is the one from before they are followed.
 */
export function judgeConsents(
  { moved, removed, resources }: Pick<DesiredState, "moved" | "removed" | "resources">,
  inventory: Inventory,
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
    ...(done.length > 0 && Object.keys(inventory.resources).length > 0 ? [alreadyDone(done)] : []),
  ];
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
