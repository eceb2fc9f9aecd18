import { meetings, ways, type Event, type Touched } from "./touched.ts";

/** What is touched in everything that follows a state, and by whom: a bit for each thread, way and place. */
export type Below = bigint;

/**
 * States whose every continuation was looked at. Who comes to one of them again by another way need not go on: the same would
 * follow. What followed is needed all the same, for the pairs that it makes with what came before on this other way (stateful
 * partial order reduction, Yang et al. 2008); so each state keeps which places that touches.
 *
 *   a sets x, b looks at y, ...        looked at to all ends
 *   b looks at y, a sets x             the same state: stop, but what follows may meet `b looks at y`
 */
export class Seen {
  readonly #states = new Map<string, Below>();
  readonly #bits = new Map<string, bigint>();

  find(state: string): Below | undefined {
    return this.#states.get(state);
  }

  add(state: string, below: Below): void {
    this.#states.set(state, below);
  }

  touchedBy(event: Event): Below {
    return ways.reduce(
      (all, way) => event[way].reduce((sum, place) => sum | this.#bit(event.thread, way, place), all),
      0n,
    );
  }

  /** Whether a thread does something in what follows that meets the event. */
  isMet(event: Event, below: Below, thread: number): boolean {
    return ways.some((way) =>
      event[way].some((place) => meetings[way].some((met) => (below & this.#bit(thread, met, place)) !== 0n)),
    );
  }

  #bit(thread: number, way: keyof Touched, place: string): bigint {
    const name = `${thread} ${way} ${place}`;
    const bit = this.#bits.get(name) ?? 1n << BigInt(this.#bits.size);
    this.#bits.set(name, bit);
    return bit;
  }
}
