import type { Millis } from "../../core/model/budget.ts";
import type { HookSide, SignatureVerdict } from "../../core/protocol/webhook-signature.ts";
import { describeDuration } from "../base/duration.ts";
import { printDocument } from "../json/document.ts";
import { wrapText } from "../base/layout.ts";
import { printRows, type Row } from "../base/rows.ts";
import { openCanvas, type Line, type Screen } from "../base/screen.ts";

/** What `hooks verify` found about one delivery, and what it was checked with. */
export type HookReport = SignatureVerdict & {
  readonly side: HookSide;
  /** Length of the body in bytes. */
  readonly bytes: number;
  readonly now: Millis;
  readonly tolerance: Millis;
  /**
   * Only with `mismatch`: the signature fits the body once the newline at its end is taken off, as when an editor
   * added it.
   */
  readonly finalNewline?: true;
};

const day = 86_400_000;
const sides: { readonly [Side in HookSide]: string } = { render: "Render", rendercad: "RENDERCAD" };

/** The verdict for people, in one row, with what to do. */
export function renderHook(report: HookReport, screen: Screen): string {
  const canvas = openCanvas(screen);
  const { ink, glyphs } = canvas;
  const isValid = report.verdict === "valid";
  const row: Row = {
    indent: 0,
    mark: isValid ? [glyphs.done, ink.green] : [glyphs.failed, ink.red],
    label: report.verdict,
    words: (columns) => {
      const { says, remedy } = describe(report);
      const told = wrapText(canvas.text(says), columns).map((line): Line => [[line]]);
      const advised = remedy === undefined ? [] : wrapText(remedy, columns);
      return [...told, ...advised.map((line): Line => [[line, ink.cyan]])];
    },
  };
  return `${printRows([row], canvas.columns).join("\n")}\n`;
}

/** The verdict as the document of `--json`. */
export function renderHookJson({ now: _now, tolerance: _tolerance, ...told }: HookReport): string {
  const { verdict: signature, ...report } = told;
  return printDocument("signature", signature === "valid" ? "done" : "failed", {
    ...report,
    signature,
    valid: signature === "valid",
    ...("signedAt" in report && { signedAt: new Date(report.signedAt ?? 0).toISOString() }),
  });
}

function describe(report: HookReport): { readonly says: string; readonly remedy?: string } {
  const { side, bytes } = report;
  switch (report.verdict) {
    case "valid":
      return { says: `signed by ${sides[side]} with this secret${ageOf(report)}, ${count(bytes)}` };
    case "stale":
      return {
        says: `signed by ${sides[side]} with this secret${ageOf(report)}: more than ${describeDuration(report.tolerance)} from now`,
        remedy:
          "A receiver has to refuse it: it may be an old delivery sent again. --tolerance 7d checks one that you kept.",
      };
    case "mismatch":
      return {
        says: `not signed with this secret over these ${count(bytes)}`,
        remedy: report.finalNewline
          ? "Without the newline at its end the body fits: pass it on byte for byte, as it arrived."
          : "Either it is another webhook's secret, or the body is not byte for byte what arrived: parsing and printing it again changes it.",
      };
    case "malformed":
      return { says: report.problem };
    default:
      return report satisfies never;
  }
}

/** When a delivery was signed: how long ago where that is recent, the date where somebody kept it. */
function ageOf({ signedAt, now }: { readonly signedAt?: Millis; readonly now: Millis }): string {
  if (signedAt === undefined) return "";
  const distance = Math.abs(now - signedAt);
  if (distance >= day) return ` at ${new Date(signedAt).toISOString().replace(".000Z", "Z")}`;
  return signedAt > now
    ? ` ${describeDuration(distance)} in the future`
    : ` ${describeDuration(distance)} ago`;
}

function count(bytes: number): string {
  return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
}
