import { describe, expect, test } from "vitest";
import { countUsed, makeAlignedBucket, rollOver, settleAligned } from "../../src/http/bucket.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 22, 9, 0, 30);

/** A window of which an answer has told that it ends in thirty seconds, give or take one. */
function told() {
  const bucket = makeAlignedBucket("render/write", undefined, start);
  const headers = { "ratelimit-limit": "30", "ratelimit-remaining": "29", "ratelimit-reset": "30" };
  bucket.inFlight = 1;
  settleAligned(bucket, { headers, refused: false, sentAt: start }, start);
  return bucket;
}

/** A call without an answer, which ended then. */
function lose(bucket: ReturnType<typeof told>, at: number): void {
  bucket.inFlight += 1;
  settleAligned(bucket, { headers: undefined, refused: false, sentAt: at - 10 }, at);
}

describe("a call of which no answer told", () => {
  test("counts in its window", () => {
    const bucket = told();
    lose(bucket, start + 10_000);
    expect(countUsed(bucket)).toBe(2);
  });

  test("counts in the next one as well when it ended where nobody knows which of the two it was", () => {
    const bucket = told();
    lose(bucket, start + 30_000);
    rollOver(bucket, start + 32_000);
    expect(countUsed(bucket)).toBe(1);
  });

  test("does not count in the next one when it ended before this one could end", () => {
    const bucket = told();
    lose(bucket, start + 10_000);
    rollOver(bucket, start + 32_000);
    expect(countUsed(bucket)).toBe(0);
  });

  test("counts in no window after the next", () => {
    const bucket = told();
    lose(bucket, start + 30_000);
    rollOver(bucket, start + 32_000 + 2 * minute);
    expect(countUsed(bucket)).toBe(0);
  });
});
