import { count } from "../../core/base/text.ts";
import { groupBy } from "../../core/base/group.ts";
import { parseAddress } from "../../core/base/address.ts";
import type { Plan, Slot, Step, Wave } from "../../core/model/plan.ts";
import { describeClock } from "../base/duration.ts";
import { displayWidth, escapeText } from "../base/escape.ts";
import { nounOf } from "../base/kind-names.ts";
import { truncateMiddle } from "../base/layout.ts";
import { measures } from "./lay-out.ts";
import { classOf, kindClass, type Mark } from "./looks.ts";
import { px, xml } from "./xml.ts";

/** A line of the timetable. `kind`: empty where steps of several stand in it. */
type Lane = { readonly label: string; readonly kind: string; readonly slots: readonly Slot[] };
/** A wave's part of the picture: its own scale, since hours may lie between two waves. */
type Panel = {
  readonly wave: Wave;
  readonly steps: ReadonlySet<string>;
  readonly left: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
};

/** Of more resources, each kind of step has a lane. */
const mostLanes = 48;
const row = 20;
const head = 40;
const margin = 14;
const chart = 820;
const narrowest = 64;
const between = 16;
const longestLabel = 44;

/**
 * When each step starts, from the left to the right: a panel for each wave, a line for each resource, a dot for each step, and a red
 * bar where a resource is away. `undefined`: nothing starts.
 */
export function drawTimetable(plan: Pick<Plan, "schedule" | "steps">): string | undefined {
  const { schedule, steps } = plan;
  if (schedule.slots.length === 0) return undefined;
  const known = new Map(steps.map((step) => [step.id, step]));
  const lanes = makeLanes(schedule.slots, known);
  const labels = Math.max(...lanes.map(({ label }) => displayWidth(escapeText(label))));
  const left = Math.min(labels, longestLabel) * measures.character + 12;
  const panels = makePanels(schedule, left);
  const last = panels.at(-1);
  const width = Math.ceil((last ? last.left + last.width : left) + 2 * margin);
  const height = head + lanes.length * row + 2 * margin;
  const laneOf = new Map(
    lanes.flatMap((lane, index) => lane.slots.map(({ step }) => [step, index] as const)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="pic" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    "<title>When each step starts</title>",
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<g transform="translate(${margin} ${margin})">`,
    ...panels.map((panel, index) => drawPanel(panel, index, lanes.length)),
    ...lanes.map((lane, index) => drawLane(lane, index, { left, panels, known })),
    ...(schedule.gaps ?? []).map((gap) => drawGap(gap, { lanes, laneOf, panels, known })),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

function makeLanes(slots: readonly Slot[], steps: ReadonlyMap<string, Step>): readonly Lane[] {
  const byAddress = groupBy(slots, ({ step }) => steps.get(step)?.address ?? step);
  if (byAddress.size <= mostLanes)
    return [...byAddress].map(([address, all]) => {
      const parsed = parseAddress(address);
      const label = parsed ? `${nounOf(parsed.kind)} ${parsed.name}` : address;
      return { label, kind: parsed?.kind ?? "", slots: all };
    });
  const byWork = groupBy(slots, ({ step }) => {
    const found = steps.get(step);
    return found ? `${verbOf(found)} ${nounOf(found.kind)}` : "";
  });
  return [...byWork].map(([work, all]) => ({
    label: `${work}, ${all.length}`,
    kind: steps.get(all[0]?.step ?? "")?.kind ?? "",
    slots: all,
  }));
}

function verbOf(step: Step): string {
  return step.step === "wait" ? "wait for" : step.verb;
}

function makePanels({ waves, slots, end }: Plan["schedule"], left: number): readonly Panel[] {
  const starts = new Map(slots.map(({ step, start }) => [step, start]));
  const spans = waves.map((wave, index) => {
    const times = wave.steps.map((step) => starts.get(step) ?? wave.start);
    const from = Math.min(wave.start, ...times);
    const to = Math.max(...times, index + 1 === waves.length ? end : from);
    return { wave, from, to, weight: Math.sqrt(to - from + 1_000) };
  });
  const all = spans.reduce((sum, { weight }) => sum + weight, 0);
  let x = left;
  return spans.map(({ wave, from, to, weight }) => {
    const width = Math.max(narrowest, (chart * weight) / all);
    const panel = { wave, steps: new Set(wave.steps), from, to, left: x, width };
    x += width + between;
    return panel;
  });
}

function drawPanel({ wave, left, width, from, to }: Panel, index: number, lanes: number): string {
  const height = lanes * row;
  const starts = `<text class="what" x="${px(left)}" y="28">${describeClock(from)}</text>`;
  const ends =
    describeClock(from) === describeClock(to) || width < 2 * narrowest
      ? ""
      : `<text class="what" x="${px(left + width)}" y="28" text-anchor="end">${describeClock(to)}</text>`;
  const title = `<title>${xml(`wave ${index + 1}: ${count(wave.steps.length, "step")}`)}</title>`;
  return `<g><rect class="band" x="${px(left)}" y="${head - 4}" width="${px(width)}" height="${height + 4}" rx="4">${title}</rect><text x="${px(left)}" y="12">wave ${index + 1}</text>${starts}${ends}</g>`;
}

type Around = { readonly panels: readonly Panel[]; readonly known: ReadonlyMap<string, Step> };

function drawLane(
  lane: Lane,
  index: number,
  { left, panels, known }: Around & { readonly left: number },
): string {
  const y = head + index * row + row / 2;
  const xs = lane.slots.map((slot) => placeOf(slot.step, slot.start, panels));
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const line = last > first ? `<path class="lane" d="M${px(first)},${y} H${px(last)}"/>` : "";
  const dots = lane.slots.map((slot, at) => {
    const mark = markOf(known.get(slot.step));
    return `<g class="${classOf(mark)}"><circle cx="${px(xs[at]!)}" cy="${y}" r="5"><title>${xml(`${describeClock(slot.start)} ${slot.step}`)}</title></circle></g>`;
  });
  const label = xml(truncateMiddle(escapeText(lane.label), longestLabel, "…"));
  return `<g class="box ${kindClass(lane.kind)}"><text x="${px(left - 12)}" y="${y + 4}" text-anchor="end">${label}</text>${line}${dots.join("")}</g>`;
}

function drawGap(
  { address, start, time }: NonNullable<Plan["schedule"]["gaps"]>[number],
  {
    lanes,
    laneOf,
    panels,
    known,
  }: Around & { readonly lanes: readonly Lane[]; readonly laneOf: ReadonlyMap<string, number> },
): string {
  const steps = [...known.values()].filter((step) => step.address === address).map(({ id }) => id);
  const index = steps.flatMap((id) => laneOf.get(id) ?? [])[0];
  if (index === undefined || !lanes[index]) return "";
  const y = head + index * row + row / 2;
  const [from, to] = [placeAt(start, panels), placeAt(start + time, panels)];
  const words = xml(`${address} is away from ${describeClock(start)} to ${describeClock(start + time)}`);
  return `<g class="${classOf("delete")}"><rect x="${px(from)}" y="${y - 2}" width="${px(Math.max(4, to - from))}" height="4"><title>${words}</title></rect></g>`;
}

/** A step stands in the panel of its wave. */
function placeOf(step: string, start: number, panels: readonly Panel[]): number {
  const panel = panels.find(({ steps }) => steps.has(step)) ?? panels[0]!;
  return placeIn(panel, start);
}

/** A moment stands in the last panel that has begun by then. */
function placeAt(at: number, panels: readonly Panel[]): number {
  const panel = panels.filter(({ from }) => from <= at).at(-1) ?? panels[0]!;
  return placeIn(panel, Math.min(at, panel.to));
}

function placeIn({ left, width, from, to }: Panel, at: number): number {
  const share = to > from ? (at - from) / (to - from) : 0;
  return left + 8 + share * (width - 16);
}

/** Writes that make, change or end something look as in a plan; deploys and waits, which come of them, are grey. */
function markOf(step: Step | undefined): Mark {
  if (!step || step.step === "wait") return "step";
  if (step.step === "record") return step.verb === "adopt" ? "adopt" : "keep";
  const { verb } = step;
  if (verb === "create" || verb === "update" || verb === "delete") return verb;
  return verb === "aside" ? "replace" : "step";
}
