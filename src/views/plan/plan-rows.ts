import { byText, type KindName } from "../../core/base/address.ts";
import type { ResourceChange, Rotation, Verdict } from "../../core/model/change.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Gap } from "../../core/model/plan.ts";
import { isDrifted } from "../../core/run/report.ts";
import { describeEstimate } from "../base/duration.ts";
import { wrapText } from "../base/layout.ts";
import { fieldRows, haveSameFields, noteRows } from "./plan-fields.ts";
import type { Row } from "../base/rows.ts";
import { withGlyphs, type Canvas, type Line, type Paint } from "../base/screen.ts";

/** How a change stands in the listing: its action, with drift told apart from an edit of the file. */
type Manner = "create" | "adopt" | "update" | "drift" | "replace" | "delete" | "forget" | "keep";

/** Listed in this order: what takes something away stands last, next to the counts. */
const manners: readonly Manner[] = [
  "keep",
  "create",
  "adopt",
  "update",
  "drift",
  "replace",
  "delete",
  "forget",
];

/** Above this many listed changes, the fields of a new resource are only counted after the first few. */
const manyChanges = 40;
const shownKept = 8;

export function planRows(
  changes: readonly ResourceChange[],
  canvas: Canvas,
  gaps: readonly Gap[] = [],
): readonly Row[] {
  const away = new Map(gaps.map(({ address, time }) => [address, time]));
  const kept = changes.filter((change) => change.action === "keep");
  const listed = changes.filter((change) => change.action !== "keep").sort(byManner);
  const limit = listed.length > manyChanges ? 6 : 30;
  const rows = listed.flatMap((change, index) =>
    changeRows(change, { previous: listed[index - 1], away: away.get(change.address) }, canvas, limit),
  );
  return [...rows, ...keptRows(kept, canvas)];
}

function byManner(a: ResourceChange, b: ResourceChange): number {
  return manners.indexOf(mannerOf(a)) - manners.indexOf(mannerOf(b)) || byText(a.address, b.address);
}

function mannerOf(change: ResourceChange): Manner {
  return isDrifted(change) ? "drift" : change.action;
}

function changeRows(
  change: ResourceChange,
  { previous, away }: { readonly previous?: ResourceChange | undefined; readonly away?: Millis | undefined },
  canvas: Canvas,
  limit: number,
): readonly Row[] {
  const paint = paintOf(mannerOf(change), canvas);
  const fields = fieldRows(change, canvas, limit);
  const repeats = fields.length > 0 && previous !== undefined && haveSameFields(previous, change);
  const gap = away === undefined ? "" : `, away for ${describeEstimate(away)}`;
  const reason = headText(change) + gap + (repeats ? ", fields as above" : "");
  const head: Row = {
    indent: 2,
    mark: [markOf(mannerOf(change), canvas), paint],
    label: canvas.text(change.address),
    paint,
    words: (columns) => headWords(reason, change, canvas, columns),
  };
  return [head, ...(repeats ? [] : fields), ...noteRows(change.notes, canvas)];
}

function markOf(manner: Manner, { glyphs }: Canvas): string {
  const marks: Record<Manner, string> = {
    create: "+",
    adopt: ">",
    update: "~",
    drift: "!",
    replace: glyphs.replace,
    delete: "-",
    forget: "<",
    keep: ".",
  };
  return marks[manner];
}

function paintOf(manner: Manner, { ink }: Canvas): Paint {
  const paints: Record<Manner, Paint> = {
    create: ink.green,
    adopt: ink.cyan,
    update: ink.yellow,
    drift: ink.magenta,
    replace: ink.red,
    delete: ink.red,
    forget: ink.dim,
    keep: ink.dim,
  };
  return paints[manner];
}

function headWords(reason: string, change: ResourceChange, canvas: Canvas, columns: number): readonly Line[] {
  const lines = wrapText(canvas.text(withGlyphs(canvas, reason)), columns).map((line): Line => [[line]]);
  if (!change.losesData) return lines;
  const last = lines.at(-1) ?? [];
  const loss: Line = [["DATA IS LOST", (text) => canvas.ink.bold(canvas.ink.red(text))]];
  const room = columns - last.reduce((width, [text]) => width + text.length, 0);
  return room > 14 ? [...lines.slice(0, -1), [...last, [". "], ...loss]] : [...lines, loss];
}

function headText(change: ResourceChange): string {
  const place = change.where ? `, ${change.where.file}:${(onlyPlace(change) ?? change.where).line}` : "";
  switch (change.action) {
    case "create":
      return change.recreates ? `gone outside the file, created again · ${change.summary}` : change.summary;
    case "adopt":
      if (change.outside === "gone")
        return "gone outside the file, and another one has its name: that one is adopted, and removing it from the file deletes it";
      return "exists already, adopted: from now on, removing it from the file deletes it";
    case "update":
      if (change.fields.length === 0) return describeDue(change);
      return `${updateReason(change)}${change.fields.some(({ verdict }) => isOfFile(verdict)) ? place : ""}`;
    case "replace":
      if (change.succession) return describeRotation(change.succession);
      return describeReplacement(change);
    case "delete":
      return change.summary;
    case "forget":
      return change.outside === "gone"
        ? "gone, and no longer in the file: only the inventory forgets it"
        : "no longer in the file, and stays as it is: only the inventory forgets it";
    case "keep":
      if (change.notes.some(({ note }) => note === "secret-changed"))
        return "a secret was changed outside the file";
      return change.converged.length > 0
        ? `already as the file asks: ${listWords(change.converged)}`
        : "unchanged";
    default:
      return change.action satisfies never;
  }
}

function describeDue({ due, exportedTo }: ResourceChange): string {
  if (!due?.formers) return "an earlier run ended before its deploy, which is still due";
  return `an earlier run began to replace it: the former one is still to be deleted${describeCopy(exportedTo)}`;
}

function describeReplacement({ fields, exportedTo, takesOver }: ResourceChange): string {
  const fixed = fields.filter((field) => field.forcesReplace).map((field) => field.field);
  const reason = `must be replaced: ${listWords(fixed)} cannot change${describeCopy(exportedTo)}`;
  if (!takesOver) return reason;
  const taken = Object.entries(takesOver).map(([field, count]) => `${field} (${count})`);
  const values = taken.length === 0 ? "" : ` and takes over ${listWords(taken)}`;
  return `${reason}; the new one is made first${values}`;
}

function describeCopy(exportedTo: string | undefined): string {
  return exportedTo === undefined ? "" : `, exported first to ${exportedTo}`;
}

function describeRotation({ mode, because }: Rotation): string {
  switch (mode) {
    case "begin":
      return `rotated, ${because}: the new one is delivered and proven before this one goes`;
    case "continue":
      return `rotated, ${because}: the new one is there, and is delivered and proven before this one goes`;
    case "again":
      return `removed and made again, ${because}`;
    case "gap":
      return `replaced WITH A GAP, ${because}: this one goes before the new one is there`;
    default:
      return mode satisfies never;
  }
}

/** The line of the one field that changed, else the block's. */
function onlyPlace(change: ResourceChange) {
  return change.fields.length === 1 ? change.fields[0]?.where : undefined;
}

/** Whether the file's own text asks for something else, so that its line is the place to look at. */
function isOfFile(verdict: Verdict): boolean {
  return verdict !== "outside" && verdict !== "source";
}

function updateReason(change: ResourceChange): string {
  const verdicts = new Set<Verdict>(change.fields.map((field) => field.verdict));
  if (verdicts.has("both") || (verdicts.has("file") && verdicts.has("outside")))
    return "changed in the file and outside it";
  if (verdicts.has("outside"))
    return isDrifted(change) || !verdicts.has("unknown")
      ? "changed outside the file"
      : "changed outside the file, or new in it";
  if (verdicts.has("file")) return "changed in the file";
  return verdicts.has("source") ? "another value than last applied" : "new in the file";
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** What stays is counted by kind; only what has something to say about itself gets a line, and not more than a few. */
function keptRows(kept: readonly ResourceChange[], canvas: Canvas): readonly Row[] {
  const speaking = kept
    .filter((change) => change.notes.length > 0 || change.converged.length > 0)
    .slice(0, shownKept);
  const counted = kept.filter((change) => !speaking.includes(change));
  const alike = counted.filter((change) => change.notes.length > 0 || change.converged.length > 0).length;
  const rows = speaking.flatMap((change) => changeRows(change, {}, canvas, 0));
  if (counted.length === 0) return rows;
  const paint = canvas.ink.dim;
  const kinds = listKinds(counted);
  const which = alike === counted.length ? "" : ` ${alike} of them`;
  const words = alike > 0 ? `unchanged,${which} with notes like these` : "unchanged";
  const group: Row = { indent: 2, mark: [".", paint], label: kinds, paint, words: () => [[[words, paint]]] };
  return [...rows, group];
}

/** `24 services, 3 env groups`: most frequent first. */
function listKinds(changes: readonly ResourceChange[]): string {
  const counts = new Map<KindName, number>();
  for (const { kind } of changes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const sorted = [...counts].sort(([a, manyA], [b, manyB]) => manyB - manyA || byText(a, b));
  return sorted.map(([kind, many]) => `${many} ${nameKind(kind, many)}`).join(", ");
}

/** The last segment of a kind's name in words: "env groups", "postgres". */
function nameKind(kind: KindName, many: number): string {
  const words = (kind.split("/")[1] ?? kind).replaceAll("-", " ");
  return many === 1 || words.endsWith("s") ? words : `${words}s`;
}
