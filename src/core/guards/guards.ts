import { aroundOf } from "../kind/refusal.ts";
import type { ResourceChange } from "../model/change.ts";
import { refuseEndOfData } from "../consent/end-of-data.ts";
import { findRenames } from "../consent/looks-renamed.ts";
import { problem, type Problem } from "../base/problem.ts";
import { count } from "../base/text.ts";
import { isRotated, refuseManyDeletes } from "./refuse-deletes.ts";
import { refuseEverythingGone } from "./refuse-gone.ts";
import { refuseReplacement, refuseLosses } from "./refuse-replacement.ts";
import { refuseDelivery } from "./refuse-delivery.ts";
import { refuseOtherShape } from "./refuse-other-shape.ts";
import type { GuardInput } from "./guard-input.ts";

/** All reasons not to apply a plan, each with the facts and the flag or edit that answers it; warnings and notes as well. */
export function findRefusals(input: GuardInput): readonly Problem[] {
  const renames = findRenames(input);
  return [
    ...refuseEmptyFile(input),
    ...refuseEverythingGone(input),
    ...refuseManyDeletes(input),
    ...renames.problems,
    ...input.changes.flatMap((change) => [
      ...refuseProtected(input, change),
      ...refuseEndOfData(input, change, renames.refused),
      ...refuseReplacement(input, change),
      ...refuseAdoption(input, change),
      ...refuseByKind(input, change),
      ...refuseLosses(input, change),
      ...refuseShrinking(input, change),
      ...refuseFull(input, change),
      ...refuseDelivery(input, change),
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

/**
 * Refuses to delete or replace what is protected. The inventory remembers the protection, so that it also holds when the
 * block is gone, and against a `protect: false` in the edit that it judges.
 */
function refuseProtected({ desired, inventory }: GuardInput, change: ResourceChange): readonly Problem[] {
  if (change.action !== "delete" && (change.action !== "replace" || isRotated(change))) return [];
  const { address } = change;
  const isProtected =
    desired.get(address)?.lifecycle.protect === true ||
    inventory.resources[address]?.protect === true ||
    inventory.pending?.[address]?.protect === true;
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

function refuseAdoption(input: GuardInput, change: ResourceChange): readonly Problem[] {
  const { overrides } = input;
  // `--adopt` is no consent to this one, so it comes first.
  const ofOtherShape = refuseOtherShape(input, change);
  if (ofOtherShape.length > 0) return ofOtherShape;
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

/**
 * Refuses to delete something that others would still be in. Render would refuse it too (described as 409), but in the middle
 * of a run, and what is in it may belong to somebody else.
 */
function refuseFull({ changes, kinds, live }: GuardInput, change: ResourceChange): readonly Problem[] {
  const found = live.get(change.address)?.found;
  const held = change.action === "delete" && found ? (kinds.get(change.kind)?.contains?.(found) ?? []) : [];
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

/** Refuses to make a disk smaller: it can only grow (documented). Render grows some by itself, so a file can fall behind. */
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

/** Refuses what the kind knows that the API would not take. */
function refuseByKind(input: GuardInput, change: ResourceChange): readonly Problem[] {
  const { desired, kinds, scope, live } = input;
  const wanted = desired.get(change.address);
  const kind = kinds.get(change.kind);
  const found = live.get(change.address);
  if (!wanted || !kind) return [];
  const around = aroundOf(input);
  const isNew = change.action === "create" || change.action === "replace";
  const carried = [...desired.values()].filter(
    (one) => isNew && kinds.get(one.kind)?.createdWith?.(one, desired) === change.address,
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
