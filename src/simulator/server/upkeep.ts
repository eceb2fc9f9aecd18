import { isLoopback } from "../../core/base/loopback.ts";
import { findReceiver } from "../base/receiver.ts";
import type { World } from "../base/world.ts";
import type { Api } from "./api.ts";

/** A delivery as its receiver gets it. */
export type Shipment = {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
};

/** How an attempt to deliver ended. `at` is clock time in milliseconds; `status` and `text` are the receiver's answer. */
export type Attempt = {
  readonly at: number;
  readonly arrived: boolean;
  readonly status?: number;
  readonly text?: string;
  readonly error?: string;
};

/** What one API does without being asked. Times are milliseconds since 1970. */
export type Chores<Delivery> = {
  /** Does what the clock says has come. */
  readonly advance: (world: World) => void;
  /** When the next thing will have come; infinity: never. */
  readonly nextChangeAt: (world: World) => number;
  readonly listDue: (world: World) => readonly Delivery[];
  readonly nextDeliveryAt: (world: World) => number;
  /** `undefined`: nobody wants it any more. */
  readonly wrap: (world: World, delivery: Delivery, at: number) => Shipment | undefined;
  readonly note: (world: World, delivery: Delivery, attempt: Attempt) => void;
  readonly forget: (world: World, delivery: Delivery) => void;
};

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

/** Of a receiver's answer, this many characters are kept. */
const longestText = 1000;

/**
 * What an API does without being asked: jobs and deploys go on, webhooks are delivered. It is done when its time comes
 * where the clock can tell when that is, and otherwise with the next call.
 */
export class Upkeep<Delivery> {
  readonly #parts: UpkeepParts;
  readonly #chores: Chores<Delivery>;
  readonly #underWay = new Map<Delivery, Promise<void>>();
  readonly #closed = new AbortController();
  #wakesAt = Infinity;

  constructor(parts: UpkeepParts, chores: Chores<Delivery>) {
    this.#parts = parts;
    this.#chores = chores;
  }

  /** Brings the account to where it is by the clock, and sends the deliveries that are due, without waiting for the answers. */
  run(): void {
    if (this.#closed.signal.aborted) return;
    const { world } = this.#parts;
    this.#chores.advance(world);
    for (const delivery of this.#chores.listDue(world)) {
      if (!this.#underWay.has(delivery)) this.#underWay.set(delivery, this.#deliver(delivery));
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
    const at = Math.min(this.#chores.nextChangeAt(this.#parts.world), this.#nextDeliveryAt());
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
    const at = this.#chores.nextDeliveryAt(world);
    return at <= world.clock.now() ? Infinity : at;
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { world, work } = this.#parts;
    work?.beginWork();
    try {
      const attempt = await this.#attempt(delivery);
      if (attempt === undefined) this.#chores.forget(world, delivery);
      else this.#chores.note(world, delivery, attempt);
    } finally {
      this.#underWay.delete(delivery);
      this.run();
      work?.endWork();
    }
  }

  /** Sends a delivery, to receivers of this machine alone. `undefined`: nobody wants it any more. */
  async #attempt(delivery: Delivery): Promise<Attempt | undefined> {
    const { world, send } = this.#parts;
    const at = world.clock.now();
    const shipment = this.#chores.wrap(world, delivery, at);
    if (!shipment) return undefined;
    const to = isLoopback(new URL(shipment.url).hostname) ? shipment.url : findReceiver(world, shipment.url);
    if (to === undefined) return { at, arrived: false, error: "the receiver cannot be reached" };
    const { headers, body } = shipment;
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]);
    try {
      const response = await send(to, { method: "POST", headers, body, redirect: "manual", signal });
      const text = (await response.text()).slice(0, longestText);
      return { at, arrived: response.ok, status: response.status, text };
    } catch (error) {
      return { at, arrived: false, error: error instanceof Error ? error.message : String(error) };
    }
  }
}
