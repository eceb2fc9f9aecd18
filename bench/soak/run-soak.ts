import { playWorld, type Failure, type WorldInput } from "./world.ts";
import type { Tally } from "./tally.ts";

export const roundsOfWorld = 8;

export type SoakInput = {
  readonly seed: number;
  readonly rounds: number;
  /** Only this one. */
  readonly world?: number;
  readonly skip: readonly number[];
  readonly tally: Tally;
  readonly tell: (line: string) => void;
  /** Told of each failure as it is found. */
  readonly found?: (failure: Failure) => Promise<void>;
};

/** Plays worlds until there were that many rounds; answers with those in which something was wrong. */
export async function runSoak(input: SoakInput): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  const worlds = Math.ceil(input.rounds / roundsOfWorld);
  for (let world = 0; world < worlds; world += 1) {
    if (input.world !== undefined && input.world !== world) continue;
    const rounds = Math.min(roundsOfWorld, input.rounds - world * roundsOfWorld);
    const failure = await playWorld({ ...input, world, rounds });
    if (!failure) continue;
    failures.push(failure);
    await input.found?.(failure);
  }
  return failures;
}

/** Leaves out one round after another before the one that went wrong, as long as the same rule still finds something. */
export async function shrink(
  input: Omit<WorldInput, "rounds" | "skip">,
  failure: Failure,
): Promise<{ readonly skip: readonly number[]; readonly failure: Failure }> {
  let [skip, found]: [readonly number[], Failure] = [[], failure];
  for (let round = 2; round < failure.round; round += 1) {
    const tried = await playWorld({ ...input, rounds: roundsOfWorld, skip: [...skip, round] });
    const isSame = tried?.round === failure.round && tried.wrong[0]?.rule === failure.wrong[0]?.rule;
    if (isSame) [skip, found] = [[...skip, round], tried];
  }
  return { skip, failure: found };
}
