import type { Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Inventory, Owned, Pending } from "../../core/model/inventory.ts";
import { fingerprint } from "../../core/base/digest.ts";
import { describeFile } from "../../core/owners/tell-owners.ts";
import { printDocument } from "../json/document.ts";
import { wrapText } from "../base/layout.ts";
import { describePending } from "./pending.ts";
import { byNature } from "../base/natural.ts";
import { printRows, type Row } from "../base/rows.ts";
import { openCanvas, withGlyphs, type Canvas, type Line, type Screen } from "../base/screen.ts";

/** One address of the state. `owned` is absent where only its creation is known to have been sent. */
type ShownResource = { readonly owned?: Owned; readonly pending?: Pending; readonly again?: Millis };

/** The owned addresses for people, with the id that each stands for. */
export function renderOwning(inventory: Inventory, place: string, screen: Screen): string {
  const canvas = openCanvas(screen);
  const owned = sortedOf(inventory);
  const home = onlyRepository(inventory);
  const rows = owned.map(([address, one]): Row => {
    const facts = [
      one.id,
      ...(one.file === undefined ? [] : [describeFile(one.file, inventory, home)]),
      ...(one.protect ? ["protected"] : []),
      ...(inventory.pending?.[address] ? ["a run left work with it"] : []),
    ];
    return {
      indent: 2,
      label: canvas.text(address),
      words: () => [[[canvas.text(withGlyphs(canvas, facts.join(" · "))), canvas.ink.dim]]],
    };
  });
  const total = `${owned.length} ${owned.length === 1 ? "resource" : "resources"} owned, in ${canvas.text(place)}`;
  return `${[...printRows(rows, canvas.columns), ...(rows.length > 0 ? [""] : []), total].join("\n")}\n`;
}

/** The owned addresses as the document of `--json`. */
export function renderOwningJson(inventory: Inventory, place: string): string {
  const resources = sortedOf(inventory).map(([address, one]) => describeOwned(address, one));
  return printDocument("inventory", "done", {
    place,
    workspace: inventory.workspace ?? null,
    serial: inventory.serial,
    resources,
  });
}

/**
 * One owned address for people: its fields, each with the first digits of the digest that was last applied (which
 * show equal or changed, and nothing else), and what a run left undone with it. Of an object that was perhaps
 * created, only the latter is known.
 */
export function renderOwned(
  address: Address,
  { owned, pending, again }: ShownResource,
  screen: Screen,
): string {
  const canvas = openCanvas(screen);
  const fact = (label: string, text: string): Row => ({
    indent: 2,
    label,
    words: (room) => wrapText(canvas.text(text), room).map((line): Line => [[line]]),
  });
  const left = pending ? describePending(pending, again) : [];
  const rows = [
    ...(owned ? ownedFacts(owned).map(([label, text]) => fact(label, text)) : [fact("id", "not known")]),
    ...left.map((sentence, index) => fact(index === 0 ? "left" : "", sentence)),
  ];
  const lines = [
    canvas.ink.bold(canvas.text(address)),
    ...printRows(rows, canvas.columns),
    ...(owned ? fieldLines(owned, canvas) : []),
  ];
  return `${lines.join("\n")}\n`;
}

function ownedFacts({ id, name, file, protect, needs }: Owned): readonly (readonly [string, string])[] {
  return [
    ["id", id],
    ["name", name],
    ["file", file ?? "not known: the next apply notes it"],
    ["protected", protect ? "yes" : "no"],
    ...needs.map((need, index) => [index === 0 ? "needs" : "", need] as const),
  ];
}

/** One owned address as the document of `--json`. */
export function renderOwnedJson(address: Address, { owned, pending }: ShownResource): string {
  const resource = owned ? describeOwned(address, owned) : { address };
  return printDocument("resource", "done", { resource, pending: pending ?? null });
}

function fieldLines({ fields }: Owned, canvas: Canvas): readonly string[] {
  const rows = Object.entries(fields).map(([field, digest]): Row => ({
    indent: 4,
    label: canvas.text(field),
    words: () => [[[fingerprint(digest), canvas.ink.dim]]],
  }));
  return rows.length === 0
    ? ["  nothing applied yet"]
    : ["  last applied", ...printRows(rows, canvas.columns)];
}

function describeOwned(address: Address, { kind, id, name, file, protect, needs, fields }: Owned) {
  const applied = Object.fromEntries(
    Object.entries(fields).map(([field, digest]) => [field, fingerprint(digest)]),
  );
  return { address, kind, id, name, file: file ?? null, protect, needs, fields: applied };
}

/**
 * The one repository that all files of the state are from, so that a path alone says which file is meant; `undefined`
 * where there are several.
 */
function onlyRepository({ files }: Inventory): string | undefined {
  const repositories = new Set(Object.values(files).map(({ repository }) => repository));
  return repositories.size === 1 ? [...repositories][0] : undefined;
}

function sortedOf(inventory: Inventory): readonly (readonly [Address, Owned])[] {
  return (Object.entries(inventory.resources) as [Address, Owned][]).sort(([a], [b]) => byNature(a, b));
}
