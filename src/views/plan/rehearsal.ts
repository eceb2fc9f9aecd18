import type { CrashRehearsal, Rehearsal } from "../../core/planning/rehearsal.ts";
import { describeBudget, describeDuration } from "../base/duration.ts";
import { labelled } from "../base/rows.ts";
import { printFindings } from "./plan.ts";
import { openCanvas, type Canvas, type Screen } from "../base/screen.ts";

/** The result of a rehearsal for people. It stands below the plan that was rehearsed. */
export function renderRehearsal(rehearsal: Rehearsal, screen: Screen): string {
  const canvas = openCanvas(screen);
  if (rehearsal.verdict === "refused") return "";
  const lines = [
    ...labelled(
      "Tried",
      headline(rehearsal),
      canvas,
      rehearsal.verdict === "converges" ? undefined : canvas.ink.red,
    ),
    ...labelled("Calls", canvas.text(describeCalls(rehearsal)), canvas),
    ...(rehearsal.left.length > 0 ? labelled("Left", canvas.text(rehearsal.left.join(", ")), canvas) : []),
    ...(rehearsal.differs.length > 0
      ? labelled("Unlike", canvas.text(describeDifference(rehearsal)), canvas)
      : []),
    ...(rehearsal.crashes ? printCrashes(rehearsal.crashes, canvas) : []),
  ];
  const findings = printFindings(rehearsal.problems, canvas).map((block) => block.join("\n"));
  return `${[lines.join("\n"), ...findings].join("\n\n")}\n`;
}

function headline({ verdict, took, writes }: Rehearsal): string {
  const run = `${writes} ${writes === 1 ? "write" : "writes"} on a simulated account in ${describeDuration(took)}`;
  switch (verdict) {
    case "converges":
      return `${run}; a second plan has nothing to do`;
    case "does-not-converge":
      return `${run}; a second plan still has something to do`;
    case "fails":
      return `${run}; not all of them could be done`;
    case "refused":
      return "nothing, since the plan is refused";
    default:
      return verdict satisfies never;
  }
}

function describeCalls({ calls }: Rehearsal): string {
  const parts = Object.entries(calls).filter(([, many]) => many > 0);
  return parts.map(([budget, many]) => `${many} of ${describeBudget(budget)}`).join(", ");
}

function describeDifference({ differs }: Rehearsal): string {
  return `the simulator does not show everything the account has, so this says less of: ${differs.join(", ")}`;
}

function printCrashes({ points, wrong }: CrashRehearsal, canvas: Canvas): readonly string[] {
  const end =
    wrong.length === 0
      ? "the next run came to the same end each time"
      : `${wrong.length} times the next run did not come to the same end`;
  const [first] = wrong;
  const text = `${points} times, before and after each write: ${end}${first ? `, first at ${first.point}: ${first.why}` : ""}`;
  return labelled("Killed", canvas.text(text), canvas, wrong.length === 0 ? undefined : canvas.ink.red);
}
