import { parseAddress } from "../../core/base/address.ts";
import type { FieldChange, ResourceChange, Shown, Verdict } from "../../core/model/change.ts";
import { fieldKey } from "../../core/model/desired.ts";
import { displayWidth } from "../base/escape.ts";
import { nounOf } from "../base/kind-names.ts";
import { truncateMiddle, wrapText } from "../base/layout.ts";
import { byNature } from "../base/natural.ts";
import type { Row } from "../base/rows.ts";
import type { Canvas, Line } from "../base/screen.ts";
import { describeValue, findDifferences } from "./plan-values.ts";

const indent = 6;

/**
 * The rows below a change, one for each field that differs. `limit`: how many of them are listed, the rest being
 * counted; entries that are taken away are always listed.
 */
export function fieldRows(change: ResourceChange, canvas: Canvas, limit: number): readonly Row[] {
  const asked = new Set(
    change.notes.flatMap((note) => (note.note === "needs-value" ? [fieldKey(note.field, note.entry)] : [])),
  );
  const listed = [...change.fields]
    .sort((a, b) => byEntry(a, b))
    // A note says of those that their value is asked for.
    .filter((field) => field.removed || !asked.has(fieldKey(field.field, field.entry)))
    .filter((field) => change.action !== "create" || !isInSummary(field, change.summary));
  const verdicts = new Set(change.fields.map((field) => field.verdict));
  const describe = (field: FieldChange): Row => ({
    indent,
    label: canvas.text(labelOf(field)),
    words: (columns) =>
      fieldWords(withPlaceName(field), canvas, {
        columns,
        creates: change.action === "create",
        mixed: verdicts.size > 1,
      }),
  });
  const isFolded = (field: FieldChange, index: number) =>
    index >= limit && !field.removed && listed.length > limit + 1;
  const folded = listed.filter(isFolded).length;
  const rows = listed.filter((field, index) => !isFolded(field, index)).map(describe);
  return folded === 0
    ? rows
    : [...rows, { indent, label: `and ${folded} more fields`, paint: canvas.ink.dim, words: () => [] }];
}

/** An environment is told by its name, `shop/production`, and not by its address. */
function withPlaceName(field: FieldChange): FieldChange {
  if (field.field !== "environment") return field;
  const name = (shown: Shown): Shown => {
    const value = shown.show === "public" && typeof shown.value === "string" ? shown.value : "";
    const parsed = parseAddress(value);
    return parsed ? { show: "public", value: parsed.name } : shown;
  };
  return { ...field, before: name(field.before), after: name(field.after) };
}

/** Fields keep their order, and the entries of one are in theirs: `SETTING_2` before `SETTING_10`. */
function byEntry(a: FieldChange, b: FieldChange): number {
  return a.field === b.field && a.entry !== undefined && b.entry !== undefined
    ? byNature(a.entry, b.entry)
    : 0;
}

/** `branch (25), plan (20)`: in how many of several updates each field differs. Of new resources nothing: all is new. */
export function countedFields(changes: readonly ResourceChange[], canvas: Canvas): readonly Row[] {
  if (changes.some(({ action }) => action === "create")) return [];
  const counts = new Map<string, number>();
  for (const { fields } of changes)
    for (const field of new Set(fields.map((one) => one.field)))
      counts.set(field, (counts.get(field) ?? 0) + 1);
  if (counts.size === 0) return [];
  const told = [...counts].sort(([a, manyA], [b, manyB]) => manyB - manyA || byNature(a, b));
  const text = told.map(([field, many]) => `${field} (${many})`).join(", ");
  return [
    {
      indent,
      label: "fields",
      words: (columns) => wrapText(canvas.text(text), columns).map((line): Line => [[line]]),
    },
  ];
}

/** `envVars.PORT`; of a link to another resource what that is: `env group shared`. */
function labelOf(change: FieldChange): string {
  const { field, entry } = change;
  const linked = isMembership(change) ? parseAddress(entry ?? "") : undefined;
  return linked ? `${nounOf(linked.kind)} ${linked.name}` : fieldKey(field, entry);
}

/** Whether the summary beside the name of the resource says a field already, so that no row repeats it. */
function isInSummary(field: FieldChange, summary: string): boolean {
  if (field.entry !== undefined || field.after.show !== "public") return false;
  // A summary begins with the type in words: `private` for `pserv`.
  if (field.field === "type") return summary !== "";
  const told = describeValue(field.after.value);
  return summary
    .split(" · ")
    .some(
      (piece) =>
        piece === told ||
        piece.startsWith(`${told} `) ||
        piece.endsWith(` ${told}`) ||
        piece.endsWith(`/${told}`),
    );
}

function fieldWords(
  field: FieldChange,
  canvas: Canvas,
  how: { readonly columns: number; readonly creates: boolean; readonly mixed: boolean },
): readonly Line[] {
  const { ink } = canvas;
  const verdict = how.mixed ? verdictWords[field.verdict] : "";
  const suffix = verdict === "" ? "" : `(${verdict})`;
  const lines = how.creates ? newLines(field, how.columns, canvas) : changedLines(field, how.columns, canvas);
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

/** Whether an entry says only that something is there: a link, a user. */
function isMembership({ entry, before, after }: FieldChange): boolean {
  const isTrue = (shown: Shown): boolean => shown.show === "public" && shown.value === true;
  return entry !== undefined && (isTrue(after) || isTrue(before));
}

function membershipWord({ entry, removed }: FieldChange): string {
  if (parseAddress(entry ?? "")) return removed ? "link removed" : "linked";
  return removed ? "removed" : "added";
}

function newLines(field: FieldChange, columns: number, canvas: Canvas): readonly Line[] {
  if (isMembership(field)) return [[[membershipWord(field)]]];
  const text = showText(field.after, canvas);
  const paint = paintOf(field.after, canvas);
  return isStructured(field.after)
    ? wrapText(text, columns).map((line): Line => [[line, paint]])
    : [[[truncateMiddle(text, columns, canvas.glyphs.ellipsis), paint]]];
}

function changedLines(field: FieldChange, columns: number, canvas: Canvas): readonly Line[] {
  const { ink } = canvas;
  const { before, after, removed, forcesReplace } = field;
  if (isMembership(field)) return [[[membershipWord(field), removed ? ink.red : undefined]]];
  const told = removed ? "removed" : showText(after, canvas);
  if (removed || after.show !== "public" || before.show !== "public")
    return pairLines(field, told, columns, canvas);
  const differences = findDifferences(before.value, after.value);
  if (differences === undefined) return pairLines(field, told, columns, canvas);
  const paints = { "-": ink.red, "+": ink.green, "~": forcesReplace ? ink.red : undefined };
  return differences.flatMap(({ sign, text }) => {
    const start = sign === "~" ? "" : `${sign} `;
    return wrapText(canvas.text(start + text), columns).map((line): Line => [[line, paints[sign]]]);
  });
}

function isStructured(shown: Shown): boolean {
  return shown.show === "public" && typeof shown.value === "object" && shown.value !== null;
}

/**
 * The two values of a field: `before -> after` on one line where both fit, else one below the other, cut to the part
 * in which they differ.
 */
function pairLines(field: FieldChange, after: string, columns: number, canvas: Canvas): readonly Line[] {
  const { ink, glyphs } = canvas;
  const before = field.before.show === "absent" ? "not set" : showText(field.before, canvas);
  const told =
    before === after ? [asJson(field.before, before), asJson(field.after, after)] : [before, after];
  const [old = "", next = ""] = told.map((text) => canvas.text(text));
  const paintAfter = field.removed || field.forcesReplace ? ink.red : paintOf(field.after, canvas);
  if (displayWidth(old) + 4 + displayWidth(next) <= columns)
    return [[[old, ink.dim], [" -> "], [next, paintAfter]]];
  if (isStructured(field.before) || isStructured(field.after))
    return [
      ...wrapText(old, columns).map((line): Line => [[line, ink.dim]]),
      ...wrapText(`-> ${next}`, columns).map((line): Line => [[line, paintAfter]]),
    ];
  const [cutOld, cutNext] = cutAlike(old, next, columns - 3, glyphs.ellipsis);
  return [[[cutOld, ink.dim]], [["-> "], [cutNext, paintAfter]]];
}

/** Two long texts that start alike, each cut to begin shortly before the first place where they differ. */
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
      return canvas.text(describeValue(shown.value));
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

function asJson(shown: Shown, text: string): string {
  return shown.show === "public" ? JSON.stringify(shown.value) : text;
}

function paintOf(shown: Shown, { ink }: Canvas) {
  return shown.show === "source" ? ink.cyan : shown.show === "secret" ? ink.yellow : (text: string) => text;
}
