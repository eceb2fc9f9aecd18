import { beforeAll, describe, expect, test } from "vitest";
import { deviations, excuses } from "./deviations.ts";
import { readDescription, type Deviation } from "./openapi.ts";
import { readRecordings } from "./recordings.ts";
import { replay } from "./replay.ts";
import { tour } from "./tour.ts";

type Checked = { readonly call: string; readonly deviation: Deviation };

describe("the simulator answers as the API is described", () => {
  const description = readDescription();
  const found: Checked[] = [];
  const calls: { replayed: number; toured: number } = { replayed: 0, toured: 0 };

  function check(answer: { method: string; path: string; status: number; body: unknown }): void {
    const path = answer.path.split("?")[0] ?? "";
    const call = `${answer.method} ${path}`;
    found.push(...description.check({ ...answer, path }).map((deviation) => ({ call, deviation })));
  }

  beforeAll(async () => {
    for (const recording of readRecordings()) {
      for (const { exchange, path, answer } of await replay(recording)) {
        calls.replayed += 1;
        check({ method: exchange.method, path, ...answer });
      }
    }
    for (const answer of await tour()) {
      calls.toured += 1;
      check(answer);
    }
  }, 600_000);

  test("every answer to a recorded call and to a tour of the calls that were never recorded", () => {
    process.stdout.write(`${calls.replayed} recorded and ${calls.toured} further answers checked\n`);
    const unexplained = found
      .filter(({ call, deviation }) => !deviations.some((row) => excuses(row, call, deviation)))
      .map(({ call, deviation }) => `${call}: ${deviation.at} ${deviation.message}`);
    expect([...new Set(unexplained)]).toEqual([]);
  });

  test.each(deviations)("still needed: $because", (row) => {
    expect(found.some(({ call, deviation }) => excuses(row, call, deviation))).toBe(true);
  });
});
