/** How many calls may be under way at once. */
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
