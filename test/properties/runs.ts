import type { Parameters } from "fast-check";

/**
 * How often each property runs, and from where: the same files on every machine, so that a failure can be repeated. With
 * TRUEUP_PROPERTY_RUNS a longer search, with TRUEUP_PROPERTY_SEED another one; a failure prints seed and path. Looking for
 * a smaller failing file ends before the test's own time does.
 */
export function propertyRuns(runs: number): Parameters<unknown> {
  const { TRUEUP_PROPERTY_RUNS: more, TRUEUP_PROPERTY_SEED: seed } = process.env;
  return {
    numRuns: Number(more ?? runs),
    seed: Number(seed ?? 20_261_122),
    ...(more === undefined && { interruptAfterTimeLimit: 40_000 }),
  };
}
