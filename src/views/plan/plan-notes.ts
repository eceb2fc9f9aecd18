import type { Note, Remark, ResourceChange } from "../../core/model/change.ts";
import { nameOf } from "../../core/base/address.ts";
import { count } from "../../core/base/text.ts";
import { groupBy } from "../../core/base/group.ts";
import { fieldKey } from "../../core/model/desired.ts";
import { describeTime } from "../../core/diff/uncertain.ts";
import { countKind } from "../base/kind-names.ts";
import { wrapText } from "../base/layout.ts";
import { byNature } from "../base/natural.ts";
import { printRows, type Row } from "../base/rows.ts";
import type { Canvas, Line } from "../base/screen.ts";

const indent = 6;
const shownEntries = 6;
/** How many resources with the same remark are listed without `-v`. */
const shownRemarks = 4;

/**
 * The rows of the notes below a change. Values of one field that are still asked for are in one row. `joint`: remarks
 * that stand at the end of the plan, and not here.
 */
export function noteRows(
  notes: readonly Note[],
  canvas: Canvas,
  joint: ReadonlySet<string> = new Set(),
): readonly Row[] {
  const asked = groupBy(
    notes.filter((note) => note.note === "needs-value"),
    ({ field }) => field,
  );
  const others = notes.flatMap((note) =>
    note.note === "needs-value" || (note.note === "remark" && joint.has(note.text)) ? [] : [note],
  );
  const told = [
    ...[...asked].map(([field, all]) =>
      describeAsked(
        field,
        all.map(({ entry }) => entry),
      ),
    ),
    ...others.map((note) => describeNote(note, canvas.verbose)),
  ];
  return told.map(({ label, text }): Row => ({
    indent,
    label: canvas.text(label),
    words: (columns) => wrapText(canvas.text(text), columns).map((line): Line => [[line, canvas.ink.dim]]),
  }));
}

type Told = { readonly label: string; readonly text: string };

function describeAsked(field: string, asked: readonly (string | undefined)[]): Told {
  const [only] = asked;
  if (asked.length === 1)
    return { label: fieldKey(field, only), text: "still needs a value: asked for at apply" };
  const sorted = asked.map((entry) => entry ?? field).sort(byNature);
  return {
    label: field,
    text: `${asked.length} still need a value, asked for at apply: ${sorted.join(", ")}`,
  };
}

function describeNote(note: Exclude<Note, { note: "needs-value" }>, isWhole: boolean): Told {
  switch (note.note) {
    case "not-in-file": {
      const entries = [...note.entries].sort(byNature);
      const shown = isWhole ? entries : entries.slice(0, shownEntries);
      const more = entries.length - shown.length;
      const names = shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
      return { label: note.field, text: `not in the file, kept: ${names}` };
    }
    case "goes-for-good":
      return {
        label: note.field,
        text: `lost for good, since the file does not hold them: ${[...note.entries].sort(byNature).join(", ")}`,
      };
    case "remark":
      return { label: "", text: describeRemark(note) };
    case "stays":
      return { label: "", text: note.text };
    case "secret-changed":
      return {
        label: fieldKey(note.field, note.entry),
        text: `${note.before} -> ${note.after}, changed outside the file, and kept: trueup drift --accept agrees to it, --replace-values writes another`,
      };
    case "uncertain":
      return { label: "", text: describeUncertain(note) };
    case "cannot-verify":
      return { label: fieldKey(note.field, note.entry), text: `cannot be verified: ${note.reason}` };
    case "cannot-compare":
      return { label: fieldKey(note.field, note.entry), text: `cannot be compared: ${note.reason}` };
    default:
      return note satisfies never;
  }
}

function describeRemark({ text, detail }: Remark): string {
  return detail === undefined ? text : `${text} (${detail})`;
}

function describeUncertain({ at, from }: Extract<Note, { note: "uncertain" }>): string {
  const again = from === undefined ? "is sent again" : `may be sent again at ${describeTime(from, at)}`;
  return `uncertain, ${again}: the answer to its creation was lost at ${describeTime(at, at)}, and no list shows it`;
}

/** Facts that many resources share, each told once. */
export function printJointRemarks(changes: readonly ResourceChange[], canvas: Canvas): readonly string[] {
  return findJointRemarks(changes).flatMap((remark) => printJointRemark(remark, canvas));
}

type JointRemark = { readonly text: string; readonly about: readonly (readonly [ResourceChange, string])[] };

/** Remarks that several resources have, each with a detail of its own: the text is said once, at the end. */
export function findJointRemarks(changes: readonly ResourceChange[]): readonly JointRemark[] {
  const all = changes.flatMap((change) =>
    change.notes.flatMap((note) =>
      note.note === "remark" && note.detail !== undefined
        ? [{ change, text: note.text, detail: note.detail }]
        : [],
    ),
  );
  return [...groupBy(all, ({ text }) => text)]
    .filter(([, about]) => about.length > 1)
    .map(([text, about]) => ({ text, about: about.map(({ change, detail }) => [change, detail] as const) }));
}

function printJointRemark({ text, about }: JointRemark, canvas: Canvas): readonly string[] {
  const { ink, columns, verbose } = canvas;
  const [first] = about;
  if (!first) return [];
  const head = `${countKind(first[0].kind, about.length)}: ${text}`;
  const sorted = [...about].sort(([a], [b]) => byNature(a.address, b.address));
  const shown = verbose ? sorted : sorted.slice(0, shownRemarks);
  const rows = shown.map(([change, detail]): Row => ({
    indent: 4,
    label: canvas.text(nameOf(change.address)),
    words: (room) => wrapText(canvas.text(detail), room).map((line): Line => [[line, ink.dim]]),
  }));
  const more = about.length - shown.length;
  return [
    ...wrapText(canvas.text(head), columns - 2).map((line) => `  ${line}`),
    ...printRows(rows, columns),
    ...(more > 0 ? [ink.dim(`    and ${count(more, "more", "more")}; -v lists them`)] : []),
  ];
}
