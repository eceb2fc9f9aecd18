import type { Address, KindName } from "../base/address.ts";
import type { BudgetName, Millis } from "./budget.ts";
import type { ResourceChange } from "./change.ts";
import type { Write } from "./write.ts";
import type { Problem } from "../base/problem.ts";
import type { Digest } from "../base/digest.ts";

/**
 * The id of a step, the same in plan, schedule, journal and report: `create render/service/api`, or
 * `update render/service/api envVars.PORT`.
 */
export type StepId = string;

type StepBase = {
  readonly id: StepId;
  readonly address: Address;
  readonly kind: KindName;
  /** Steps that must be done before this one may start. */
  readonly needs: readonly StepId[];
};

/** One HTTP write, with its intent and its outcome in the journal. */
export type WriteStep = StepBase & {
  readonly step: "write";
  /**
   * `aside`: an old object gives its name away. `cancel`: the first deploy of what was just made is stopped. `job`: what has to
   * succeed before a deploy. `export`: a copy of data that ends.
   */
  readonly verb: "create" | "update" | "aside" | "delete" | "deploy" | "cancel" | "job" | "export";
  readonly write: Write;
  /** Keys of the fields that equal the file once this is done; of a creation, all declared ones that its call carries. */
  readonly fields: readonly string[];
  /** Those of `fields` that are entries which this write takes away. */
  readonly removed: readonly string[];
  /** Resources that this creation makes as well, in the same call; they have no steps of their own. */
  readonly carries?: readonly Address[];
  /**
   * The step writes only `sync: false` values that are not given yet, or deploys only for those: without a value it
   * does nothing.
   */
  readonly optional: boolean;
  /** Services in whose next deploy it takes effect, and which this plan deploys. */
  readonly takesEffectIn?: readonly Address[];
  /** This creation cannot carry everything: its first deploy is cancelled, and another one follows when all is there. */
  readonly incomplete?: true;
  /** A failure of it is a warning, and no step waits for it. */
  readonly mayFail?: true;
  /** Of a rotation, while two are there: it makes or removes the new object (`successor`), or removes the old one (`former`). */
  readonly half?: "successor" | "former";
  /** Where it is about an object that stepped aside: the place of that object among the formers of the address. */
  readonly former?: number;
  /**
   * The step that gives back what this one takes away. This one starts only when the budgets allow both: calls are kept for the
   * other from then on, so that nothing is away while a window of an hour is waited for.
   */
  readonly together?: StepId;
  /** This deletes the object of an earlier run, which cannot be used since its value is lost: another one is made. */
  readonly orphan?: true;
  /** Keyed digest of what an update overwrites, as it was when the plan was made. The plan hash does not cover it. */
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

type WaitBase = StepBase & {
  readonly step: "wait";
  readonly until: string;
  /** How long a run looks at most, from the start of the step. */
  readonly timeout: Millis;
};

/** A wait for the object itself, its deploy, or the job before that; its kind says how to look. */
export type ReadyWait = WaitBase & { readonly for: "ready" | "live" | "job" };

/** A wait until a value that is shown once has arrived everywhere. */
export type DeliveryWait = WaitBase & { readonly for: "delivered" | "proven" };

/** A wait for the copy of an object's data. */
export type ExportWait = WaitBase & {
  readonly for: "exported";
  /** Where it is about an object that stepped aside: the place of that object among the formers of the address. */
  readonly former?: number;
};

/** A step that only changes the inventory: a resource is adopted or forgotten, or fields are found equal without a write. */
export type RecordStep = StepBase & {
  readonly step: "record";
  /** `adopt`: owned from now on. `forget`: owned no more. `converge`: fields are equal to the file already. */
  readonly verb: "adopt" | "forget" | "converge";
  /** Keys of the fields that are noted as equal to the file; those that the file does not declare are no longer noted. */
  readonly fields: readonly string[];
  /** Field keys whose value stays and comes from another source than the inventory knows (`Owned.sources`). Absent: none. */
  readonly sources?: readonly string[];
  /** Fields of an adopted object that stay as they are, with the digest of what is live. */
  readonly settled?: { readonly [fieldKey: string]: Digest };
  /** A deploy whose answer was lost is found to have begun: it is no longer due. */
  readonly deployed?: true;
};

/** One line of a plan's work: a write, a wait, or a note in the inventory. */
export type Step = WriteStep | WaitStep | RecordStep;

/** When a step starts. `budget`: the one whose window it has to wait for; absent where it starts as soon as its needs are done. */
export type Slot = { readonly step: StepId; readonly start: Millis; readonly budget?: BudgetName };

/** Steps that start in one window. `budget`: the one whose window opens then; absent at the start of the run. */
export type Wave = {
  readonly start: Millis;
  readonly steps: readonly StepId[];
  readonly budget?: BudgetName;
};

/**
 * A time in which a resource is away: it begins at `start`, with the step that takes it away, and lasts for `time`, to the end
 * of the step that gives it back. `start` counts from the start of the run.
 */
export type Gap = { readonly address: Address; readonly start: Millis; readonly time: Millis };

/** When each step may start, in milliseconds from the start of the run, and which budget decides the end. */
export type Schedule = {
  /** What comes before the first step: the reads of the apply that this plan asks for. Absent: they are done. */
  readonly reading?: { readonly calls: number; readonly time: Millis };
  /** One for each step, in the order in which they start. */
  readonly slots: readonly Slot[];
  /** Steps from the most urgent on: where several could start, the run takes the first of these, as the schedule did. */
  readonly order: readonly StepId[];
  /** The steps by the window that they start in. */
  readonly waves: readonly Wave[];
  /** When the last step is done. */
  readonly end: Millis;
  /** The budget without which the run would end sooner; `null` when none does. */
  readonly tightest: BudgetName | null;
  /** How many calls the steps spend of each budget; those of `reading` are not among them. */
  readonly calls: { readonly [budget: BudgetName]: number };
  /** Resources that are away for a while. Absent: none. */
  readonly gaps?: readonly Gap[];
};

/**
 * A plan is data and holds no secret. `hash` covers the work alone: ordered steps, addresses, fields and flags that
 * change it; not consents, times, ids or unrelated live state. `steps` are in topological order, ties broken by id.
 */
export type Plan = {
  readonly formatVersion: "1.0";
  /** What it is a plan of. `apply` refuses a saved plan when any of this is another by then. */
  readonly basis: {
    readonly label: string;
    /** Paths of the files, as the user named them. */
    readonly files: readonly string[];
    /** Absent where nothing of Render takes part. */
    readonly workspace?: { readonly id: string; readonly name?: string };
    /** Id of the RENDERCAD user; absent where nothing of RENDERCAD takes part. */
    readonly rendercadUser?: string;
    readonly inventory: { readonly lineage: string; readonly serial: number };
  };
  /** SHA-256, 64 hex digits. */
  readonly hash: string;
  /** One for each address that is declared, owned or claimed, and that the selection has; sorted by address. */
  readonly changes: readonly ResourceChange[];
  readonly steps: readonly Step[];
  /** Why it is not applied. Empty: it may be. */
  readonly refusals: readonly Problem[];
  /** Errors of the plan itself, warnings and notes. An error ends `apply` before anything is written. */
  readonly problems: readonly Problem[];
  readonly schedule: Schedule;
  /** What was read for it: live objects that were listed, owned or not, and calls. */
  readonly reads: { readonly resources: number; readonly calls: number };
};

/** Whether a run would do anything, if no further `sync: false` value is given. */
export function hasWork(plan: Plan): boolean {
  // A wait is only ever for a write that comes after it, or for the end of one that came before.
  return plan.steps.some((step) => step.step === "record" || (step.step === "write" && !step.optional));
}

/** Whether applying would do anything: exit code 2 of `plan`. A converged field or a forgotten one is no pending change. */
export function isPending(plan: Plan): boolean {
  return plan.changes.some((change) => change.action !== "keep" && change.action !== "forget");
}
