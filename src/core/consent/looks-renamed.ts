import { byText, kindOf, type Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import { allowsDataLoss, quoteWord, quoteYaml } from "./consent.ts";
import type { EndFacts } from "./end-of-data.ts";
import type { Kind } from "../kind/kind.ts";
import type { Scope } from "../kind/scope.ts";
import { problem, type Problem } from "../base/problem.ts";

/**
 * A deletion beside the creation of something alike is probably a rename that the file does not say: `db` became `main`, and
 * the new one would be empty. Where the two are alike, that is a refusal with the line to paste; where only the kind is the
 * same, it is a note.
 *
 * Alike are two databases, two Key Value instances, two disks, and two services of one type with the same source, folder and
 * commands. `going` is deleted because no block declares it any more, `coming` is made for the first time.
 */
export type RenameFacts = EndFacts & { readonly scope: Scope };

/** What was found to look renamed. */
export type Renames = {
  readonly problems: readonly Problem[];
  /** Addresses that are refused for that, so that their end needs no refusal of its own. */
  readonly refused: ReadonlySet<Address>;
};

/** Looks at each deletion for a creation that may be the same object under another name. A `destroy` has none. */
export function findRenames(facts: RenameFacts): Renames {
  if (facts.overrides.destroys) return { problems: [], refused: new Set() };
  const going = facts.changes.filter((change) => change.action === "delete" && change.outside === undefined);
  const found = going.map((change) => judge(facts, change));
  return {
    problems: found.flatMap((one) => one?.problem ?? []),
    refused: new Set(found.flatMap((one) => (one?.problem.severity === "refusal" ? [one.going] : []))),
  };
}

function judge(
  facts: RenameFacts,
  going: ResourceChange,
): { readonly going: Address; readonly problem: Problem } | undefined {
  const kind = facts.kinds.get(going.kind);
  if (!kind || allowsDataLoss(facts, going.address)) return undefined;
  const coming = facts.changes.filter((change) => canBecome(facts, kind, going, change));
  const alike = coming.filter((change) => areAlike(facts, kind, going, change));
  if (alike.length > 0) return { going: going.address, problem: refuse(facts, kind, going, alike) };
  // Among many new resources of a kind, a guess would say nothing.
  if (coming.length === 0 || coming.length > mostGuesses) return undefined;
  return { going: going.address, problem: remark(facts, kind, going, coming) };
}

const mostGuesses = 3;

/** Whether a creation could be the deleted object renamed: of its kind, made for the first time, and a kind that can be renamed. */
function canBecome(facts: RenameFacts, kind: Kind, going: ResourceChange, coming: ResourceChange): boolean {
  if (coming.action !== "create" || coming.recreates || coming.kind !== going.kind) return false;
  if (coming.name === going.name) return false;
  const leader = kind.namedAfter && kind.deployedWith;
  if (!leader) return kind.rename !== undefined;
  // A disk is renamed with its service, where that goes and comes as well.
  const actionOf = (address: Address) => facts.changes.find((one) => one.address === address)?.action;
  return actionOf(leader(going.name)) === "delete" && actionOf(leader(coming.name)) === "create";
}

function areAlike(
  { live, desired, scope, kinds }: RenameFacts,
  kind: Kind,
  going: ResourceChange,
  coming: ResourceChange,
): boolean {
  const found = live.get(going.address)?.found;
  const wanted = desired.get(coming.address);
  if (!found || !wanted) return false;
  if (kind.isLike) return kind.isLike(found, wanted, scope);
  const host = kind.deployedWith;
  if (!kind.dataBearing || going.losesData !== true) return false;
  if (!host) return true;
  // Where the two services are alike, their own refusal says it already.
  const [former, next] = [host(going.name), host(coming.name)];
  const hosts = [live.get(former)?.found, desired.get(next)] as const;
  const isLike = kinds.get(kindOf(former))?.isLike;
  return !(isLike && hosts[0] && hosts[1] && isLike(hosts[0], hosts[1], scope));
}

function refuse(
  facts: RenameFacts,
  kind: Kind,
  going: ResourceChange,
  alike: readonly ResourceChange[],
): Problem {
  const { address, losesData } = going;
  const [first] = alike;
  const loss = losesData ? "The new one would be empty, and the data of the former one lost" : lossOf(going);
  const message = `${address} would be deleted while ${listed(alike)}, which looks like another name for it. ${loss}.`;
  const flag = `--allow-data-loss ${quoteWord(address)}`;
  const remedy = `If it is the same ${kind.noun}, write ${alike.map((one) => lineFor(facts, kind, going, one)).join(" or ")}; if it is not, agree to its end with ${flag}.`;
  const host = kind.namedAfter && kind.deployedWith;
  const [from, to] = first ? [going, first].map((one) => (host ? host(one.name) : one.address)) : [];
  const block =
    alike.length === 1 && from && to
      ? { block: `moved:\n  - { from: ${quoteYaml(from)}, to: ${quoteYaml(to)} }` }
      : {};
  const answer = { flags: [flag], word: losesData ? address : "yes", ...block };
  return problem("refusal", "looks-renamed", message, remedy, { where: first?.where, address, answer });
}

function lossOf({ notes }: ResourceChange): string {
  const entries = notes.flatMap((note) => (note.note === "goes-for-good" ? note.entries : []));
  const keys = entries.length === 0 ? "" : `, and ${entries.join(", ")} cannot be given again from the file`;
  return `What others know it by goes with it, its URL and its logs${keys}`;
}

function listed(changes: readonly ResourceChange[]): string {
  const names = changes.map(({ address }) => address).sort(byText);
  return names.length === 1 ? `${names[0]} is made` : `${names.join(" and ")} are made`;
}

/** The line to paste, and the place for it. A disk is renamed in the block of its service. */
function lineFor(
  { desired }: RenameFacts,
  kind: Kind,
  going: ResourceChange,
  coming: ResourceChange,
): string {
  const host = kind.namedAfter && kind.deployedWith ? desired.get(kind.deployedWith(coming.name)) : undefined;
  const { where = coming.where } = host ?? {};
  const place = where ? ` at ${where.file}:${where.line}` : "";
  // An environment is known by its own name, the last part of `shop/staging`.
  const name = kind.namedAfter && !kind.deployedWith ? (going.name.split("/").pop() ?? "") : going.name;
  return `\`lifecycle: { renamedFrom: ${quoteYaml(name)} }\` in the block of ${host?.address ?? coming.address}${place}`;
}

function remark(
  facts: RenameFacts,
  kind: Kind,
  going: ResourceChange,
  coming: readonly ResourceChange[],
): Problem {
  const message = `${going.address} is deleted while ${listed(coming)}.`;
  const remedy = `If that is the same ${kind.noun} under another name, write ${coming.map((one) => lineFor(facts, kind, going, one)).join(" or ")}.`;
  return problem("note", "maybe-renamed", message, remedy, { address: going.address });
}
