import { familyOf } from "../core/budget.ts";
import { byText } from "../core/address.ts";
import type { Plan, StepId } from "../core/plan.ts";
import { describeBudget, describeClock, describeEstimate } from "./duration.ts";
import { printRows, type Row } from "./rows.ts";
import { openCanvas, type Canvas, type Screen } from "./screen.ts";

/** The whole timetable: which steps start when, counted from the start of the run, and what each limit has to carry. */
export function renderSchedule(plan: Plan, screen: Screen): string {
  const canvas = openCanvas(screen);
  const { ink } = canvas;
  const { schedule } = plan;
  if (schedule.slots.length === 0) return `${ink.bold("Timetable")}   nothing to do\n`;
  const decides =
    schedule.tightest === null ? "no limit delays it" : `limited by ${describeBudget(schedule.tightest)}`;
  const head = `${ink.bold("Timetable")}   ${schedule.slots.length} steps, ${describeEstimate(schedule.end)}, ${decides}`;
  const waves = groupByStart(schedule.slots).flatMap(([clock, steps]) => printWave(clock, steps, canvas));
  const limits = printRows(budgetRows(schedule, canvas), canvas.columns);
  return `${[head, "", ...waves, "", ...limits].join("\n")}\n`;
}

/** Steps that start within the same second are one wave. */
function groupByStart(slots: Plan["schedule"]["slots"]): readonly (readonly [string, readonly StepId[]])[] {
  const waves = new Map<string, StepId[]>();
  for (const slot of [...slots].sort((a, b) => a.start - b.start)) {
    const clock = describeClock(slot.start);
    waves.set(clock, [...(waves.get(clock) ?? []), slot.step]);
  }
  return [...waves];
}

const clockWidth = 8;

function printWave(clock: string, steps: readonly StepId[], canvas: Canvas): readonly string[] {
  return steps.map((step, index) => {
    const time = index === 0 ? clock.padStart(clockWidth) : " ".repeat(clockWidth);
    return `${canvas.ink.cyan(time)}  ${canvas.text(step)}`;
  });
}

/** `render/write   12 calls of 30 a minute`, families that count per resource summed up. */
function budgetRows(schedule: Plan["schedule"], canvas: Canvas): readonly Row[] {
  const families = new Map<string, { calls: number; buckets: number }>();
  for (const [budget, calls] of Object.entries(schedule.calls)) {
    const known = families.get(familyOf(budget)) ?? { calls: 0, buckets: 0 };
    families.set(familyOf(budget), { calls: known.calls + calls, buckets: known.buckets + 1 });
  }
  return [...families]
    .sort(([a], [b]) => byText(a, b))
    .map(([family, { calls, buckets }]): Row => {
      const shared = buckets > 1 ? ` over ${buckets} counters` : "";
      const size = describeBudget(family).slice(family.length).trim();
      const words = `${calls} ${calls === 1 ? "call" : "calls"}${shared} ${size}`;
      return { indent: 2, label: canvas.text(family), words: () => [[[words, canvas.ink.dim]]] };
    });
}
