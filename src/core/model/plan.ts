import type { Address, KindName } from "../base/address.ts";
import type { BudgetName, Millis } from "./budget.ts";
import type { ResourceChange } from "./change.ts";
import type { Write } from "./write.ts";
import type { Problem } from "../base/problem.ts";
import type { Digest } from "../base/digest.ts";

/** `create render/service/api`, `update render/service/api envVars.PORT`: the same in plan, schedule, journal and report. */
export type StepId = string;

type StepBase = {
  readonly id: StepId;
  readonly address: Address;
  readonly kind: KindName;
  /** Steps that must be done before this one may start. */
  readonly needs: readonly StepId[];
};

/** One HTTP write, and so one journal unit. */
export type WriteStep = StepBase & {
  readonly step: "write";
  readonly verb: "create" | "update" | "aside" | "delete" | "deploy" | "cancel" | "job" | "export";
  readonly write: Write;
  /** Field keys that equal the file once this is done; for a create, all declared ones that it carries. */
  readonly fields: readonly string[];
  /** Entries among `fields` that this write takes away. */
  readonly removed: readonly string[];
  /** Resources that this creation makes as well; they have no steps of their own. */
  readonly carries?: readonly Address[];
  /** Writes only `sync: false` values that nobody gave yet, or deploys only for those: without one it does nothing. */
  readonly optional: boolean;
  /** Services whose next deploy it takes effect in, and which this plan deploys. */
  readonly takesEffectIn?: readonly Address[];
  /** A creation that cannot carry everything: the first deploy is cancelled, and one follows when all is there. */
  readonly incomplete?: true;
  /** Nothing comes after it, and its failure is a warning. */
  readonly mayFail?: true;
  /** While two are there: it makes or removes the one that takes the place, or removes the one that has it. */
  readonly half?: "successor" | "former";
  /** It is about one that has stepped aside: its place among the formers of the address. */
  readonly former?: number;
  /**
   * It takes something away that this step gives back, so it starts only when both may: the calls of this step are held from its
   * own start on, and nothing is away while an hour is waited for.
   */
  readonly together?: StepId;
  /** Removes what a creation of the same plan made in a run that ended before its value was delivered. */
  readonly orphan?: true;
  /** Keyed digest of what an update overwrites, as it was when the plan was made; no part of the plan hash. */
  readonly precondition?: Digest;
};

/**
 * Nothing is written: the run looks again and again until what the step is for is so. `for` decides how the run looks; `until`
 * is the word for it, which ends the id and is shown to people, and decides nothing.
 *
 *     ready      the object works (`readiness` of its kind): until "available"
 *     live       its newest deploy runs (`deploys.live`): until "live"
 *     job        the job before its deploy has succeeded (`deploys.before`): until "ready to deploy"
 *     delivered  every destination holds the value that was shown once
 *     proven     delivered, everything that uses the value runs with it, and it works: only now may the old object go
 *     exported   what the object holds lies in a file of the user's: only now may it go
 */
export type WaitStep = ReadyWait | DeliveryWait | ExportWait;

type WaitBase = StepBase & { readonly step: "wait"; readonly until: string; readonly timeout: Millis };

/** Its kind knows how to look. */
export type ReadyWait = WaitBase & { readonly for: "ready" | "live" | "job" };

export type DeliveryWait = WaitBase & { readonly for: "delivered" | "proven" };

export type ExportWait = WaitBase & {
  readonly for: "exported";
  /** It is about one that has stepped aside: its place among the formers of the address. */
  readonly former?: number;
};

/** Only the inventory changes: something is adopted, forgotten, or found equal without our doing. */
export type RecordStep = StepBase & {
  readonly step: "record";
  readonly verb: "adopt" | "forget" | "converge";
  readonly fields: readonly string[];
  /** Fields of an adopted object that stay as they are, with the digest of what is live. */
  readonly settled?: { readonly [fieldKey: string]: Digest };
  /** A deploy whose answer was lost is found to have begun. */
  readonly deployed?: true;
};

export type Step = WriteStep | WaitStep | RecordStep;

/** `budget`: the one whose window the step had to wait for; absent where it starts as soon as its needs are done. */
export type Slot = { readonly step: StepId; readonly start: Millis; readonly budget?: BudgetName };

/** Steps that start in one window. `budget`: the one whose window opens then; absent at the start of the run. */
export type Wave = {
  readonly start: Millis;
  readonly steps: readonly StepId[];
  readonly budget?: BudgetName;
};

/** From the start of what takes a resource away to the end of what gives it back, in milliseconds from the start of the run. */
export type Gap = { readonly address: Address; readonly start: Millis; readonly time: Millis };

/** When each step may start, in milliseconds from the start of the run, and what decides the end. */
export type Schedule = {
  /** In the order in which they start. */
  readonly slots: readonly Slot[];
  /** The most urgent first: wherever several could start, the run goes by it as the schedule did. */
  readonly order: readonly StepId[];
  readonly waves: readonly Wave[];
  readonly end: Millis;
  /** The budget without which the run would end sooner; `null` when none does. */
  readonly tightest: BudgetName | null;
  readonly calls: { readonly [budget: BudgetName]: number };
  /** What is away for a while. Absent: nothing. */
  readonly gaps?: readonly Gap[];
};

/**
 * A plan is data and holds no secret. `hash` covers the work alone: ordered steps, addresses, fields and flags that
 * change it; not consents, times, ids or unrelated live state. `steps` are in topological order, ties broken by id.
 */
export type Plan = {
  readonly formatVersion: "1.0";
  readonly basis: {
    readonly label: string;
    readonly files: readonly string[];
    /** Absent where nothing of Render takes part. */
    readonly workspace?: { readonly id: string; readonly name?: string };
    /** Id of the RENDERCAD user; absent where nothing of RENDERCAD takes part. */
    readonly rendercadUser?: string;
    readonly inventory: { readonly lineage: string; readonly serial: number };
  };
  readonly hash: string;
  readonly changes: readonly ResourceChange[];
  readonly steps: readonly Step[];
  readonly refusals: readonly Problem[];
  readonly problems: readonly Problem[];
  readonly schedule: Schedule;
  readonly reads: { readonly resources: number; readonly calls: number };
};

/** Whether a run would do anything, were nobody to give another value. */
export function hasWork(plan: Plan): boolean {
  // A wait is only ever for a write that comes after it, or for the end of one that came before.
  return plan.steps.some((step) => step.step === "record" || (step.step === "write" && !step.optional));
}

/** Whether applying would do anything: exit code 2 of `plan`. A converged field or a forgotten one is no pending change. */
export function isPending(plan: Plan): boolean {
  return plan.changes.some((change) => change.action !== "keep" && change.action !== "forget");
}
