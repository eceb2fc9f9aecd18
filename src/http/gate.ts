/** Limits how many calls are under way at once: whoever sends enters, and leaves after the answer. */
export class Gate {
  readonly #width: number;
  #inside = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get isOpen(): boolean {
    return this.#inside < this.#width;
  }

  enter(): void {
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
  }
}
