import { displayWidth } from "./escape.ts";
import { padTo, printLine, widthOf } from "./layout.ts";
import type { Line, Paint, Span } from "./screen.ts";

/**
 * One entry of a two-column listing: a label, and words beside it. Labels are names and are never cut; a label that is too
 * wide for its column pushes its words below itself.
 */
export type Row = {
  readonly indent: number;
  /** One character before the label. */
  readonly mark?: Span;
  readonly label: string;
  readonly paint?: Paint;
  /** Given the columns there are, the lines that stand beside the label. */
  readonly words: (columns: number) => readonly Line[];
};

const gap = 2;
const narrowestWords = 24;

/** The column at which the words of all rows start: as wide as the widest label, but at most half of the screen. */
function wordColumn(rows: readonly Row[], columns: number): number {
  const widest = Math.max(0, ...rows.map((row) => startOf(row) + displayWidth(row.label)));
  return Math.min(widest + gap, Math.max(Math.floor(columns / 2), columns - 60));
}

export function printRows(rows: readonly Row[], columns: number): readonly string[] {
  const column = wordColumn(rows, columns);
  return rows.flatMap((row) => printRow(row, column, columns));
}

function printRow(row: Row, column: number, columns: number): readonly string[] {
  const room = Math.max(columns - column, narrowestWords);
  const [first = [], ...more] = row.words(room);
  const start: Line = row.mark ? [[" ".repeat(row.indent)], row.mark, [" "]] : [[" ".repeat(row.indent)]];
  const labelled: Line = [...start, [row.label, row.paint]];
  const fits = widthOf(labelled) + gap <= column || widthOf(first) === 0;
  const below = (line: Line) => printLine([[" ".repeat(column)], ...line]);
  if (!fits) return [printLine(labelled), below(first), ...more.map(below)];
  return [printLine([...labelled, [padTo("", column - widthOf(labelled))], ...first]), ...more.map(below)];
}

function startOf(row: Row): number {
  return row.indent + (row.mark ? 2 : 0);
}
