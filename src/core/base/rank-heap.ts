/**
 * A heap of numbers, the smallest first: adding and taking cost the logarithm of how many there are. Equal numbers are each
 * kept. Of an empty one, `peek` and `pop` answer `undefined`.
 */
export class RankHeap {
  readonly #ranks: number[] = [];

  get size(): number {
    return this.#ranks.length;
  }

  peek(): number | undefined {
    return this.#ranks[0];
  }

  push(rank: number): void {
    const ranks = this.#ranks;
    let at = ranks.push(rank) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (ranks[above]! <= rank) break;
      ranks[at] = ranks[above]!;
      at = above;
    }
    ranks[at] = rank;
  }

  pop(): number | undefined {
    const ranks = this.#ranks;
    const [first] = ranks;
    const last = ranks.pop();
    if (last === undefined || ranks.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= ranks.length) break;
      const below = left + 1 < ranks.length && ranks[left + 1]! < ranks[left]! ? left + 1 : left;
      if (ranks[below]! >= last) break;
      ranks[at] = ranks[below]!;
      at = below;
    }
    ranks[at] = last;
    return first;
  }
}
