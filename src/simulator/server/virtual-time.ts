import type { Clock } from "../base/clock.ts";

/**
 * A line of the stream that keeps a process joined. `idle` asks the process to answer, with the number of the round,
 * when nothing happens in it. `time` asks it to answer at once, so that no process wakes before all processes know
 * the time.
 */
export type ClockLine = {
  readonly process: number;
  readonly now: number;
  readonly asks: "idle" | "time" | "nothing";
  readonly round: number;
};

type Joined = { readonly write: (line: ClockLine) => void; sleeps: number; idleRound: number };
type Waiting = { readonly until: number; readonly wake: () => void };

/**
 * Time that stands still while any process works and jumps when all sleep.
 *
 * A process counts as asleep when it sleeps by a call, or waits for an answer that the simulator delays, and has said
 * in the current round that nothing else happens in it. Every request, sleep or departure begins a new round, so that
 * no jump comes before work that was on its way. While no process has joined, time is real.
 */
export class VirtualTime implements Clock {
  readonly #joined = new Map<number, Joined>();
  readonly #waiting = new Set<Waiting>();
  readonly #real: () => number;
  #offset = 0;
  #frozen: number | undefined;
  #working = 0;
  #delayed = 0;
  #round = 0;
  /** Processes that do not know yet to what time the clock has jumped. */
  #uninformed = new Set<number>();
  #processes = 0;

  constructor(real: () => number) {
    this.#real = real;
  }

  now(): number {
    return this.#frozen ?? this.#real() + this.#offset;
  }

  join(write: (line: ClockLine) => void): number {
    this.#frozen = this.now();
    const process = ++this.#processes;
    this.#joined.set(process, { write, sleeps: 0, idleRound: -1 });
    this.#ask();
    return process;
  }

  leave(process: number): void {
    if (!this.#joined.delete(process)) return;
    this.informed(process);
    if (this.#joined.size > 0) return this.#ask();
    this.#offset = this.now() - this.#real();
    this.#frozen = undefined;
    for (const waiting of this.#waiting) this.#wakeInRealTime(waiting);
  }

  /** Lets a process sleep until a time, or until `signal` fires because the process gave up or ended. */
  async sleepUntil(process: number, until: number, signal: AbortSignal): Promise<void> {
    const joined = this.#joined.get(process);
    if (joined) joined.sleeps += 1;
    await this.#wait(until, signal);
    if (joined) joined.sleeps -= 1;
    this.#ask();
  }

  /** Notes that nothing happens in a process. It counts for the round in which the process was asked. */
  idle(process: number, round: number): void {
    const joined = this.#joined.get(process);
    if (joined) joined.idleRound = round;
    this.#jumpIfAllSleep();
  }

  /** Notes that a request arrived. Time stands still until it is answered or delayed. */
  beginWork(): void {
    this.#working += 1;
    this.#round += 1;
  }

  endWork(): void {
    this.#working -= 1;
    this.#ask();
  }

  /** Delays an answer (latency, a slow answer). The process that waits for it counts as asleep meanwhile. */
  async sleep(milliseconds: number): Promise<void> {
    this.beginDelay();
    await this.#wait(this.now() + milliseconds);
    this.endDelay();
  }

  /** Resolves at a time. No process waits for it, so it neither starts a jump nor prevents one, but no jump goes past it. */
  reach(time: number): Promise<void> {
    return this.#wait(time);
  }

  /** Notes that a request waits for something other than a time, such as an answer that never comes. */
  beginDelay(): void {
    this.#working -= 1;
    this.#delayed += 1;
    this.#ask();
  }

  endDelay(): void {
    this.#delayed -= 1;
    this.#working += 1;
  }

  #wait(until: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = {
        until,
        wake: () => {
          this.#waiting.delete(waiting);
          resolve();
        },
      };
      this.#waiting.add(waiting);
      signal?.addEventListener("abort", waiting.wake, { once: true });
      if (this.#joined.size === 0) this.#wakeInRealTime(waiting);
      this.#ask();
    });
  }

  #wakeInRealTime(waiting: Waiting): void {
    setTimeout(waiting.wake, Math.max(0, waiting.until - this.now())).unref();
  }

  /** Asks all processes for a new round, where a jump may be possible. */
  #ask(): void {
    this.#round += 1;
    if (!this.#couldJump()) return;
    this.#tell("idle");
  }

  #tell(asks: ClockLine["asks"]): void {
    const [now, round] = [this.now(), this.#round];
    for (const [process, joined] of this.#joined) joined.write({ process, now, asks, round });
  }

  #couldJump(): boolean {
    if (this.#joined.size === 0 || this.#waiting.size === 0) return false;
    if (this.#working > 0 || this.#uninformed.size > 0) return false;
    const awake = [...this.#joined.values()].filter((joined) => joined.sleeps === 0).length;
    return awake <= this.#delayed;
  }

  #jumpIfAllSleep(): void {
    const everybodyIdle = [...this.#joined.values()].every((joined) => joined.idleRound === this.#round);
    if (!everybodyIdle || !this.#couldJump()) return;
    const next = Math.min(...[...this.#waiting].map((waiting) => waiting.until));
    this.#frozen = Math.max(this.now(), next);
    this.#round += 1;
    this.#uninformed = new Set(this.#joined.keys());
    this.#tell("time");
  }

  /** Notes that a process knows the time. When the last one does, the processes wake up whose time has come. */
  informed(process: number): void {
    if (!this.#uninformed.delete(process) || this.#uninformed.size > 0) return;
    const now = this.now();
    for (const waiting of this.#waiting) if (waiting.until <= now) waiting.wake();
    this.#ask();
  }
}
