import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openAccount, verdictsIn, type DriftedAccount } from "./drifted-account.ts";
import { edits } from "./edits.ts";

let account: DriftedAccount;
let before: ReturnType<DriftedAccount["contents"]>;
beforeAll(async () => {
  account = await openAccount();
  before = account.contents();
});
beforeEach(() => account.restore());
afterAll(() => account.scene.close());

test.each(edits)("$what is seen, and taken back by an apply", async ({ calls, found }) => {
  for (const call of calls) await account.perform(call);
  expect(account.contents()).not.toEqual(before);
  const { scene } = account;
  expect(verdictsIn(await scene.drift())).toEqual(found);
  const owned = found.map((line) => line.split(" ")[1]!.replace(/:$/, ""));
  const report = await scene.apply({ allowDataLoss: owned });
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  expect(account.contents()).toEqual(before);
});
