import type { FieldChange, Note, ResourceChange, Shown, Verdict } from "../../core/model/change.ts";
import { fieldKey } from "../../core/model/desired.ts";
import { describeTime } from "../../core/diff/uncertain.ts";
import { truncateMiddle, wrapText } from "../base/layout.ts";
import { displayWidth } from "../base/escape.ts";
import type { Row } from "../base/rows.ts";
import type { Canvas, Line } from "../base/screen.ts";

const indent = 6;
const shownEntries = 6;

/** `limit`: how many fields are listed before the rest is only counted; entries that are taken away are always listed. */
export function fieldRows(change: ResourceChange, canvas: Canvas, limit: number): readonly Row[] {
  const listed =
    change.action === "create"
      ? change.fields.filter((field) => !isInSummary(field, change.summary))
      : change.fields;
  const verdicts = new Set(change.fields.map((field) => field.verdict));
  const describe = (field: FieldChange): Row => ({
    indent,
    label: canvas.text(fieldKey(field.field, field.entry)),
    words: (columns) =>
      fieldWords(field, canvas, { columns, creates: change.action === "create", mixed: verdicts.size > 1 }),
  });
  const isFolded = (field: FieldChange, index: number) =>
    index >= limit && !field.removed && listed.length > limit + 1;
  const folded = listed.filter(isFolded).length;
  const rows = listed.filter((field, index) => !isFolded(field, index)).map(describe);
  return folded === 0
    ? rows
    : [...rows, { indent, label: `and ${folded} more fields`, paint: canvas.ink.dim, words: () => [] }];
}

/** What the words beside the name say is not said again below it. */
function isInSummary(field: FieldChange, summary: string): boolean {
  if (field.entry !== undefined || field.after.show !== "public") return false;
  const { value } = field.after;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return summary.split(" · ").some((piece) => piece === text || piece.endsWith(` ${text}`));
}

function fieldWords(
  field: FieldChange,
  canvas: Canvas,
  how: { readonly columns: number; readonly creates: boolean; readonly mixed: boolean },
): readonly Line[] {
  const { ink } = canvas;
  const after = field.removed ? "removed" : showText(field.after, canvas);
  const verdict = how.mixed ? verdictWords[field.verdict] : "";
  const suffix = verdict === "" ? "" : `(${verdict})`;
  const lines = how.creates
    ? [[[truncateMiddle(after, how.columns, canvas.glyphs.ellipsis), paintOf(field.after, canvas)] as const]]
    : pairLines(field, after, how.columns, canvas);
  if (suffix === "") return lines;
  const last = lines.at(-1) ?? [];
  const used = last.reduce((width, [text]) => width + displayWidth(text), 0);
  const end: Line = [[suffix, ink.dim]];
  return used + 2 + displayWidth(suffix) <= how.columns
    ? [...lines.slice(0, -1), [...last, ["  "], ...end]]
    : [...lines, end];
}

const verdictWords: Readonly<Record<Verdict, string>> = {
  file: "changed in the file",
  outside: "changed outside",
  both: "changed in the file and outside",
  unknown: "",
  source: "another value than last applied",
};

/** `before -> after` on one line where both fit, else one below the other, cut where they are alike. */
function pairLines(field: FieldChange, after: string, columns: number, canvas: Canvas): readonly Line[] {
  const { ink, glyphs } = canvas;
  const before = field.before.show === "absent" ? "not set" : showText(field.before, canvas);
  const told =
    before === after ? [asJson(field.before, before), asJson(field.after, after)] : [before, after];
  const [old = "", next = ""] = told.map((text) => canvas.text(text));
  const paintAfter = field.removed || field.forcesReplace ? ink.red : paintOf(field.after, canvas);
  if (displayWidth(old) + 4 + displayWidth(next) <= columns)
    return [[[old, ink.dim], [" -> "], [next, paintAfter]]];
  const [cutOld, cutNext] = cutAlike(old, next, columns - 3, glyphs.ellipsis);
  return [[[cutOld, ink.dim]], [["-> "], [cutNext, paintAfter]]];
}

/** Long texts that start alike are shown from shortly before the place where they part. */
function cutAlike(a: string, b: string, width: number, ellipsis: string): readonly [string, string] {
  const [first, second] = [Array.from(a), Array.from(b)];
  let alike = 0;
  while (alike < first.length && first[alike] === second[alike]) alike += 1;
  const tooWide = displayWidth(a) > width || displayWidth(b) > width;
  const skip = tooWide && alike > width / 3 ? alike - 8 : 0;
  const cut = (characters: readonly string[]) =>
    truncateMiddle((skip > 0 ? ellipsis : "") + characters.slice(skip).join(""), width, ellipsis);
  return [cut(first), cut(second)];
}

function showText(shown: Shown, canvas: Canvas): string {
  switch (shown.show) {
    case "public":
      return canvas.text(
        typeof shown.value === "string" && isPlain(shown.value) ? shown.value : JSON.stringify(shown.value),
      );
    case "secret":
      return shown.fingerprint;
    case "source":
      return canvas.text(shown.text);
    case "absent":
      return "not set";
    default:
      return shown satisfies never;
  }
}

/** Quotes are needed only where a text would be invisible or its edges would be. */
function isPlain(text: string): boolean {
  return text !== "" && text.trim() === text;
}

function asJson(shown: Shown, text: string): string {
  return shown.show === "public" ? JSON.stringify(shown.value) : text;
}

function paintOf(shown: Shown, { ink }: Canvas) {
  return shown.show === "source" ? ink.cyan : shown.show === "secret" ? ink.yellow : (text: string) => text;
}

export function noteRows(notes: readonly Note[], canvas: Canvas): readonly Row[] {
  return notes.map((note): Row => {
    const { label, text } = describeNote(note);
    return {
      indent,
      label: canvas.text(label),
      words: (columns) => wrapText(canvas.text(text), columns).map((line): Line => [[line, canvas.ink.dim]]),
    };
  });
}

function describeNote(note: Note): { readonly label: string; readonly text: string } {
  switch (note.note) {
    case "not-in-file": {
      const more = note.entries.length - shownEntries;
      const names = note.entries.slice(0, shownEntries).join(", ") + (more > 0 ? ` and ${more} more` : "");
      return { label: note.field, text: `not in the file, kept: ${names}` };
    }
    case "goes-for-good":
      return {
        label: note.field,
        text: `go for good, nobody can give them again from the file: ${note.entries.join(", ")}`,
      };
    case "remark":
      return { label: "", text: note.text };
    case "stays":
      return { label: "", text: note.text };
    case "secret-changed":
      return {
        label: fieldKey(note.field, note.entry),
        text: `${note.before} -> ${note.after}, changed outside the file, and kept: trueup drift --accept agrees to it, --replace-values writes another`,
      };
    case "needs-value":
      return { label: fieldKey(note.field, note.entry), text: "still needs a value" };
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

function describeUncertain({ at, from }: Extract<Note, { note: "uncertain" }>): string {
  const again = from === undefined ? "is sent again" : `may be sent again at ${describeTime(from, at)}`;
  return `uncertain, ${again}: the answer to its creation was lost at ${describeTime(at, at)}, and no list shows it`;
}

/** Two changes whose field lines would read the same; what is taken away or replaced is always spelled out. */
export function haveSameFields(a: ResourceChange, b: ResourceChange): boolean {
  const told = (change: ResourceChange) =>
    JSON.stringify(change.fields.map(({ where: _place, ...field }) => field));
  const isGrave = a.action === "replace" || a.fields.some((field) => field.removed);
  return (
    !isGrave &&
    a.fields.length > 0 &&
    a.notes.length === 0 &&
    b.notes.length === 0 &&
    a.action === b.action &&
    told(a) === told(b)
  );
}
