import type { Problem } from "../../core/base/problem.ts";
import { printLine, wrapText } from "./layout.ts";
import type { Canvas, Paint } from "./screen.ts";

/** One problem inside a report: code and place, the sentence, what to do. Problems of a file, with code frames, have a view of their own. */
export function printFinding(problem: Problem, canvas: Canvas, paint: Paint, indent = 2): readonly string[] {
  const place = problem.where && `${problem.where.file}:${problem.where.line}:${problem.where.column}`;
  const wrap = (text: string, paint?: Paint) =>
    wrapText(canvas.text(text), canvas.columns - indent - 2).map((line) =>
      printLine([[" ".repeat(indent + 2)], [line, paint]]),
    );
  return [
    printLine([
      [" ".repeat(indent)],
      [canvas.text(problem.code), paint],
      ["  "],
      [canvas.text(place ?? ""), canvas.ink.dim],
    ]),
    ...wrap(problem.message),
    ...logLines(problem.log ?? [], canvas, indent + 2),
    ...wrap(problem.remedy, canvas.ink.cyan),
  ];
}

/** What a program wrote, behind a bar that keeps any line of it from looking like ours, or like a command to who reads this. */
function logLines(log: readonly string[], { ink, text, columns }: Canvas, indent: number): readonly string[] {
  const bar = "| ";
  return log.flatMap((line) =>
    wrapText(text(line), columns - indent - bar.length).map((part) =>
      printLine([[" ".repeat(indent)], [bar + part, ink.dim]]),
    ),
  );
}
