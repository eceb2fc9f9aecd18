import { makeWorld, type World } from "../../src/world/world.ts";

export type Clock = {
  readonly world: World;
  /** Time passes, for both clocks. */
  pass(milliseconds: number): void;
  /** Somebody sets the wall clock back. */
  setBack(milliseconds: number): void;
};

/** A world without a network whose time stands still until somebody sleeps or the test lets it pass. */
export function makeClock(): Clock {
  let [wall, steady] = [Date.UTC(2026, 10, 22, 9), 0];
  let drawn = 0;
  const pass = (milliseconds: number): void => {
    wall += milliseconds;
    steady += milliseconds;
  };
  const world: World = {
    ...makeWorld({
      send: () => Promise.reject(new Error("no network here")),
      stop: new AbortController().signal,
    }),
    now: () => wall,
    steady: () => steady,
    sleep: async (time) => pass(Math.max(0, time)),
    random: () => 0.5,
    randomHex: (bytes) => (drawn += 1).toString(16).padStart(bytes * 2, "0"),
  };
  return { world, pass, setBack: (milliseconds) => void (wall -= milliseconds) };
}
