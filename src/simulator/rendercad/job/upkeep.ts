import type { Api } from "../../server/api.ts";
import type { World } from "../../base/world.ts";
import {
  forgetDelivery,
  listDueDeliveries,
  nextDeliveryAt,
  noteAttempt,
  wrapDelivery,
  type DeliveryRow,
} from "../webhook/delivery-row.ts";
import { advanceJobs, nextJobChangeAt } from "./queue.ts";
import { findReceiver } from "../webhook/receiver.ts";

export type UpkeepParts = {
  readonly world: World;
  readonly send: typeof fetch;
  /** Keeps virtual time still while a receiver works on a delivery. */
  readonly work?: { beginWork(): void; endWork(): void } | undefined;
};

/** A receiver that hangs is a machine that waits, whatever the clock says: this limit is in real time. */
const patienceMs = 10_000;

/**
 * What RENDERCAD does without being asked: jobs go on, webhooks are delivered. It happens at its time where the clock
 * can say when that has come, and otherwise with the next call that somebody makes.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #closed = new AbortController();
  #wakesAt = Infinity;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Brings jobs to the clock's time and sends what is due. The answers of receivers are not waited for. */
  run(): void {
    if (this.#closed.signal.aborted) return;
    const { world } = this.#parts;
    advanceJobs(world);
    for (const delivery of listDueDeliveries(world)) {
      if (!this.#underWay.has(delivery.id)) this.#underWay.set(delivery.id, this.#deliver(delivery));
    }
    this.#arm();
  }

  /** Until every delivery that is due now has been answered. */
  async settle(): Promise<void> {
    this.run();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
  }

  /** The same API, with upkeep before and after every call. */
  attend(api: Api): Api {
    return {
      definition: api.definition,
      respond: (raw) => this.#around(() => api.respond(raw)),
      perform: (raw, caller) => this.#around(() => api.perform(raw, caller)),
    };
  }

  close(): void {
    this.#closed.abort();
  }

  #around<Result>(act: () => Result): Result {
    this.run();
    const result = act();
    this.run();
    return result;
  }

  /** Sees to it that something wakes up for the next thing to happen. */
  #arm(): void {
    const at = Math.min(nextJobChangeAt(this.#parts.world), this.#nextDeliveryAt());
    if (at < this.#wakesAt) void this.#wakeAt(at);
  }

  /** A wake-up that is no longer needed when it comes finds nothing to do. */
  async #wakeAt(at: number): Promise<void> {
    const { clock } = this.#parts.world;
    if (clock.reach === undefined) return;
    this.#wakesAt = at;
    await clock.reach(at);
    if (this.#wakesAt === at) this.#wakesAt = Infinity;
    this.run();
  }

  /** One that is under way is due until it is answered, and then the upkeep runs again anyway. */
  #nextDeliveryAt(): number {
    const { world } = this.#parts;
    const at = nextDeliveryAt(world);
    return at <= world.clock.now() ? Infinity : at;
  }

  async #deliver(delivery: DeliveryRow): Promise<void> {
    const { world, work } = this.#parts;
    const at = world.clock.now();
    work?.beginWork();
    try {
      const arrived = await this.#attempt(delivery);
      if (arrived === undefined) forgetDelivery(world, delivery);
      else noteAttempt(world, delivery, { at, arrived });
    } finally {
      this.#underWay.delete(delivery.id);
      this.run();
      work?.endWork();
    }
  }

  /** Whether the receiver answered 2xx; `undefined` when nobody wants the delivery any more. */
  async #attempt(delivery: DeliveryRow): Promise<boolean | undefined> {
    const { world, send } = this.#parts;
    const shipment = wrapDelivery(world, delivery);
    if (!shipment) return undefined;
    const to = findReceiver(world, shipment.url);
    if (to === undefined) return false;
    const { headers, body } = shipment;
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]);
    try {
      const response = await send(to, { method: "POST", headers, body, redirect: "manual", signal });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}
