import type { Address, KindName } from "./address.ts";
import { withOwned, withoutOwned, type Inventory, type Owned } from "./inventory.ts";
import type { StepId } from "./plan.ts";
import type { Digest } from "./secret.ts";

/** Who runs, as far as it is known: the person or machine, and the page of the CI run. */
export type RunBy = { readonly user: string; readonly host: string; readonly url?: string };

/**
 * One line of the journal. The unit is one HTTP write: `intent` is synced to disk before the call is sent, `outcome`
 * after it was answered. `at` is milliseconds since 1970. Nothing here can hold a secret: paths name ids and keys,
 * values stand as digests.
 */
export type JournalEntry =
  | {
      readonly entry: "run-began";
      readonly run: string;
      readonly at: number;
      readonly plan: string;
      readonly commit?: string;
      readonly by?: RunBy;
    }
  | {
      readonly entry: "intent";
      readonly run: string;
      readonly at: number;
      readonly step: StepId;
      readonly verb: string;
      readonly address: Address;
      readonly kind: KindName;
      /** Natural key: what a lost create is looked up by. */
      readonly name: string;
      readonly method: string;
      readonly path: string;
    }
  | {
      readonly entry: "outcome";
      readonly run: string;
      readonly at: number;
      readonly step: StepId;
      readonly address: Address;
      readonly result: Outcome;
    }
  | {
      readonly entry: "recorded";
      readonly run: string;
      readonly at: number;
      readonly step: StepId;
      readonly address: Address;
      readonly result: Outcome;
    }
  | {
      readonly entry: "run-ended";
      readonly run: string;
      readonly at: number;
      readonly verdict: "done" | "failed" | "stopped" | "interrupted";
    };

/** `unknown`: sent, and no answer came; only a look at the account can tell. */
export type Outcome =
  | {
      readonly status: "done";
      readonly owned: Owned | null;
      /** What the same call made as well. */
      readonly carried?: { readonly [address: Address]: Owned };
    }
  | { readonly status: "failed"; readonly code: string }
  | { readonly status: "unknown" };

/** The inventory after a finished step: `owned: null` means the address is no longer ours. */
export function foldOutcome(inventory: Inventory, address: Address, result: Outcome): Inventory {
  if (result.status !== "done") return inventory;
  const own =
    result.owned === null ? withoutOwned(inventory, address) : withOwned(inventory, address, result.owned);
  const carried = Object.entries(result.carried ?? {}) as [Address, Owned][];
  return carried.reduce((all, [one, owned]) => withOwned(all, one, owned), own);
}

export function mergeFields(
  owned: Pick<Owned, "fields"> | undefined,
  written: { readonly [fieldKey: string]: Digest },
  removed: readonly string[],
): { readonly [fieldKey: string]: Digest } {
  const fields: { [fieldKey: string]: Digest } = { ...owned?.fields, ...written };
  for (const key of removed) delete fields[key];
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export type OpenIntent = {
  readonly step: StepId;
  readonly verb: string;
  readonly address: Address;
  readonly kind: KindName;
  readonly name: string;
};

/**
 * Intents that never got an outcome, or got `unknown`: a crash, a kill or a lost answer. The newest per step counts. A
 * later finished step of the same address settles the earlier ones, since it read the account first.
 */
export function openIntents(entries: readonly JournalEntry[]): readonly OpenIntent[] {
  const open = new Map<StepId, OpenIntent>();
  for (const entry of entries) {
    if (entry.entry === "intent") {
      open.set(entry.step, {
        step: entry.step,
        verb: entry.verb,
        address: entry.address,
        kind: entry.kind,
        name: entry.name,
      });
    } else if (entry.entry === "recorded") {
      for (const [step, intent] of open) if (intent.address === entry.address) open.delete(step);
    } else if (entry.entry === "outcome" && entry.result.status !== "unknown") {
      open.delete(entry.step);
    }
  }
  return [...open.values()];
}
