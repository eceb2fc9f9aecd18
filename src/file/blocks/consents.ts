import { kindOf, makeAddress, nameOf, parseAddress, type Address } from "../../core/base/address.ts";
import type { Desired, DesiredState, Removal } from "../../core/model/desired.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import { forBlock, type FileContext } from "../base/context.ts";
import { isNull, memberOf, textOf, toJson, type MapNode, type Node } from "../base/node.ts";
import { referredKinds } from "../base/reference-forms.ts";
import type { Tell } from "../base/remark.ts";
import { whereOf, type Place } from "../base/source.ts";
import { consentKeys } from "../shape/consents-schema.ts";

/**
 * What a file agrees to, and a reviewer with it. `moved` says that a block has another name, so that its object is
 * renamed and not made anew. `removed` says that a resource may be deleted with its data. Entries whose work is done
 * may stay: they have no effect.
 *
 *   moved:
 *     - { from: render/postgres/db, to: render/postgres/main }
 *   removed:
 *     - { address: render/postgres/old, data: exported, until: 2026-12-01 }
 */

/** The entries of `moved` and `removed` in one file. */
export type ConsentReading = {
  readonly moved: readonly { readonly from: Address; readonly to: Address; readonly place: Place }[];
  readonly removed: readonly (Omit<Removal, "where"> & { readonly place: Place })[];
};

/** Reads `moved` and `removed`. An entry that is wrong is told and left out; so is one of `removed` that has expired. */
export function readConsents(root: MapNode, context: FileContext): ConsentReading {
  const moved = itemsOf(root, "moved", context).flatMap((item) => {
    const [from, to] = [readAddress(item, "from", context), readAddress(item, "to", context)];
    return from && to ? [{ from, to, place: item.place }] : [];
  });
  const removed = itemsOf(root, "removed", context).flatMap((item) => {
    const address = readAddress(item, "address", context);
    const until = textOf(memberOf(item, "until")) ?? "";
    const data = textOf(memberOf(item, "data")) === "lost" ? ("lost" as const) : ("exported" as const);
    return address && isStillGood(address, until, item, context)
      ? [{ address, data, until, place: item.place }]
      : [];
  });
  return { moved, removed };
}

function itemsOf(root: MapNode, key: string, context: FileContext): readonly Node[] {
  const entry = root.entries.get(key);
  const schema = consentKeys[key];
  if (!entry || !schema || isNull(entry.value)) return [];
  context.tellOurs(entry.keyPlace, key);
  const block = forBlock(context, `\`${key}\``);
  if (!context.checker.check(`root ${key}`, () => schema, toJson(entry.value), entry.value, block)) return [];
  return entry.value.is === "list" ? entry.value.items : [];
}

function readAddress(item: Node, key: string, context: FileContext): Address | undefined {
  const node = memberOf(item, key);
  const text = textOf(node) ?? "";
  const parsed = parseAddress(text);
  if (parsed && context.kinds.some(({ name }) => name === parsed.kind)) return text as Address;
  context.tell({
    code: "consent-address",
    severity: "error",
    message: `\`${key}: ${text}\` is no address of a resource.`,
    remedy: "Addresses look like render/postgres/main; a plan shows them.",
    place: node?.place ?? item.place,
  });
  return undefined;
}

function isStillGood(address: Address, until: string, item: Node, context: FileContext): boolean {
  if (until >= context.today) return true;
  context.tell({
    code: "consent-expired",
    severity: "warning",
    message: `The entry of \`removed\` for ${address} ended on ${until} and allows nothing any more.`,
    remedy: "Remove it.",
    place: memberOf(item, "until")?.place ?? item.place,
  });
  return false;
}

/** The entries of all files together. Those that contradict each other are told. */
export function joinConsents(
  readings: readonly ConsentReading[],
  declared: ReadonlySet<Address>,
  around: { readonly kinds: readonly FileKind[]; readonly tell: Tell },
): Pick<DesiredState, "moved" | "removed"> {
  const moved = readings.flatMap((reading) => reading.moved);
  for (const [index, move] of moved.entries()) {
    const reason =
      explainKind(move, around.kinds) ??
      explainDeclared(move, declared) ??
      explainChain(move, moved.slice(0, index));
    if (reason) around.tell({ severity: "error", place: move.place, ...reason });
  }
  const withWhere = <T extends { readonly place: Place }>({ place, ...rest }: T) => ({
    ...rest,
    where: whereOf(place),
  });
  return {
    moved: moved.map(withWhere),
    removed: readings.flatMap((reading) => reading.removed).map(withWhere),
  };
}

/**
 * Gives each resource that `moved` names the name that it had (`lifecycle.renamedFrom` of its block), so that its
 * object is found by that name where the state is lost. A block that moved between environments or projects gets
 * none, since its own name did not change.
 */
export function nameFormer(resources: readonly Desired[], moved: DesiredState["moved"]): readonly Desired[] {
  if (moved.length === 0) return resources;
  return resources.map((one) => {
    const from = moved.find(({ to }) => to === one.address)?.from;
    const former = from === undefined ? undefined : formerNameOf(from, one);
    if (former === undefined || one.lifecycle.renamedFrom !== undefined) return one;
    return { ...one, lifecycle: { ...one.lifecycle, renamedFrom: former } };
  });
}

function formerNameOf(from: Address, { address, kind, name }: Desired): string | undefined {
  const former = nameOf(from);
  if (kind !== referredKinds.environment)
    return address === makeAddress(kind, name) && former !== name ? former : undefined;
  const [project, ...rest] = former.split("/");
  return project === name.split("/")[0] ? rest.join("/") : undefined;
}

type Move = ConsentReading["moved"][number];
type Reason = {
  readonly code: "moved-kind" | "moved-declared" | "moved-chain";
  readonly message: string;
  readonly remedy: string;
};

function explainKind({ from, to }: Move, kinds: readonly FileKind[]): Reason | undefined {
  const kind = kinds.find(({ name }) => name === kindOf(from));
  if (kindOf(to) !== kindOf(from)) {
    const message = `\`moved\` leads from ${from} to ${to}, which is of another kind.`;
    return { code: "moved-kind", message, remedy: "A resource keeps its kind; only its name can change." };
  }
  if (kind?.fixedName === undefined) return undefined;
  const message = `${from} cannot be moved to ${to}: ${kind.fixedName}.`;
  return { code: "moved-kind", message, remedy: "Remove the entry; what has another name is another one." };
}

function explainDeclared({ from, to }: Move, declared: ReadonlySet<Address>): Reason | undefined {
  if (from === to || declared.has(from)) {
    const message = `\`moved\` leads from ${from}, which is still declared.`;
    return { code: "moved-declared", message, remedy: "Rename the block, or remove the entry." };
  }
  return undefined;
}

function explainChain({ from, to }: Move, before: readonly Move[]): Reason | undefined {
  const other = before.find((one) => [one.from, one.to].some((end) => end === from || end === to));
  if (!other) return undefined;
  const { file, line } = whereOf(other.place);
  const message = `\`moved\` names ${[from, to].find((end) => end === other.from || end === other.to) ?? from} twice; the other entry is at ${file}:${line}.`;
  const remedy = "Write one entry from the name that it had at the last apply to the one that it has now.";
  return { code: "moved-chain", message, remedy };
}
