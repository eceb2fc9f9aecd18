import type { Where } from "../../core/base/problem.ts";

/** One file as the shell read it. `name` is what the user wrote, and what problems show. */
export type Source = { readonly name: string; readonly text: string };

/** A source whose offsets can be told as line and column. `text` has no byte order mark. */
export type OpenSource = Source & { readonly lineStarts: readonly number[] };

/** A stretch of a source, in UTF-16 units; `end` is the first unit after it. */
export type Place = { readonly source: OpenSource; readonly start: number; readonly end: number };

/** Takes off the byte order mark of a source and finds where its lines start. */
export function openSource(source: Source): OpenSource {
  const text = source.text.startsWith("\uFEFF") ? source.text.slice(1) : source.text;
  const lineStarts = [0];
  for (let next = text.indexOf("\n"); next !== -1; next = text.indexOf("\n", next + 1))
    lineStarts.push(next + 1);
  return { name: source.name, text, lineStarts };
}

/** File, line and column (both 1-based) of a place. */
export function whereOf(place: Place): Where {
  const line = lineAt(place.source, place.start);
  const lineStart = place.source.lineStarts[line - 1] ?? 0;
  return { file: place.source.name, line, column: place.start - lineStart + 1 };
}

/** The 1-based number of the line that holds the offset. */
export function lineAt(source: OpenSource, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** The text of a line, by its 1-based number, without its end. A CRLF is one end. */
export function lineText(source: OpenSource, line: number): string {
  const start = source.lineStarts[line - 1] ?? source.text.length;
  const next = source.lineStarts[line] ?? source.text.length + 1;
  return source.text.slice(start, next - 1).replace(/\r$/, "");
}
