import type { Millis } from "../../core/model/budget.ts";
import type { StepId } from "../../core/model/plan.ts";
import { count } from "../../core/base/text.ts";
import { describeDuration, describeEstimate } from "../base/duration.ts";
import { printLine, truncateMiddle, widthOf } from "../base/layout.ts";
import { openCanvas, type Canvas, type Line, type Screen } from "../base/screen.ts";
import { describeTook, describeWait, type Progress } from "./progress.ts";

/** How far the reads of the accounts are: those that are over, those that were asked for, and the time that the others take. */
export type Reads = { readonly done: number; readonly asked: number; readonly remaining: Millis };

const shownRunning = 6;

/** The lines that are drawn again with each event: the steps that run now, then the bar. None is wider than the screen. */
export function renderLive(progress: Progress, at: Millis, screen: Screen): readonly string[] {
  if (progress.total === 0) return [];
  const canvas = openCanvas(screen);
  const { ink, glyphs } = canvas;
  const spin = spinAt(at, canvas);
  const running = [...progress.running].slice(0, shownRunning).map(([step, began]) => {
    const took = describeRunning(step, at - began, progress);
    const name = truncateMiddle(canvas.text(step), canvas.columns - 5 - took.length, glyphs.ellipsis);
    return printLine([["  "], [spin, ink.cyan], [` ${name}`], [took, ink.dim]]);
  });
  const more = progress.running.size - shownRunning;
  const folded = more > 0 ? [ink.dim(`    and ${more} more`)] : [];
  return [...running, ...folded, ...waitLines(progress, at, canvas), barLine(progress, at, canvas)];
}

/** `  12 s`; of a wait also how long it lasts at most: `  12 s of at most 15 min`. */
function describeRunning(step: StepId, took: Millis, { timeouts }: Progress): string {
  const timeout = timeouts.get(step);
  return timeout === undefined || took < 1000
    ? describeTook(took)
    : `${describeTook(took)} of at most ${describeDuration(timeout)}`;
}

/** The lines that are drawn while the accounts are read, before there is a plan. */
export function renderReading(
  progress: Progress,
  reads: Reads | undefined,
  at: Millis,
  screen: Screen,
): readonly string[] {
  const canvas = openCanvas(screen);
  const { ink } = canvas;
  const head: Line = [["  "], [spinAt(at, canvas), ink.cyan], [" reading the account"]];
  return [
    printLine([...head, ...(reads ? readsLine(reads, widthOf(head), canvas) : [])]),
    ...waitLines(progress, at, canvas),
  ];
}

/**
 * While lists are read, page after page, nobody knows how many there are: the calls are counted. Then the calls for each resource
 * are asked for together, and there is a share that is done. `taken`: the columns before it.
 */
function readsLine({ done, asked, remaining }: Reads, taken: number, canvas: Canvas): Line {
  if (asked - done <= pagesAtOnce) return done === 0 ? [] : [[`  ${count(done, "call")}`, canvas.ink.dim]];
  const calls = `  ${done} of ${asked} calls`;
  const whole = `${calls}   ${describeEstimate(remaining)} left`;
  const words = [whole, calls].find((text) => taken + text.length <= canvas.columns) ?? "";
  const room = canvas.columns - taken - 2 - words.length;
  const drawn =
    room < narrowestBar || words !== whole
      ? []
      : [["  "] as const, ...bar(done / asked, Math.min(room, barWidth), canvas)];
  return [...drawn, [words]];
}

/** Lists that are read side by side. */
const pagesAtOnce = 12;
const narrowestBar = 8;

/** One line that says how far it is, every now and then, where nothing can be redrawn. Empty where nothing goes on. */
export function renderPulse(
  progress: Progress,
  reads: Reads | undefined,
  at: Millis,
  screen: Screen,
): string {
  const canvas = openCanvas(screen);
  const { wait: known, start } = progress;
  const wait = known && known.until > at ? `; ${describeWait(known, at, start, canvas)}` : "";
  if (progress.total === 0) {
    if (!reads) return "";
    const { done, asked, remaining } = reads;
    return `reading the account: ${done} of ${asked} calls, ${describeEstimate(remaining)} left${wait}\n`;
  }
  const [first, ...others] = [...progress.running.keys()].map((step) => canvas.text(step));
  if (first === undefined) return "";
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const left = describeEstimate(timeLeft(progress, at));
  const ended = progress.finished + progress.failed;
  return `[${ended}/${progress.total}] under way: ${first}${more}, ${left} left${wait}\n`;
}

function spinAt(at: Millis, { glyphs }: Canvas): string {
  const frames = Array.from(glyphs.spin);
  return frames[Math.floor(at / 100) % frames.length] ?? "";
}

const barWidth = 24;

function bar(share: number, width: number, { ink, glyphs }: Canvas): Line {
  const filled = Math.round(share * width);
  return [
    [glyphs.bar.repeat(filled), ink.green],
    [glyphs.rest.repeat(width - filled), ink.dim],
  ];
}

function barLine(progress: Progress, at: Millis, canvas: Canvas): string {
  const ended = progress.finished + progress.failed;
  const failed = progress.failed > 0 ? `   ${progress.failed} failed` : "";
  const left = describeEstimate(timeLeft(progress, at));
  const words = `  ${ended} of ${progress.total}${failed}   ${left} left`;
  return printLine([["  "], ...bar(ended / progress.total, barWidth, canvas), [words]]);
}

/** The run waits now, perhaps longer than the plan expected, because another program uses the same limit. */
function timeLeft(progress: Progress, at: Millis): Millis {
  return Math.max(0, Math.max(progress.end, progress.wait?.until ?? 0) - at);
}

/**
 * The lines that say what the run waits for. A step that waits for a limit counts as running, so without them nothing would
 * seem to happen.
 */
function waitLines({ wait, start }: Progress, at: Millis, canvas: Canvas): readonly string[] {
  if (wait === undefined || wait.until <= at) return [];
  return [canvas.ink.dim(`  ${describeWait(wait, at, start, canvas)}`)];
}
