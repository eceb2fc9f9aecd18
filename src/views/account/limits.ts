import type { Limit, Limits } from "../../core/schedule/limit.ts";
import { describeDuration, describeWindow } from "../base/duration.ts";
import { printDocument } from "../json/document.ts";
import { printRows, type Row } from "../base/rows.ts";
import { openCanvas, type Canvas, type Screen } from "../base/screen.ts";

/** Every budget of the APIs for people: its size, how much of it is used, and when its window ends. */
export function renderLimits({ at, limits }: Limits, screen: Screen): string {
  const canvas = openCanvas(screen);
  const rows = limits.map((limit) => limitRow(limit, at, canvas));
  const note = "A limit belongs to the user behind the key: other programs of that user spend from it too.";
  return `${[...printRows(rows, canvas.columns), "", canvas.ink.dim(note)].join("\n")}\n`;
}

/** Every budget as the document of `--json`. */
export function renderLimitsJson({ at, limits }: Limits): string {
  return printDocument("limits", "done", {
    at: new Date(at).toISOString(),
    limits: limits.map(({ resetsAt, ...limit }) => ({
      ...limit,
      resetsAt: resetsAt === null ? null : new Date(resetsAt).toISOString(),
    })),
  });
}

const sources: { readonly [From in Limit["from"]]: string } = {
  answer: "told by the API just now",
  ledger: "left by an earlier run",
  table: "as documented",
};

function limitRow(limit: Limit, at: number, canvas: Canvas): Row {
  const { budget, size, per, used, resetsAt, reserved, from } = limit;
  const facts = [
    used === null ? `${size} ${describeWindow(per)}` : `${used} of ${size} ${describeWindow(per)} used`,
    ...(resetsAt === null ? [] : [`anew in ${describeDuration(Math.max(0, resetsAt - at))}`]),
    ...(reserved === 0 ? [] : [`${reserved} reserved for others`]),
  ].join(", ");
  const isSpent = used !== null && used >= size - reserved;
  return {
    indent: 2,
    label: canvas.text(budget),
    words: () => [
      [
        [facts, isSpent ? canvas.ink.yellow : undefined],
        [`  ${sources[from]}`, canvas.ink.dim],
      ],
    ],
  };
}
