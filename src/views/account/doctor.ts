import { printDocument } from "../json/document.ts";
import { wrapText } from "../base/layout.ts";
import { printRows, type Row } from "../base/rows.ts";
import { openCanvas, type Canvas, type Line, type Screen, type Span } from "../base/screen.ts";

/** One check of `doctor`. `failed`: commands will not work; `warning`: they will work, and something should be put right. */
export type Check = {
  readonly name: string;
  readonly verdict: "fine" | "warning" | "failed";
  readonly says: string;
  /** What to do about it. Absent when all is fine. */
  readonly remedy?: string;
};

/** The checks of `doctor` for people, a row each. */
export function renderDoctor(checks: readonly Check[], screen: Screen): string {
  const canvas = openCanvas(screen);
  const rows = checks.map((check): Row => ({
    indent: 0,
    mark: markOf(check, canvas),
    label: check.name,
    words: (columns) => wordsOf(check, columns, canvas),
  }));
  return `${printRows(rows, canvas.columns).join("\n")}\n`;
}

/** The checks of `doctor` as the document of `--json`. */
export function renderDoctorJson(checks: readonly Check[]): string {
  const isBroken = checks.some(({ verdict }) => verdict === "failed");
  return printDocument("doctor", isBroken ? "failed" : "done", { checks });
}

function markOf({ verdict }: Check, { ink, glyphs }: Canvas): Span {
  switch (verdict) {
    case "fine":
      return [glyphs.done, ink.green];
    case "warning":
      return ["!", ink.yellow];
    case "failed":
      return [glyphs.failed, ink.red];
    default:
      return verdict satisfies never;
  }
}

function wordsOf({ says, remedy }: Check, columns: number, canvas: Canvas): readonly Line[] {
  const told = wrapText(canvas.text(says), columns).map((line): Line => [[line]]);
  const advised =
    remedy === undefined
      ? []
      : wrapText(canvas.text(remedy), columns).map((line): Line => [[line, canvas.ink.cyan]]);
  return [...told, ...advised];
}
