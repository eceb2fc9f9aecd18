import type { Millis } from "../../core/model/budget.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { Kind } from "../../core/kind/kind.ts";
import { type WriteDraft, draft } from "../../core/model/write.ts";
import { budgets } from "./budgets.ts";
import { collectionAt } from "./collection.ts";
import { wordOf } from "./mapping.ts";

/** States that do not end by themselves (Render's description). */
const lasting = ["suspended", "recovery_failed"];

/**
 * How to wait for a database or a Key Value instance until it can be used; both have the same names of states. `typical` is how
 * long it usually takes, in milliseconds.
 */
export function availability(path: string, typical: Millis): NonNullable<Kind["readiness"]> {
  return {
    until: "available",
    timeout: 15 * 60_000,
    typical,
    isExpected: ({ spec }) => spec["suspended"] !== true,
    isAwaited: ({ raw }) => raw["status"] === "creating" || raw["status"] === "unknown",
    async check(reader, id) {
      const item = await collectionAt(path).get(reader, id);
      if (item === undefined) return { failed: "it is gone" };
      const status = wordOf(item["status"]);
      if (status === "available") return "ready";
      return lasting.includes(status) ? { failed: `its status is ${status}` } : "waiting";
    },
  };
}

/** The call that suspends or resumes it: neither a creation nor a PATCH can do that (Render's description). */
export function suspensionDraft(path: string, { address, spec }: Desired): WriteDraft {
  const action = spec["suspended"] === true ? "suspend" : "resume";
  const write = { method: "POST", path: `${path}/{${address}}/${action}`, budgets: budgets.write } as const;
  return draft("suspended", write, ["suspended"]);
}
