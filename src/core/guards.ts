import type { Address } from "./address.ts";
import type { ResourceChange, Shown } from "./change.ts";
import { refuseEndOfData } from "./end-of-data.ts";
import type { Desired, Removal, Settings } from "./desired.ts";
import type { HandOver } from "./hand-over.ts";
import type { Inventory } from "./inventory.ts";
import { isObject } from "./json.ts";
import type { Kinds, Scope } from "./kind.ts";
import type { Live } from "./live.ts";
import { findRenames } from "./looks-renamed.ts";
import type { Overrides } from "./overrides.ts";
import { problem, type Problem } from "./problem.ts";
import { refuseReplacement } from "./refuse-replacement.ts";
import { refuseHandOver } from "./refuse-hand-over.ts";

export type GuardInput = {
  readonly changes: readonly ResourceChange[];
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly live: ReadonlyMap<Address, Live>;
  readonly inventory: Inventory;
  readonly kinds: Kinds;
  readonly settings: Settings;
  readonly overrides: Overrides;
  readonly scope: Scope;
  readonly handOvers: ReadonlyMap<Address, HandOver>;
  /** `removed:` of the files: whose end is agreed to. */
  readonly removed: readonly Removal[];
  /** ISO date, for consents of the file, which expire. */
  readonly today: string;
};

/** Every reason not to apply, each with the facts and the flag or edit that answers it; and what is only worth a warning. */
export function findRefusals(input: GuardInput): readonly Problem[] {
  const renames = findRenames(input);
  return [
    ...refuseEmptyFile(input),
    ...refuseManyDeletes(input),
    ...renames.problems,
    ...input.changes.flatMap((change) => [
      ...refuseProtected(input, change),
      ...refuseEndOfData(input, change, renames.refused),
      ...refuseReplacement(input, change),
      ...refuseAdoption(input, change),
      ...refuseByKind(input, change),
      ...refuseShrinking(input, change),
      ...refuseFull(input, change),
      ...refuseHandOver(input, change),
    ]),
  ];
}

function refuseEmptyFile({ desired, inventory, overrides }: GuardInput): readonly Problem[] {
  const owned = Object.keys(inventory.resources).length;
  if (overrides.destroys || desired.size > 0 || owned === 0) return [];
  return [
    problem(
      "refusal",
      "empty-file",
      `The file declares nothing, and ${count(owned, "resource")} that it declared before would be deleted.`,
      "Put the blocks back, or delete on purpose by leaving at least one block and giving --allow-deletes.",
    ),
  ];
}

/** Guards count addresses; entries removed from one resource count once (product page, section 11). */
function refuseManyDeletes({
  changes,
  inventory,
  kinds,
  settings,
  overrides,
}: GuardInput): readonly Problem[] {
  const deleting = changes.filter((change) => isDeleting(change) || isDestroying(kinds, change));
  if (overrides.destroys || deleting.length === 0 || (overrides.allowDeletes ?? -1) >= deleting.length)
    return [];
  const owned = Object.keys(inventory.resources).length;
  const share = owned === 0 ? 0 : deleting.length / owned;
  const names = deleting
    .slice(0, 5)
    .map((change) => change.address)
    .join(", ");
  const listed = deleting.length > 5 ? `${names} and ${deleting.length - 5} more` : names;
  const remedy = `If that is meant, run again with --allow-deletes ${deleting.length}.`;
  const answer = { flags: [`--allow-deletes ${deleting.length}`], word: "yes" };
  if (deleting.length > settings.maxDeletes) {
    const message = `The plan deletes from ${count(deleting.length, "address", "addresses")}, more than maxDeletes (${settings.maxDeletes}): ${listed}.`;
    return [problem("refusal", "max-deletes", message, remedy, { answer })];
  }
  if (owned > 10 && share > settings.maxDeleteShare) {
    const message = `The plan deletes from ${deleting.length} of ${owned} owned addresses (${Math.round(share * 100)} %), more than maxDeleteShare (${Math.round(settings.maxDeleteShare * 100)} %): ${listed}.`;
    return [problem("refusal", "max-delete-share", message, remedy, { answer })];
  }
  return [];
}

function isDeleting(change: ResourceChange): boolean {
  return (
    change.action === "delete" ||
    (change.action === "replace" && !isSucceeded(change)) ||
    change.fields.some((field) => field.removed)
  );
}

/** A list that is written as a whole lacks something that is live: a read replica. */
function isDestroying(kinds: Kinds, { kind, fields }: ResourceChange): boolean {
  return fields.some(({ field, before, after }) => {
    if (kinds.get(kind)?.fields[field]?.destroys !== true) return false;
    const kept = new Set(namesIn(after));
    return namesIn(before).some((name) => !kept.has(name));
  });
}

function namesIn(shown: Shown): readonly unknown[] {
  const list = shown.show === "public" && Array.isArray(shown.value) ? shown.value : [];
  return list.filter(isObject).map(({ name }) => name);
}

/** Another one takes its place before it goes, or nobody ever had it. */
function isSucceeded({ succession }: ResourceChange): boolean {
  return succession !== undefined && succession.mode !== "gap";
}

/** The inventory's copy holds after the block is gone; a protect that is taken out in the same edit does not. */
function refuseProtected({ desired, inventory }: GuardInput, change: ResourceChange): readonly Problem[] {
  if (change.action !== "delete" && (change.action !== "replace" || isSucceeded(change))) return [];
  const { address } = change;
  const isProtected =
    desired.get(address)?.lifecycle.protect ??
    inventory.resources[address]?.protect ??
    inventory.pending?.[address]?.protect ??
    false;
  if (!isProtected) return [];
  const verb = change.action === "delete" ? "deleted" : "replaced";
  return [
    problem(
      "refusal",
      "protected",
      `${change.address} is protected and would be ${verb}.`,
      "Put the block back; to let it go, first apply it once with lifecycle.protect: false.",
      { where: change.where, address: change.address },
    ),
  ];
}

function refuseAdoption({ overrides }: GuardInput, change: ResourceChange): readonly Problem[] {
  if (change.action === "adopt" && overrides.adopt === false) {
    return [
      problem(
        "refusal",
        "adopt",
        `${change.address} exists already and is not owned yet; adopting it means that removing it from the file deletes it.`,
        "Look at the plan, then run again with --adopt.",
        { where: change.where, address: change.address, answer: { flags: ["--adopt"], word: "yes" } },
      ),
    ];
  }
  return [];
}

/** Render refuses to delete what is not empty (described as 409), in the middle of a run; and what is in it may be anybody's. */
function refuseFull({ changes, kinds, live }: GuardInput, change: ResourceChange): readonly Problem[] {
  const found = live.get(change.address)?.found;
  const held = change.action === "delete" && found ? (kinds.get(change.kind)?.holds?.(found) ?? []) : [];
  const leaving = changes.filter(
    (one) => one.action === "delete" || one.fields.some(({ field }) => field === "environment"),
  );
  const ids = new Set(leaving.map((one) => one.id));
  const names = new Map([...live.values()].map((one) => [one.found.id, one.address]));
  const staying = held.filter((id) => !ids.has(id)).map((id) => names.get(id) ?? id);
  if (staying.length === 0) return [];
  const message = `${change.address} would be deleted, and ${staying.sort().join(", ")} would still be in it.`;
  const remedy = "Move that elsewhere first, for example under `ungrouped`, or put the block back.";
  return [problem("refusal", "not-empty", message, remedy, { address: change.address })];
}

/** Disks grow only (documented); Render grows some by itself, so the file can fall behind. */
function refuseShrinking({ kinds }: GuardInput, change: ResourceChange): readonly Problem[] {
  if (change.action !== "update" && change.action !== "adopt") return [];
  return change.fields.flatMap(({ field, before, after, where }): Problem[] => {
    if (
      kinds.get(change.kind)?.fields[field]?.onChange !== "grow" ||
      before.show !== "public" ||
      after.show !== "public"
    )
      return [];
    if (!(Number(after.value) < Number(before.value))) return [];
    const message = `${field} of ${change.address} is ${Number(before.value)} and would become ${Number(after.value)}; it can only grow.`;
    return [
      problem("refusal", "disk-shrink", message, `Write ${Number(before.value)} or more.`, {
        where,
        address: change.address,
      }),
    ];
  });
}

/** What the kind knows that the API would not take. */
function refuseByKind(input: GuardInput, change: ResourceChange): readonly Problem[] {
  const { desired, kinds, scope, live, changes } = input;
  const wanted = desired.get(change.address);
  const kind = kinds.get(change.kind);
  const found = live.get(change.address);
  if (!wanted || !kind) return [];
  const around = { declared: desired, live, changes };
  const isNew = change.action === "create" || change.action === "replace";
  const carried = [...desired.values()].filter(
    (one) => isNew && kinds.get(one.kind)?.carriedBy?.(one, desired) === change.address,
  );
  const reasons = isNew
    ? kind.refuseCreate(wanted, scope, carried, around)
    : found && change.fields.length > 0
      ? (kind.refuseUpdate?.(wanted, change, found, around) ?? [])
      : [];
  return reasons.map((reason) =>
    problem("refusal", reason.code, reason.message, reason.remedy, {
      where: reason.where ?? wanted.where,
      address: change.address,
    }),
  );
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
