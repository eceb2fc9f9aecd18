import { byText, type Address } from "../core/address.ts";
import type { Inventory, Owned } from "../core/inventory.ts";
import { fingerprint } from "../core/secret.ts";
import { printJson } from "./json.ts";
import { printRows, type Row } from "./rows.ts";
import { openCanvas, withGlyphs, type Canvas, type Screen } from "./screen.ts";

/** Every address that is owned, with the id that it stands for. */
export function renderOwning(inventory: Inventory, place: string, screen: Screen): string {
  const canvas = openCanvas(screen);
  const owned = sortedOf(inventory);
  const rows = owned.map(([address, one]): Row => {
    const facts = [
      one.id,
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

export function renderOwningJson(inventory: Inventory, place: string): string {
  const resources = sortedOf(inventory).map(([address, one]) => describeOwned(address, one));
  return printJson({
    formatVersion: "1.0",
    place,
    workspace: inventory.workspace ?? null,
    serial: inventory.serial,
    resources,
  });
}

/** One of them: its fields by the first digits of what was last applied, which tell equal from changed and nothing else. */
export function renderOwned(address: Address, owned: Owned, screen: Screen): string {
  const canvas = openCanvas(screen);
  const fact = (label: string, text: string): Row => ({
    indent: 2,
    label,
    words: () => [[[canvas.text(text)]]],
  });
  const rows = [
    fact("id", owned.id),
    fact("name", owned.name),
    fact("protected", owned.protect ? "yes" : "no"),
    ...owned.needs.map((need, index) => fact(index === 0 ? "needs" : "", need)),
  ];
  return `${[canvas.ink.bold(canvas.text(address)), ...printRows(rows, canvas.columns), ...fieldLines(owned, canvas)].join("\n")}\n`;
}

export function renderOwnedJson(address: Address, owned: Owned): string {
  return printJson({ formatVersion: "1.0", ...describeOwned(address, owned) });
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

function describeOwned(address: Address, { kind, id, name, protect, needs, fields }: Owned) {
  const applied = Object.fromEntries(
    Object.entries(fields).map(([field, digest]) => [field, fingerprint(digest)]),
  );
  return { address, kind, id, name, protect, needs, fields: applied };
}

function sortedOf(inventory: Inventory): readonly (readonly [Address, Owned])[] {
  return (Object.entries(inventory.resources) as [Address, Owned][]).sort(([a], [b]) => byText(a, b));
}
