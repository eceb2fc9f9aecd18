import { familyOf, type Millis } from "../../core/model/budget.ts";
import { byText } from "../../core/base/address.ts";
import type { Plan, StepId, Wave } from "../../core/model/plan.ts";
import { describeBudget, describeClock, describeEstimate } from "../base/duration.ts";
import { printRows, type Row } from "../base/rows.ts";
import { openCanvas, type Canvas, type Screen } from "../base/screen.ts";

/**
 * The schedule of a plan for people: which steps start when, counted from the start of the run, in groups by the
 * windows that they wait for, and how many calls each limit carries.
 */
export function renderSchedule(plan: Plan, screen: Screen): string {
  const canvas = openCanvas(screen);
  const { ink } = canvas;
  const { schedule } = plan;
  if (schedule.slots.length === 0) return `${ink.bold("Timetable")}   nothing to do\n`;
  const decides =
    schedule.tightest === null ? "no limit delays it" : `limited by ${describeBudget(schedule.tightest)}`;
  const { slots, waves, end } = schedule;
  const steps = slots.length === 1 ? "1 step" : `${slots.length} steps`;
  const inWaves = waves.length > 1 ? ` in ${waves.length} waves` : "";
  const head = `${ink.bold("Timetable")}   ${steps}${inWaves}, ${describeEstimate(end)}, ${decides}`;
  const starts = new Map(slots.map(({ step, start }) => [step, start]));
  const lines = waves.flatMap((wave, index) => [
    ...(waves.length > 1 ? [...(index > 0 ? [""] : []), waveHead(wave, index, canvas)] : []),
    ...groupByStart(wave, starts).flatMap(([clock, group]) => printGroup(clock, group, canvas)),
  ]);
  const limits = printRows(budgetRows(schedule, canvas), canvas.columns);
  const gaps = (schedule.gaps ?? []).map(
    ({ address, start, time }) =>
      `  ${canvas.text(address)} is away for ${describeEstimate(time)}, from ${describeClock(start)} on`,
  );
  const away = gaps.length === 0 ? [] : [...gaps, ""];
  const { reading } = schedule;
  const reads =
    reading === undefined
      ? []
      : [
          `${ink.cyan(describeClock(0).padStart(clockWidth))}  ${reading.calls} reads, ${describeEstimate(reading.time)}`,
        ];
  return `${[head, "", ...reads, ...lines, "", ...away, ...limits].join("\n")}\n`;
}

function waveHead({ budget }: Wave, index: number, { ink, text }: Canvas): string {
  const why = budget === undefined ? "" : `   when ${text(describeBudget(budget))} has calls again`;
  return `  ${ink.bold(`Wave ${index + 1}`)}${ink.dim(why)}`;
}

/** Groups steps that start within the same second under one time. */
function groupByStart(
  { steps }: Wave,
  starts: ReadonlyMap<StepId, Millis>,
): readonly (readonly [string, readonly StepId[]])[] {
  const groups = new Map<string, StepId[]>();
  for (const step of steps) {
    const clock = describeClock(starts.get(step) ?? 0);
    groups.set(clock, [...(groups.get(clock) ?? []), step]);
  }
  return [...groups];
}

const clockWidth = 8;

function printGroup(clock: string, steps: readonly StepId[], canvas: Canvas): readonly string[] {
  return steps.map((step, index) => {
    const time = index === 0 ? clock.padStart(clockWidth) : " ".repeat(clockWidth);
    return `${canvas.ink.cyan(time)}  ${canvas.text(step)}`;
  });
}

/** The rows of the limits: `render/write   12 calls of 30 a minute`. A limit that counts for each resource is summed up. */
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
