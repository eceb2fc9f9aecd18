import { expect, test } from "vitest";
import { emptyInventory } from "../../../src/core/model/inventory.ts";
import type { LeftStep, Unfinished } from "../../../src/core/planning/unfinished.ts";
import { renderStanding, renderStandingJson } from "../../../src/views/run/state-show.ts";

const screen = { columns: 80, colour: false, unicode: true };
const at = Date.UTC(2026, 10, 22, 23, 30);
const place = "state/default";
const inventory = emptyInventory("0011");
const midnight = Date.UTC(2026, 10, 23);

const left: readonly LeftStep[] = [
  {
    step: "create render/service/api",
    address: "render/service/api",
    status: "left",
    wait: { for: "budget", budget: "render/create", until: midnight },
  },
  {
    step: "deploy render/service/api",
    address: "render/service/api",
    status: "left",
    wait: { for: "steps", steps: ["create render/service/api", "update render/env-group/shared"] },
  },
  {
    step: "update render/env-group/shared",
    address: "render/env-group/shared",
    status: "failed",
    code: "rejected",
    wait: { for: "nothing" },
  },
  {
    step: "create render/postgres/main",
    address: "render/postgres/main",
    status: "uncertain",
    wait: { for: "nothing" },
  },
];

const unfinished: Unfinished = {
  approved: { run: "r1", at: "2026-11-22T22:00:00.000Z", by: { user: "ada", host: "laptop" } },
  run: "r2",
  verdict: "unfinished",
  isRunning: false,
  steps: 12,
  done: 8,
  left,
  next: { at: midnight, budget: "render/create" },
  end: midnight + 120_000,
};

test("what is done, what is left and waits for what, and how to carry on", () => {
  const pending = {
    "render/service/other": { job: true as const },
    "render/service/api": { job: true as const },
  };
  const text = renderStanding(
    { place, at, unfinished, inventory: { ...inventory, pending } },
    "trueup apply --resume",
    screen,
  );
  expect(`\n${text}`).toBe(`
Unfinished  8 of 12 steps done, 1 failed, 1 uncertain, 2 left
Approved    2026-11-22 22:00:00 UTC by ada on laptop
Last run    r2, cut off
Next step   in 30 min, 2026-11-23 00:00:00 UTC, when render/create (20 an hour)
            has calls again
Time left   about 32 min, as far as the ledger tells
Carry on    trueup apply --resume

Left
  render/service/api       create: waits for render/create until 2026-11-23
                           00:00:00 UTC
                           deploy: after create, update render/env-group/shared
  render/env-group/shared  update: failed (rejected), can start now
  render/postgres/main     create: sent, and no answer was heard

Begun
  render/service/other  its job before the deploy was started; the next run
                        waits for that one
`);
});

test("a run that is at work needs nobody to carry it on", () => {
  const text = renderStanding(
    { place, at, inventory, unfinished: { ...unfinished, isRunning: true } },
    "trueup apply --resume",
    screen,
  );
  expect(text).toContain("r2, at work now");
  expect(text).not.toContain("--resume");
});

test("many resources are counted after the first forty", () => {
  const many = Array.from({ length: 50 }, (_, index): LeftStep => ({
    step: `create render/service/s${index}`,
    address: `render/service/s${index}`,
    status: "left",
    wait: { for: "nothing" },
  }));
  const standing = { place, at, inventory, unfinished: { ...unfinished, left: many } };
  expect(renderStanding(standing, "trueup apply --resume", screen)).toContain("and 10 more resources");
  const told = JSON.parse(renderStandingJson(standing, "trueup apply --resume")) as {
    readonly unfinished: { readonly left: readonly unknown[] };
  };
  expect(told.unfinished.left).toHaveLength(50);
});

test("where nothing is left, that is said", () => {
  expect(renderStanding({ place, at, inventory }, "trueup apply --resume", screen)).toBe(
    "Every plan that was approved is done, in state/default\n",
  );
  const pending = { "render/service/api": { deployFor: ["update render/service/api"] } };
  expect(renderStanding({ place, at, inventory: { ...inventory, pending } }, "trueup apply --resume", screen))
    .toBe(`Begun
  render/service/api  its deploy is due, for: update render/service/api

The next apply takes it up.
`);
});
