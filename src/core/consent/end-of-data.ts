import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import { allowsDataLoss, answerDataLoss, removalOf, type ConsentFacts } from "./consent.ts";
import type { Kind, Kinds } from "../kind/kind.ts";
import type { Live } from "../model/live.ts";
import { problem, type Problem } from "../base/problem.ts";

/**
 * The end of data: a change deletes or replaces an object whose content cannot be made again: a database, a Key Value
 * instance that keeps its content, a disk; or an update empties it. Whatever the reason for the change, it needs consent
 * (consent.ts), and a database is exported first (data-export.ts).
 */
export type EndFacts = ConsentFacts & {
  readonly changes: readonly ResourceChange[];
  readonly live: ReadonlyMap<Address, Live>;
  readonly kinds: Kinds;
};

type Accounts = Pick<EndFacts, "kinds" | "live">;

/** Whether a change ends an object that holds data, or that takes along something which does: a service its disk. */
function endsData(accounts: Accounts, change: ResourceChange): boolean {
  const { action, kind, due } = change;
  if (action === "delete" || action === "replace") return holdsDataNow(accounts, change);
  // An earlier run made the new object; the old one that stepped aside for it is deleted by this run.
  const endsFormer = due?.formers === true && (accounts.kinds.get(kind)?.dataBearing ?? false);
  return endsFormer || emptyingFields(accounts, change).length > 0;
}

function holdsDataNow({ kinds, live }: Accounts, { kind, address }: ResourceChange): boolean {
  const { dataBearing = false, holdsData } = kinds.get(kind) ?? {};
  const found = live.get(address)?.found;
  return found && holdsData ? holdsData(found) : dataBearing;
}

/** The fields whose change empties an object that stays. */
function emptyingFields(accounts: Accounts, change: ResourceChange): readonly string[] {
  const { action, kind, address } = change;
  if ((action !== "update" && action !== "adopt") || !holdsDataNow(accounts, change)) return [];
  const found = accounts.live.get(address)?.found;
  return (found && accounts.kinds.get(kind)?.emptiedBy?.(change, found)) ?? [];
}

/** Marks each change that ends data with `losesData`. Where a service and its disk go, only the disk's change is marked. */
export function markEnds(changes: readonly ResourceChange[], accounts: Accounts): readonly ResourceChange[] {
  return changes.map((change) =>
    (endsData(accounts, change) && !endsWithAnother(accounts, changes, change)) ||
    endsWithFormer(accounts, changes, change)
      ? { ...change, losesData: true as const }
      : change,
  );
}

/** Whether the data ends with another change that tells of it: the disk of a service has an address of its own. */
function endsWithAnother(
  accounts: Accounts,
  changes: readonly ResourceChange[],
  { address }: ResourceChange,
): boolean {
  return changes.some(
    (one) =>
      accounts.kinds.get(one.kind)?.deployedWith?.(one.name) === address &&
      (one.action === "forget" || endsData(accounts, one)),
  );
}

/** Whether the data ends with an old object that stepped aside: the disk in the old one of a service, not that in the new one. */
function endsWithFormer(
  { kinds }: Accounts,
  changes: readonly ResourceChange[],
  { kind, name }: ResourceChange,
): boolean {
  const { dataBearing = false, deployedWith } = kinds.get(kind) ?? {};
  const host = deployedWith?.(name);
  return dataBearing && changes.some((one) => one.address === host && one.due?.formers === true);
}

/**
 * Refuses the end of data without consent, and without a copy where one is asked for. `losesData` has to be set by then.
 * `renamed`: addresses that look renamed, and are refused for that already.
 */
export function refuseEndOfData(
  facts: EndFacts,
  change: ResourceChange,
  renamed: ReadonlySet<Address>,
): readonly Problem[] {
  if (!change.losesData || renamed.has(change.address)) return [];
  const refusals = [...refuseUnexported(facts, change), ...refuseUnagreed(facts, change)];
  const host = facts.kinds.get(change.kind)?.deployedWith?.(change.name);
  // Once its service is said to be renamed, its disk moves along: no entry is needed for its end.
  return host !== undefined && renamed.has(host) ? refusals.map(withoutBlock) : refusals;
}

function withoutBlock(refusal: Problem): Problem {
  const { block: _block, ...answer } = refusal.answer ?? { flags: [] };
  return refusal.answer ? { ...refusal, answer } : refusal;
}

function refuseUnagreed(facts: EndFacts, change: ResourceChange): readonly Problem[] {
  const { address, where, exportedTo, action } = change;
  if (allowsDataLoss(facts, address)) return [];
  const emptying = emptyingFields(facts, change);
  const undo = action === "replace" || emptying.length > 0 ? "Put the old value back" : "Put the block back";
  const remedy = `${undo}, or agree to it with --allow-data-loss ${address}.`;
  const answer = answerDataLoss(address, facts, exportedTo === undefined ? "lost" : "exported");
  const isTakenBack = facts.live.get(address)?.displaced !== undefined;
  const end = { kind: facts.kinds.get(change.kind), isTakenBack, emptying };
  return [problem("refusal", "data-loss", describeEnd(change, end), remedy, { where, address, answer })];
}

function describeEnd(
  { address, action, fields, exportedTo }: ResourceChange,
  {
    kind,
    isTakenBack,
    emptying,
  }: {
    readonly kind: Kind | undefined;
    readonly isTakenBack: boolean;
    readonly emptying: readonly string[];
  },
): string {
  const what = kind?.dataNoun ?? "its data";
  const copy = exportedTo === undefined ? "" : `; it is exported to ${exportedTo} first`;
  if (action === "delete") return `${address} would be deleted, and ${what} is lost${copy}.`;
  if (emptying.length > 0)
    return `${address} stays, and ${what} is lost by the change of ${emptying.join(", ")}${copy}.`;
  const fixed = fields.filter((field) => field.forcesReplace).map((field) => field.field);
  if (isTakenBack)
    return `${address} is the former one again, and ${what} is lost with the one that was made in its place${copy}.`;
  if (action !== "replace")
    return `${address} is replaced already, and ${what} is lost with the former one${copy}.`;
  return `${address} must be replaced, because ${fixed.join(", ")} cannot change, and ${what} is lost${copy}.`;
}

/** Refuses an end of data without the copy that should be made first: none can be made, or `--no-export` forbids it. */
function refuseUnexported(facts: EndFacts, change: ResourceChange): readonly Problem[] {
  const { address, where, exportedTo } = change;
  const exports = facts.kinds.get(change.kind)?.dataExports;
  const found = facts.live.get(address)?.found;
  const wanted = removalOf(facts, address)?.data;
  if (exportedTo !== undefined || !exports || !found || wanted === "lost") return [];
  if (wanted === "exported" && facts.overrides.exportTo === null) {
    const message = `${address} is to be exported before it goes, says its entry in \`removed\`, and --no-export was given.`;
    const remedy = "Leave out --no-export, or write `data: lost`.";
    return [problem("refusal", "export-demanded", message, remedy, { where, address })];
  }
  const hindrance = facts.overrides.exportTo === null ? undefined : exports.hindrance(found, facts.today);
  if (hindrance === undefined) return [];
  const message = `${address} cannot be exported before it goes: ${hindrance}.`;
  const remedy = "Make that end first, or let its data go without a copy: --no-export.";
  const { block = "" } = answerDataLoss(address, facts, "lost");
  const answer = wanted === "exported" ? undefined : { flags: ["--no-export"], block };
  return [problem("refusal", "export-impossible", message, remedy, { where, address, answer })];
}
