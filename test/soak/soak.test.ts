import { expect, test } from "vitest";
import { runSoak } from "../../bench/soak/run-soak.ts";
import { Tally } from "../../bench/soak/tally.ts";

/** `npm run soak -- --rounds 300 --seed 1` plays as many as there is time for. */
test("sixteen random rounds of edit, outside edit, run, kill and fault end with nothing wrong", async () => {
  const tally = new Tally();
  const failures = await runSoak({ seed: 7, rounds: 16, skip: [], tally, tell: () => undefined });
  expect(failures).toEqual([]);
  const { edits, "outside edits": outside } = tally.all();
  expect(tally.sum("weather")).toBe(16);
  expect(Object.keys(edits ?? {}).length).toBeGreaterThan(3);
  expect(Object.keys(outside ?? {}).length).toBeGreaterThan(3);
});
