import type { Owned } from "../../../src/core/model/inventory.ts";
import type { JournalEntry, Outcome } from "../../../src/core/run/journal.ts";

export const api = "render/service/api";
export const owned: Owned = {
  kind: "render/service",
  id: "srv-1",
  name: "api",
  fields: {},
  needs: [],
  protect: false,
};
export const done = { status: "done", owned } as const satisfies Outcome;
export const failed = { status: "failed", code: "rejected" } as const satisfies Outcome;

export type Intent = Extract<JournalEntry, { entry: "intent" }>;

/** The line that a run writes before a step of `api`; `more` has what is not the usual. */
export function intent(verb: string, more: Partial<Intent> = {}): JournalEntry {
  const base = {
    run: "r",
    at: 7,
    step: `${verb} ${api}`,
    address: api,
    kind: "render/service",
    name: "api",
  } as const;
  return { entry: "intent", verb, method: "POST", path: "/", ...base, ...more };
}

/** The line that a run writes when the step has ended. */
export function outcome(verb: string, result: Outcome, step = `${verb} ${api}`): JournalEntry {
  return { entry: "outcome", run: "r", at: 9, step, verb, address: api, result };
}
