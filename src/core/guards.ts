import type { Address } from "./address.ts";
import type { ResourceChange } from "./change.ts";
import type { Desired, Settings } from "./desired.ts";
import type { Inventory } from "./inventory.ts";
import type { Kinds, Scope } from "./kind.ts";
import type { Live } from "./live.ts";
import { problem, type Problem } from "./problem.ts";

/** What the person at the keyboard allowed for this one run; each answers one refusal. */
export type Overrides = {
  /** `--allow-deletes N`: that many deleted addresses are agreed to. */
  readonly allowDeletes?: number;
  /** `--allow-data-loss ADDRESS`. */
  readonly allowDataLoss: readonly Address[];
  /** `null`: nothing was declared to run without a person, so adopting only shows; else whether `--adopt` was given. */
  readonly adopt: boolean | null;
  /** `destroy`: everything that is selected goes, and the number of addresses is agreed to by itself. */
  readonly destroys: boolean;
};

export type GuardInput = {
  readonly changes: readonly ResourceChange[];
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly live: ReadonlyMap<Address, Live>;
  readonly inventory: Inventory;
  readonly kinds: Kinds;
  readonly settings: Settings;
  readonly overrides: Overrides;
  readonly scope: Scope;
  /** ISO date, for `lifecycle.allowDataLoss`, which expires. */
  readonly today: string;
};

/** Every reason not to apply, each with the facts and the flag or edit that answers it. */
export function findRefusals(input: GuardInput): readonly Problem[] {
  return [
    ...refuseEmptyFile(input),
    ...refuseManyDeletes(input),
    ...input.changes.flatMap((change) => [
      ...refuseProtected(input, change),
      ...refuseDataLoss(input, change),
      ...refuseAdoption(input, change),
      ...refuseCreation(input, change),
      ...refuseShrinking(input, change),
      ...refuseFull(input, change),
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
function refuseManyDeletes({ changes, inventory, settings, overrides }: GuardInput): readonly Problem[] {
  const deleting = changes.filter(isDeleting);
  if (overrides.destroys || deleting.length === 0 || (overrides.allowDeletes ?? -1) >= deleting.length)
    return [];
  const owned = Object.keys(inventory.resources).length;
  const share = owned === 0 ? 0 : deleting.length / owned;
  const names = deleting
    .slice(0, 5)
    .map((change) => change.address)
    .join(", ");
  const listed = deleting.length > 5 ? `${names} and ${deleting.length - 5} more` : names;
  const answer = `If that is meant, run again with --allow-deletes ${deleting.length}.`;
  if (deleting.length > settings.maxDeletes) {
    const message = `The plan deletes from ${count(deleting.length, "address", "addresses")}, more than maxDeletes (${settings.maxDeletes}): ${listed}.`;
    return [problem("refusal", "max-deletes", message, answer)];
  }
  if (owned > 10 && share > settings.maxDeleteShare) {
    const message = `The plan deletes from ${deleting.length} of ${owned} owned addresses (${Math.round(share * 100)} %), more than maxDeleteShare (${Math.round(settings.maxDeleteShare * 100)} %): ${listed}.`;
    return [problem("refusal", "max-delete-share", message, answer)];
  }
  return [];
}

function isDeleting(change: ResourceChange): boolean {
  return (
    change.action === "delete" || change.action === "replace" || change.fields.some((field) => field.removed)
  );
}

/** The inventory's copy holds after the block is gone; a protect that is taken out in the same edit does not. */
function refuseProtected({ desired, inventory }: GuardInput, change: ResourceChange): readonly Problem[] {
  if (change.action !== "delete" && change.action !== "replace") return [];
  const isProtected =
    desired.get(change.address)?.lifecycle.protect ?? inventory.resources[change.address]?.protect ?? false;
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

function refuseDataLoss(
  { desired, kinds, overrides, today }: GuardInput,
  change: ResourceChange,
): readonly Problem[] {
  if (change.action !== "replace" || !kinds.get(change.kind)?.dataBearing) return [];
  const until = desired.get(change.address)?.lifecycle.allowDataLoss;
  if (overrides.allowDataLoss.includes(change.address) || (until !== undefined && until >= today)) return [];
  const fields = change.fields.filter((field) => field.forcesReplace).map((field) => field.field);
  return [
    problem(
      "refusal",
      "data-loss",
      `${change.address} must be replaced, because ${fields.join(", ")} cannot change, and its data is lost.`,
      `Put the old value back, or agree to it with --allow-data-loss ${change.address}.`,
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
        { where: change.where, address: change.address },
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

function refuseCreation({ desired, kinds, scope }: GuardInput, change: ResourceChange): readonly Problem[] {
  const wanted = desired.get(change.address);
  if ((change.action !== "create" && change.action !== "replace") || !wanted) return [];
  const carried = [...desired.values()].filter(
    (one) => kinds.get(one.kind)?.carriedBy?.(one, desired) === change.address,
  );
  const reasons = kinds.get(change.kind)?.refuseCreate(wanted, scope, carried) ?? [];
  return reasons.map((reason) =>
    problem("refusal", reason.code, reason.message, reason.remedy, {
      where: wanted.where,
      address: change.address,
    }),
  );
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
