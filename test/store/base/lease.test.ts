import { describe, expect, test } from "vitest";
import type { Hold } from "../../../src/store/base/backend.ts";
import { LeaseKeeper, readClocks } from "../../../src/store/base/lease.ts";
import { problemsOf } from "../../observe.ts";
import { makeClock } from "../clock.ts";

const minute = 60_000;

/** A lock on a place that can be out of reach. */
function keep() {
  const clock = makeClock();
  const place = { isReachable: true, renewals: 0 };
  const hold = {
    renew: async () => {
      if (!place.isReachable) throw new Error("no network");
      place.renewals += 1;
    },
  } satisfies Partial<Hold> as unknown as Hold;
  return { clock, place, keeper: new LeaseKeeper(clock.world, hold, readClocks(clock.world)) };
}

describe("the lease", () => {
  test("is prolonged once a minute, however often it is checked", async () => {
    const { clock, place, keeper } = keep();
    for (let second = 0; second < 150; second += 1) {
      await keeper.check();
      clock.pass(1_000);
    }
    await Promise.all([keeper.check(), keeper.check()]);
    expect(place.renewals).toBe(2);
  });

  test("a place out of reach stops nobody while more than 30 seconds are left, and everybody then", async () => {
    const { clock, place, keeper } = keep();
    place.isReachable = false;
    clock.pass(4.5 * minute - 1);
    await keeper.check();
    clock.pass(1);
    expect(await problemsOf(keeper.check())).toMatchObject([
      {
        code: "lock-lost",
        message: "This run no longer holds the lock of the state: it could not be prolonged in time.",
      },
    ]);
    const lost: unknown = await keeper.check().catch((error: unknown) => error);
    expect(lost).toMatchObject({ cause: new Error("no network") });
    place.isReachable = true;
    await keeper.check();
  });

  test("the clock that has seen more time counts", async () => {
    const { clock, place, keeper } = keep();
    place.isReachable = false;
    clock.setBack(60 * minute);
    clock.pass(4.6 * minute);
    expect(await problemsOf(keeper.check())).toMatchObject([{ code: "lock-lost" }]);
  });
});
