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

/** What the upkeep of a simulator works with. */
export type UpkeepParts = {
  readonly world: World;
  readonly send: typeof fetch;
  /** Keeps virtual time where it is while a receiver works on a delivery. */
  readonly work?: { beginWork(): void; endWork(): void } | undefined;
};

/**
 * How many milliseconds of real time a receiver has for a delivery. It is another program, which does not wait by the
 * virtual clock.
 */
const patienceMs = 10_000;

/**
 * What RENDERCAD does without being asked: jobs go on, webhooks are delivered. It is done when its time comes where
 * the clock can tell when that is, and otherwise with the next call.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #closed = new AbortController();
  #wakesAt = Infinity;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Brings jobs to where they are by the clock, and sends the deliveries that are due, without waiting for the answers. */
  run(): void {
    if (this.#closed.signal.aborted) return;
    const { world } = this.#parts;
    advanceJobs(world);
    for (const delivery of listDueDeliveries(world)) {
      if (!this.#underWay.has(delivery.id)) this.#underWay.set(delivery.id, this.#deliver(delivery));
    }
    this.#arm();
  }

  /** Resolves when every delivery that is due now has been answered. */
  async settle(): Promise<void> {
    this.run();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
  }

  /** The same API, with the upkeep done before and after every call. */
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

  /** Plans to wake up when the next thing is to be done. */
  #arm(): void {
    const at = Math.min(nextJobChangeAt(this.#parts.world), this.#nextDeliveryAt());
    if (at < this.#wakesAt) void this.#wakeAt(at);
  }

  /** Wakes up at a time. Where nothing is to be done any more by then, nothing is. */
  async #wakeAt(at: number): Promise<void> {
    const { clock } = this.#parts.world;
    if (clock.reach === undefined) return;
    this.#wakesAt = at;
    await clock.reach(at);
    if (this.#wakesAt === at) this.#wakesAt = Infinity;
    this.run();
  }

  /** When the next delivery is due. One that is under way does not count: the upkeep runs again when it is answered. */
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

  /** Sends a delivery: whether the receiver answered 2xx. `undefined`: its webhook was deleted meanwhile. */
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
