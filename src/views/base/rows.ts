import { displayWidth } from "./escape.ts";
import { padTo, printLine, widthOf, wrapText } from "./layout.ts";
import type { Canvas, Line, Paint, Span } from "./screen.ts";

/**
 * One entry of a listing in two columns: a label, and words beside it. Labels are names and are never cut. A label
 * that is too wide for its column has its words behind it where they fit, else below it; it does not make the column
 * of the others wider.
 */
export type Row = {
  readonly indent: number;
  /** A sign of one character before the label. */
  readonly mark?: Span;
  readonly label: string;
  readonly paint?: Paint;
  /** The lines beside the label, for so many columns as there are. */
  readonly words: (columns: number) => readonly Line[];
  /** The label is not a name, and does not make the column of the others wider. */
  readonly isLoose?: true;
  /** There is no label, and the words take the whole width behind the indent. */
  readonly isWide?: true;
};

const gap = 2;
const narrowestWords = 24;

/** The column at which words start: behind the widest label that leaves them half of the screen. */
function wordColumn(rows: readonly Row[], columns: number): number {
  const most = Math.max(Math.floor(columns / 2), columns - 60);
  const widths = rows.map((row) => startOf(row) + displayWidth(row.label) + gap);
  const fitting = widths.filter((width) => width <= most);
  return fitting.length > 0 ? Math.max(...fitting) : most;
}

/** The lines of a listing, for a screen of so many columns. */
export function printRows(rows: readonly Row[], columns: number): readonly string[] {
  const labelled = rows.filter((row) => !row.isWide);
  const names = labelled.filter((row) => !row.isLoose);
  const column = wordColumn(names.length > 0 ? names : labelled, columns);
  return rows.flatMap((row) => (row.isWide ? printWide(row, columns) : printRow(row, column, columns)));
}

function printWide({ indent, mark, words }: Row, columns: number): readonly string[] {
  const start = indent + (mark ? 2 : 0);
  return words(columns - start).map((line, index) =>
    mark && index === 0
      ? printLine([[" ".repeat(indent)], mark, [" "], ...line])
      : printLine([[" ".repeat(start)], ...line]),
  );
}

function printRow(row: Row, column: number, columns: number): readonly string[] {
  const start: Line = row.mark ? [[" ".repeat(row.indent)], row.mark, [" "]] : [[" ".repeat(row.indent)]];
  const labelled: Line = [...start, [row.label, row.paint]];
  const below = (line: Line) => printLine([[" ".repeat(column)], ...line]);
  const room = Math.max(columns - column, narrowestWords);
  const [first = [], ...more] = row.words(room);
  if (widthOf(first) === 0) return [printLine(labelled), ...more.map(below)];
  if (widthOf(labelled) + gap <= column)
    return [printLine([...labelled, [padTo("", column - widthOf(labelled))], ...first]), ...more.map(below)];
  const isOneLine = more.length === 0 && widthOf(labelled) + gap + widthOf(first) <= columns;
  if (isOneLine) return [printLine([...labelled, [" ".repeat(gap)], ...first])];
  return [printLine(labelled), below(first), ...more.map(below)];
}

function startOf(row: Row): number {
  return row.indent + (row.mark ? 2 : 0);
}

const labelWidth = 7;

/** A line of a summary: words behind a label of one column, `Plan   2 to create`, wrapped beside it. */
export function labelled(
  label: string,
  text: string,
  { ink, columns }: Canvas,
  paint: Paint = (plain) => plain,
): readonly string[] {
  return wrapText(text, columns - labelWidth).map(
    (line, index) =>
      (index === 0 ? ink.bold(label.padEnd(labelWidth)) : " ".repeat(labelWidth)) + paint(line),
  );
}
