import type { Tally } from "./tally.ts";

/** How one seed ended. `rounds`: those that were played; an account that went wrong is not played to its end. */
export type SeedResult = {
  readonly commit: string;
  readonly rounds: number;
  readonly wrong: number;
  readonly seconds: number;
  readonly exercised: ReturnType<Tally["all"]>;
};

/** `bench/results/soak.json`: the last result of every seed, each with the commit that it was on, and their sums. */
export type SoakResult = {
  readonly seeds: string;
  readonly rounds: number;
  readonly wrong: number;
  readonly seconds: number;
  readonly bySeed: { readonly [seed: string]: SeedResult };
};

/** With one more seed, or with that one played again. */
export function withSeed(before: SoakResult | undefined, seed: number, result: SeedResult): SoakResult {
  const bySeed: SoakResult["bySeed"] = { ...before?.bySeed, [seed]: result };
  const all = Object.values(bySeed);
  const sum = (figure: "rounds" | "wrong" | "seconds"): number =>
    all.reduce((total, one) => total + one[figure], 0);
  return {
    seeds: Object.keys(bySeed).join(", "),
    rounds: sum("rounds"),
    wrong: sum("wrong"),
    seconds: sum("seconds"),
    bySeed,
  };
}
