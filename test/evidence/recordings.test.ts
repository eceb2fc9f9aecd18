import { beforeAll, describe, expect, test } from "vitest";
import { countDown } from "./countdown.ts";
import { accepts, differences, laterFields, type AcceptedDifference } from "./differences.ts";
import { labelOf, readRecordings } from "./recordings.ts";
import { replay, type Replayed } from "./replay.ts";

/** Share of exchanges in which nothing differs but fields that are younger than the recording. */
const leastShare = 0.98;

describe("the simulator answers as the recorded API did", () => {
  const recordings = readRecordings();
  const played: Replayed[] = [];

  beforeAll(async () => {
    for (const recording of recordings) played.push(...(await replay(recording)));
  }, 600_000);

  test.each(recordings.map(({ name }) => name))("%s", (name) => {
    const unexplained = played
      .filter(({ exchange }) => exchange.recording === name)
      .flatMap((one) => unexplainedOf(one, [...laterFields, ...differences]));
    expect(unexplained).toEqual([]);
  });

  test("almost every exchange matches in full", () => {
    const identical = played.filter((one) => one.differences.length === 0);
    const matching = played.filter((one) => unexplainedOf(one, laterFields).length === 0);
    process.stdout.write(
      `${played.length} exchanges: ${identical.length} identical, ` +
        `${matching.length - identical.length} apart from later fields, ` +
        `${played.length - matching.length} different\n`,
    );
    expect(matching.length / played.length).toBeGreaterThanOrEqual(leastShare);
  });

  test("calls share budgets as they did", () => {
    const countdowns = countDown(played);
    const comparable = countdowns.filter((countdown) => countdown.sameCalls);
    // Calls at the turn of a minute may fall into the one or the other window; few do.
    expect(comparable.length / countdowns.length).toBeGreaterThan(0.9);
    expect(comparable.filter(({ recorded, ours }) => recorded !== ours)).toEqual([]);
  });

  test.each([...laterFields, ...differences])("still needed: $because", (row) => {
    expect(
      played.some((one) => one.differences.some((difference) => accepts(row, one.exchange, difference))),
    ).toBe(true);
  });
});

function unexplainedOf(one: Replayed, rows: readonly AcceptedDifference[]): readonly string[] {
  return one.differences
    .filter((difference) => !rows.some((row) => accepts(row, one.exchange, difference)))
    .map(({ at, recorded, ours }) => `${labelOf(one.exchange)}: ${at} was ${recorded}, is ${ours}`);
}
