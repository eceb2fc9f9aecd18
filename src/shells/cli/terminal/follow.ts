import type { RunEvent } from "../../../core/run/report.ts";
import { renderEventLine } from "../../../views/json/event-json.ts";
import { renderLive, renderPulse, renderReading, type Reads } from "../../../views/run/live.ts";
import {
  advance,
  noProgress,
  renderProgressLine,
  renderStepEnd,
  renderWarning,
  type Progress,
} from "../../../views/run/progress.ts";
import type { Screen } from "../../../views/base/screen.ts";

/** `live`: lines that are drawn again; `lines`: one per step; `events`: NDJSON; `quiet`: nothing. */
export type FollowMode = "live" | "lines" | "events" | "quiet";

/** Where and how a run is followed. `now`: milliseconds since 1970. */
export type Follow = {
  readonly mode: FollowMode;
  readonly screen: Screen;
  readonly write: (text: string) => void;
  readonly now: () => number;
};

const redrawEvery = 100;
/** How often a log without a terminal is told that something still goes on: a CI job without output looks dead, and may be ended. */
const pulseEvery = 30_000;

/** Shows a run on stderr while it goes on. Ends with `end`, which leaves the screen as if nothing had been drawn. */
export class Follower {
  readonly #follow: Follow;
  #progress: Progress;
  #began: number;
  #drawn = 0;
  #reading = false;
  #look: (() => Reads) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(follow: Follow) {
    this.#follow = follow;
    this.#began = follow.now();
    this.#progress = { ...noProgress, start: this.#began };
  }

  /** Until the first event or `end`: the accounts are being read. */
  read(): void {
    this.#reading = true;
    this.#start();
  }

  /** `look`: how far the reads are. */
  watch(look: () => Reads): void {
    this.#look = look;
  }

  /** A line between the lines that are drawn again. */
  say(text: string): void {
    this.#erase();
    this.#follow.write(text);
    if (this.#timer !== undefined && this.#follow.mode === "live") this.#draw();
  }

  handle(told: RunEvent): void {
    const { mode, screen, write } = this.#follow;
    if (told.event === "run-began") {
      this.#began = this.#follow.now();
      this.#progress = { ...this.#progress, start: this.#began };
    }
    const event = this.#rebase(told);
    const before = this.#progress;
    this.#progress = advance(before, event);
    // Between the plan and the run.
    const air = event.event === "run-began" ? "\n" : "";
    if (mode === "events") write(renderEventLine(told));
    if (mode === "quiet" && event.event === "warning") write(renderWarning(event.problem, screen));
    if (mode === "lines") write(air + renderProgressLine(before, event, screen));
    this.#reading &&= event.event === "budget-wait" || event.event === "warning";
    if (mode === "live") {
      this.#erase();
      write(air + renderStepEnd(before, event, screen));
    }
    if (event.event === "run-ended") this.end();
    else if (event.event !== "warning" || this.#timer !== undefined) this.#start();
  }

  end(): void {
    this.#reading = false;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#erase();
  }

  /** A wait may have been measured from another beginning than the run's: only its length counts. */
  #rebase(event: RunEvent): RunEvent {
    if (event.event !== "budget-wait") return event;
    const at = this.#at();
    return { ...event, at, until: at + (event.until - event.at) };
  }

  #at(): number {
    return this.#follow.now() - this.#began;
  }

  #start(): void {
    const { mode } = this.#follow;
    if (mode === "lines") this.#timer ??= setInterval(() => this.#pulse(), pulseEvery).unref();
    if (mode !== "live") return;
    this.#timer ??= setInterval(() => this.#draw(), redrawEvery).unref();
    this.#draw();
  }

  #pulse(): void {
    const { screen, write } = this.#follow;
    write(renderPulse(this.#progress, this.#reading ? this.#look?.() : undefined, this.#at(), screen));
  }

  #draw(): void {
    const { screen, write } = this.#follow;
    const lines = this.#reading
      ? renderReading(this.#progress, this.#look?.(), this.#at(), screen)
      : renderLive(this.#progress, this.#at(), screen);
    this.#erase();
    write(lines.map((line) => `${line}\n`).join(""));
    this.#drawn = lines.length;
  }

  #erase(): void {
    if (this.#drawn > 0) this.#follow.write(`\r\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }
}
