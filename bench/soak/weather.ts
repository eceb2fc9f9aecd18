import type { Cut } from "../../test/crash/mortal.ts";
import type { Dice } from "./dice.ts";

/**
 * What is in the way of one round. `calm`: nothing, enough time has passed for whatever was uncertain, and everything that
 * the program asks is agreed to. `answers`: whether a refusal is answered by the flags that it names.
 */
export type Weather = {
  readonly calm: boolean;
  readonly faults: string;
  readonly kill?: Cut;
  readonly answers: boolean;
};

/** Some calls get no answer in time: only where time is not real, since a minute passes each time. */
export const timeouts = "timeout:0.05";

const faults = [
  "429:0.1",
  "500:0.1",
  "503:0.1",
  "html:0.05",
  "truncated-json:0.05",
  "reset-before:0.1",
  "drop-after-commit:0.15",
  "drop-after-commit:0.5@POST *",
  "500-after-commit:0.15",
  "502-after-commit:0.5@DELETE *",
  timeouts,
  "short-page:0.3",
  "stale-list:0.3",
  "repeated-cursor:0.1",
  "lag:0-90",
  "lag:60",
  "lag-deletes:0-90",
  "drop-after-commit:0.3,lag:0-90",
  "short-page:0.3@*env-vars",
] as const;

/** `isMortal`: the program may be killed between two lines of its journal; else only after a write. */
export function drawWeather(dice: Dice, isLast: boolean, isMortal: boolean): Weather {
  if (isLast || dice.chance(0.3)) return { calm: true, faults: "", answers: true };
  const what = dice.next();
  const isFaulty = what < 0.6;
  const isKilled = what > 0.45;
  const places = isMortal
    ? (["before-write", "after-write", "append", "torn-append", "commit"] as const)
    : (["after-write"] as const);
  const at = dice.pick(places);
  const kill: Cut = { at, number: at === "commit" ? 1 : 1 + dice.below(dice.chance(0.5) ? 4 : 16) };
  return {
    calm: false,
    faults: isFaulty ? dice.pick(faults.filter((one) => isMortal || one !== timeouts)) : "",
    ...(isKilled && { kill }),
    answers: dice.chance(0.7),
  };
}
