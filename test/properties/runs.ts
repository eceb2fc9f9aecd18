import type { Parameters } from "fast-check";

const { TRUEUP_PROPERTY_RUNS: more, TRUEUP_PROPERTY_SEED: otherSeed } = process.env;

/** Milliseconds after which a property stops, also looking for a smaller failing file: a hang, on the slowest machine too. */
const limit = more === undefined ? 600_000 : Number(more) * 20_000;

/** For the test around a property: it fails by itself before the test does. */
export const propertyTimeout = limit + 30_000;

/**
 * How often each property runs, and from where: the same files on every machine, so that a failure can be repeated. With
 * TRUEUP_PROPERTY_RUNS a longer search, with TRUEUP_PROPERTY_SEED another one; a failure prints seed and path.
 */
export function propertyRuns(runs: number): Parameters<unknown> {
  return {
    numRuns: Number(more ?? runs),
    seed: Number(otherSeed ?? 20_261_122),
    interruptAfterTimeLimit: limit,
    markInterruptAsFailure: true,
  };
}
