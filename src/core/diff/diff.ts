import { byText, kindOf as kindNameOf, makeAddress, nameOf, type Address } from "../base/address.ts";
import type { Action, Due, FieldChange, Note, ResourceChange } from "../model/change.ts";
import type { Comparison, ResolvedValues } from "../compare/comparison.ts";
import { notedForToday, withStale } from "../compare/noted-as.ts";
import type { Desired } from "../model/desired.ts";
import type { FieldTable } from "../model/field.ts";
import type { Owned } from "../model/inventory.ts";
import { type Kind, type Kinds, findKind } from "../kind/kind.ts";
import type { Live } from "../model/live.ts";
import type { DigestKey } from "../base/digest.ts";
import { noteGoing } from "./goes-for-good.ts";
import { findDifferences, askedNotes, listDeclared, renaming } from "./find-differences.ts";
import { endedNote } from "./leave-live.ts";
import { countTakenOver } from "./carry-over.ts";
import { hasFormers, stepsAside } from "./formers.ts";
import { findRotation, type RotationFacts } from "../rotation/rotation.ts";
import { noteUncertain } from "./uncertain.ts";

/**
 * Everything that a diff looks at. `live` has what was found, `gone` the addresses whose absence is confirmed. An address in
 * neither was not asked about, and the diff throws rather than say something of it: only a confirmed absence counts.
 */
export type DiffInput = RotationFacts & {
  readonly desired: readonly Desired[];
  readonly live: ReadonlyMap<Address, Live>;
  readonly gone: ReadonlySet<Address>;
  /** By address, what each declared value is right now. Empty: the changes are looked at before any value is known. */
  readonly resolved: ReadonlyMap<Address, ResolvedValues>;
  readonly kinds: Kinds;
  readonly key: DigestKey;
};

/**
 * One change for each address, sorted by address: declared (`diffDeclared`), owned and no longer declared (`diffDropped`), live
 * and neither of these (`diffClaimed`), or begun by an earlier run and confirmed gone (`diffNeverMade`).
 */
export function diff(input: DiffInput): readonly ResourceChange[] {
  const declared = new Set(input.desired.map((desired) => desired.address));
  const changes = input.desired.map((desired) => diffDeclared(input, desired));
  for (const [address, owned] of Object.entries(input.inventory.resources) as [Address, Owned][]) {
    if (!declared.has(address)) changes.push(diffDropped(input, address, owned));
  }
  const isUnknown = (address: Address): boolean =>
    !declared.has(address) && !input.inventory.resources[address];
  for (const live of input.live.values()) {
    if (isUnknown(live.address)) changes.push(diffClaimed(input, live));
  }
  for (const address of Object.keys(input.inventory.pending ?? {}) as Address[]) {
    if (isUnknown(address) && input.gone.has(address)) changes.push(diffNeverMade(address));
  }
  return replaceWithHost(input, changes).sort((a, b) => byText(a.address, b.address));
}

/**
 * Makes a change a replacement where its object goes together with another one and the file still asks for it: a disk or a
 * domain of a service that is replaced, the `www` that Render added beside an apex which is deleted.
 */
function replaceWithHost(input: DiffInput, changes: readonly ResourceChange[]): ResourceChange[] {
  const desired = new Map(input.desired.map((one) => [one.address, one]));
  const actions = new Map(changes.map((change) => [change.address, change.action]));
  return changes.map((change) => {
    const wanted = desired.get(change.address);
    const kind = findKind(input.kinds, change.kind);
    const host = wanted && kind.partOf?.(wanted);
    const { derivedFrom } = (wanted && input.live.get(change.address)?.found) ?? {};
    const origin = derivedFrom === undefined ? undefined : makeAddress(change.kind, derivedFrom);
    const goesWith = [
      ...(host !== undefined && actions.get(host) === "replace" ? [host] : []),
      ...(origin !== undefined && actions.get(origin) === "delete" ? [origin] : []),
    ];
    const [gone] = goesWith;
    if (gone === undefined || change.action === "create") return change;
    const because: FieldChange = {
      field: gone.split("/")[1]!,
      before: { show: "public", value: gone },
      after: { show: "source", text: gone === host ? `the new ${gone}` : "by itself" },
      verdict: "file",
      removed: false,
      forcesReplace: true,
    };
    return { ...change, action: "replace", fields: [because, ...change.fields] };
  });
}

/** The change of a declared resource whose absence is confirmed: it is created, or created again. */
function diffAbsent(
  input: DiffInput,
  comparison: Comparison,
  table: FieldTable,
): Omit<ResourceChange, "address" | "kind" | "name" | "summary" | "where"> {
  const { desired, owned } = comparison;
  if (!input.gone.has(desired.address)) throw new Error(`${desired.address}: its absence is not confirmed`);
  return {
    action: "create",
    fields: listDeclared(comparison, table),
    recreates: owned !== undefined,
    ...(owned && { outside: "gone" as const }),
    converged: [],
    optional: [],
    notes: [...askedNotes(comparison, table), ...noteUncertain(input, desired)],
  };
}

function comparisonOf(input: DiffInput, desired: Desired, owned: Owned | undefined): Comparison {
  return {
    desired,
    owned,
    resolved: input.resolved.get(desired.address) ?? new Map(),
    key: input.key,
    isRewritten: input.rewrites.includes(desired.address),
  };
}

function diffDeclared(input: DiffInput, desired: Desired): ResourceChange {
  const kind = findKind(input.kinds, desired.kind);
  const owned = input.inventory.resources[desired.address];
  const live = input.live.get(desired.address);
  const noted = notedForToday(comparisonOf(input, desired, owned), kind.fields, live?.found.spec ?? {});
  const { comparison } = noted;
  const base = {
    address: desired.address,
    kind: desired.kind,
    name: desired.name,
    where: desired.where,
    summary: kind.summary(desired.spec),
  };
  if (!live) return { ...base, ...diffAbsent(input, comparison, kind.fields) };
  const isForeign = live.matchedBy === "name" && !kind.permanent;
  // `rotate` asks for a new object where values are shown once, whatever differs.
  const isRenewed = comparison.isRewritten === true && kind.shownOnce !== undefined;
  const { fields, notes, converged, moved, optional, settled } = findDifferences(input, comparison, {
    kind,
    live,
    isForeign,
    isRenewed,
  });
  const formers = input.inventory.pending?.[desired.address]?.formers ?? [];
  const isAside = formers.some(({ id, name }) => id === live.found.id && name === live.found.name);
  const due = findDue(input, desired, live);
  const rotation =
    isForeign && !isRenewed ? undefined : findRotation(input, { kind, comparison, live, fields });
  const isRenamed = kind.rename !== undefined && live.found.name !== desired.name;
  const action = rotation ? "replace" : actionOn(fields, { isForeign, isRenamed, due });
  notes.push(...remarksOn(input, desired, { kind, live, fields, action }));
  if (live.found.isEnded && !isRenewed) notes.push(endedNote(kind, desired.address));
  if (isRenamed && !(isAside && action === "replace"))
    fields.unshift(renaming(desired, isAside ? undefined : owned, live));
  const takesOver =
    action === "replace" && stepsAside(kind, desired)
      ? countTakenOver(desired, live, kind, { fields })
      : undefined;
  return {
    ...base,
    action,
    id: live.found.id,
    fields,
    notes,
    converged: withStale(converged, noted, fields),
    ...(moved.length > 0 && { moved }),
    ...(Object.keys(settled).length > 0 && { settled }),
    optional,
    recreates: false,
    ...(owned !== undefined && owned.id !== live.found.id && !live.tookPlace && { outside: "gone" as const }),
    ...(due && { due }),
    ...(rotation && { succession: rotation }),
    ...(takesOver && { takesOver }),
  };
}

/** Facts that people want to know about a live object, and about what is done to it. */
function remarksOn(
  input: DiffInput,
  desired: Desired,
  {
    kind,
    live,
    fields,
    action,
  }: {
    readonly kind: Kind;
    readonly live: Live;
    readonly fields: readonly FieldChange[];
    readonly action: ResourceChange["action"];
  },
): readonly Note[] {
  const formers = input.inventory.pending?.[desired.address]?.formers ?? [];
  const isReplaced = action === "replace";
  const texts = [
    live.displaced
      ? "it has its place again, and what an earlier run made there goes"
      : formers.length > 0
        ? "an earlier run began to replace it"
        : undefined,
    isReplaced ? describeLoss(kind.keepsUntilGone?.(live.found)) : undefined,
  ];
  const remark = kind.remark?.(live.found, fields);
  const extras = Object.entries(live.notInFile ?? {}).map(([field, entries]) => ({ field, entries }));
  return [
    ...extras.map((extra): Note => ({ note: "not-in-file", ...extra })),
    ...(remark === undefined ? [] : [{ note: "remark" as const, ...remark }]),
    ...texts.flatMap((text): readonly Note[] => (text === undefined ? [] : [{ note: "remark", text }])),
    // What stepped aside stands at the address: whether the new one was made is as little known as that of a creation.
    ...(isReplaced && formers.some(({ id }) => id === live.found.id) ? noteUncertain(input, desired) : []),
  ];
}

function actionOn(
  fields: readonly FieldChange[],
  {
    isForeign,
    isRenamed,
    due,
  }: { readonly isForeign: boolean; readonly isRenamed: boolean; readonly due: Due | undefined },
): Action {
  if (fields.some((change) => change.forcesReplace)) return "replace";
  if (isForeign) return "adopt";
  return fields.length > 0 || isRenamed || due?.cancel || due?.deploy || due?.formers ? "update" : "keep";
}

function describeLoss(kept: string | undefined): string | undefined {
  return kept && `the new one gets another address: ${kept} goes with the former one`;
}

/** What an earlier run left undone, of which no field tells: a deploy, a cancel, an old object; `undefined`: nothing. */
function findDue(input: DiffInput, desired: Desired, live: Live): Due | undefined {
  const pending = input.inventory.pending?.[desired.address];
  if (!pending) return undefined;
  const { deploys } = findKind(input.kinds, desired.kind);
  const mayDeploy = desired.lifecycle.deploy !== "skip" && deploys?.allowed(desired, live) === true;
  const due: Due = {
    cancel: pending.cancellation === true && deploys?.cancel(desired) !== undefined,
    deploy: pending.deployFor !== undefined && mayDeploy,
    job: deploys !== undefined && pending.job === true,
    noted: deploys !== undefined && pending.deployed === true,
    ...(hasFormers(input.inventory, desired.address, live.found.id) && { formers: true as const }),
  };
  return due.cancel || due.deploy || due.noted || due.formers ? due : undefined;
}

/** The change of a creation whose answer was lost, whose block is gone and which is confirmed absent: the inventory forgets it. */
function diffNeverMade(address: Address): ResourceChange {
  return {
    action: "forget",
    address,
    kind: kindNameOf(address),
    name: nameOf(address),
    fields: [],
    recreates: false,
    converged: [],
    optional: [],
    summary: "no longer in the file",
    notes: [],
    outside: "gone",
  };
}

/** The deletion of a live object that a block claims by an `...Exclusive` key, or that an earlier run made without hearing of it. */
function diffClaimed(input: DiffInput, { address, kind, found }: Live): ResourceChange {
  const isOurs = input.inventory.pending?.[address]?.creation !== undefined;
  return {
    action: "delete",
    address,
    kind,
    name: found.name,
    id: found.id,
    fields: [],
    recreates: false,
    converged: [],
    optional: [],
    notes: [],
    ...(!isOurs && { outside: "added" as const }),
    summary: isOurs
      ? "made by a run that did not hear the answer, and no longer in the file"
      : "not in the file, which is exclusive",
  };
}

/** The change of an owned resource that the file no longer declares: deleted, or forgotten where it is gone or always there. */
function diffDropped(input: DiffInput, address: Address, owned: Owned): ResourceChange {
  const live = input.live.get(address);
  if (!live && !input.gone.has(address)) throw new Error(`${address}: its absence is not confirmed`);
  const { derivedFrom } = live?.found ?? {};
  const origin = derivedFrom === undefined ? undefined : makeAddress(owned.kind, derivedFrom);
  const stays =
    input.kinds.get(owned.kind)?.permanent || input.desired.some((desired) => desired.address === origin);
  return {
    action: live && !stays ? "delete" : "forget",
    address,
    kind: owned.kind,
    name: owned.name,
    id: live?.found.id ?? owned.id,
    fields: [],
    recreates: false,
    converged: [],
    optional: [],
    summary: "no longer in the file",
    notes: live && !stays ? noteGoing(owned, live.found.spec, findKind(input.kinds, owned.kind).fields) : [],
    ...(!live && { outside: "gone" as const }),
  };
}
