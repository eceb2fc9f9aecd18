import fc from "fast-check";
import { expect, test } from "vitest";
import { RankHeap } from "../../../src/core/base/rank-heap.ts";

test("hands out what it was given with the smallest first, also between what is added", () => {
  const ranks = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 });
  fc.assert(
    fc.property(ranks, ranks, (early, late) => {
      const heap = new RankHeap();
      for (const rank of early) heap.push(rank);
      const [least] = early.toSorted((a, b) => a - b);
      expect([heap.size, heap.peek(), heap.pop()]).toEqual([early.length, least, least]);
      for (const rank of late) heap.push(rank);
      const rest = early.toSorted((a, b) => a - b).slice(1);
      const taken = Array.from({ length: heap.size }, () => heap.pop());
      expect(taken).toEqual([...rest, ...late].sort((a, b) => a - b));
      expect([heap.size, heap.peek(), heap.pop()]).toEqual([0, undefined, undefined]);
    }),
  );
});
