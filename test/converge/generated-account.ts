import { expect } from "vitest";
import { generateState } from "../../src/simulator/server/generator.ts";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { writeStateText } from "./state-text.ts";

export const [services, seed] = [200, 1];
export const generated = generateState({ services, seed });
/** The file that describes the account. */
export const text = writeStateText(generated);

/** What one hour allows of services, databases and caches together (documented). */
const creationsAnHour = 20;
const createdKinds = ["render/service", "render/postgres", "render/key-value"];
const creations = generated.resources.filter(({ kind }) => createdKinds.includes(kind)).length;
const hour = 3_600_000;

/** Not one call too many, and no hour more than the creations need; `took` in milliseconds. */
export function expectPaced(requests: readonly RequestLine[], took: number): void {
  expect(requests.filter(({ status }) => status === 429)).toEqual([]);
  const made = requests.filter(({ budget, status }) => budget === "render/create" && status === 201);
  expect(made).toHaveLength(creations);
  const windows = Math.ceil(creations / creationsAnHour);
  // The first window may be almost over when the run begins, and the last one has hardly begun when it ends.
  expect(took).toBeGreaterThan((windows - 2) * hour);
  expect(took).toBeLessThan(windows * hour);
}
