import type { Address, KindName } from "../base/address.ts";
import type { Millis } from "./budget.ts";
import type { Json } from "../base/json.ts";
import type { Problem, Where } from "../base/problem.ts";
import type { Value } from "./value.ts";

/**
 * What one block of the file asks, in the field names and canonical spellings of Blueprints (`runtime`, `plan: "pro plus"`,
 * `databaseName`). A list of entries (`envVars`, `headers` ...) is a map from entry key to entry. Which fields hold values
 * and entries is said by the kind's field table. What is written for a field means (product page, section 4):
 *
 *     in the file          a plain field                  a list of entries
 *     absent               trueup leaves it alone         no entry is declared
 *     `null`               it is cleared                  no entry is declared
 *     a value              it is made so                  these entries are declared
 */
export type Spec = { readonly [field: string]: SpecValue };
/** What a block says of one field: plain JSON, where its text comes from, or a map of entries. */
export type SpecValue = Json | Value | { readonly [entry: string]: Json | Value };

/** What `lifecycle:` of a block says, defaults filled in by the file stage. Blocks of every kind may have it. */
export type Lifecycle = {
  /** A protected resource is not deleted. Absent is not `false`: what was noted when it was last applied holds on. */
  readonly protect?: boolean;
  /** A change that needs a deploy starts one (`trigger`), starts and awaits one (`wait`), or neither (`skip`). */
  readonly deploy: "trigger" | "wait" | "skip";
  /** JSON Pointers to what is neither compared nor written: `/plan`, `/envVars/PORT`. */
  readonly ignore: readonly string[];
  /** A deploy that fails while it is waited for is rolled back to the newest one that ran. */
  readonly rollback: boolean;
  /** The command of a one-off job that must succeed before a deploy of a service that runs already. */
  readonly beforeDeploy?: { readonly job: string; readonly timeout?: Millis };
  /** The name that the block had before. */
  readonly renamedFrom?: string;
  /** ISO date until which losing the data of this resource is agreed to. */
  readonly allowDataLoss?: string;
};

/** One block of the file, read and checked: a resource as it ought to be. */
export type Desired = {
  readonly address: Address;
  readonly kind: KindName;
  /** The natural key as the API knows it: the address without its encoding. */
  readonly name: string;
  readonly spec: Spec;
  readonly lifecycle: Lifecycle;
  /** The environment that the block stands in. `null`: in none, under `ungrouped`. Absent: at the root, so it is not managed. */
  readonly environment?: Address | null;
  readonly where: Where;
  /** Where single fields and entries stand in the file, by field key: `plan`, `envVars.PORT`. */
  readonly places: ReadonlyMap<string, Where>;
  /** Sorted addresses of every resource that a value or a link of this one names, declared or not. */
  readonly needs: readonly Address[];
};

/** What all files of a run ask together. `targets`: resources that are referred to and declared in none, so looked up live by name. */
export type DesiredState = {
  readonly resources: readonly Desired[];
  readonly targets: readonly {
    readonly address: Address;
    readonly kind: KindName;
    readonly name: string;
    readonly where: Where;
  }[];
  readonly settings: Settings;
  /** Root `moved`: addresses that the file renamed. */
  readonly moved: readonly Moved[];
  /** Root `removed`: resources whose end the file agrees to. Agreements that have expired are left out. */
  readonly removed: readonly Removal[];
  /** Blocks that are understood and not acted on. They are reported by address and never silently dropped. */
  readonly notManaged: readonly {
    readonly address: string;
    readonly where: Where;
    readonly reason: string;
  }[];
  /** Warnings and notes of the file stage; its errors are thrown. */
  readonly problems: readonly Problem[];
  /** Paths of the files, as the user named them. */
  readonly files: readonly string[];
};

/** `from` is what `to` was called; `to` may be declared or not, `from` is not. */
type Moved = { readonly from: Address; readonly to: Address; readonly where: Where };

/**
 * The file agrees to the end of a resource and its data. `lost`: without a copy, `exported`: only with one. `until`: the
 * last day on which it does, an ISO date.
 */
export type Removal = {
  readonly address: Address;
  readonly data: "lost" | "exported";
  readonly until: string;
  readonly where: Where;
};

/** A time without writes: it begins at each moment that the cron expression names, in UTC, and lasts for `duration`. */
export type Freeze = { readonly cron: string; readonly duration: Millis };

/** What a file says under `guards:`, or said when it was last applied to the end. An absent member: it says nothing of that. */
export type GuardSettings = {
  /** At most so many addresses may lose something in one run. */
  readonly maxDeletes?: number;
  /** At most so large a share of the owned addresses may, 0 to 1. */
  readonly maxDeleteShare?: number;
  /** Times without writes. */
  readonly freeze?: readonly Freeze[];
  /** Globs of keys whose values are secret, whatever they look like. */
  readonly secretKeys?: readonly string[];
  /** Globs of keys whose values are public, whatever they look like. */
  readonly publicKeys?: readonly string[];
};

/** What the root of the file says, defaults filled in. */
export type Settings = {
  /** Freezes of the file, and those that the last apply noted. */
  readonly freeze?: readonly Freeze[];
  /** What the file itself says of guards. Absent: nothing. */
  readonly guards?: GuardSettings;
  /** Name or id as written under `workspace:`. */
  readonly workspace?: string;
  /** Root `repository`: what services with a git source and no `repo` are made from. */
  readonly repository?: string;
  /** The most deletes that one run may do without being asked, as a number and as a share (0 to 1) of what is owned. */
  readonly maxDeletes: number;
  readonly maxDeleteShare: number;
  /** Calls that a run leaves to others in each window, by family of budgets: `render/write`. */
  readonly reserve: { readonly [budget: string]: number };
  /** Name of the RENDERCAD token that trueup itself runs with. */
  readonly rendercadSelf?: string;
  /** Absent where the file does not say: the file backend then, but no `apply` in GitHub Actions. */
  readonly state?: StateSettings;
};

/** `state:` as written. `path`: a folder beside the first file, or a folder of the branch. `name`: the label. */
export type StateSettings = {
  /** Absent: a folder beside the file. */
  readonly backend?: "file" | "git";
  readonly path?: string;
  readonly branch?: string;
  readonly name?: string;
  /** Recipients of age, to whom copies of values that are shown once are sealed. */
  readonly encryption?: { readonly recipients: readonly string[] };
};

/** The lifecycle of a block that says nothing of it. */
export const defaultLifecycle: Lifecycle = { deploy: "trigger", ignore: [], rollback: false };
/** The settings of a file that says nothing of them. */
export const defaultSettings: Settings = { maxDeletes: 5, maxDeleteShare: 0.3, reserve: {} };

/** The key by which a field or an entry is noted and shown: `plan`, `envVars.PORT`. */
export function fieldKey(field: string, entry?: string): string {
  return entry === undefined ? field : `${field}.${entry}`;
}

/** Where a field or an entry stands in the file; where that is not known, its field, and else the block. */
export function whereIn(desired: Desired, field: string, entry?: string): Where {
  return desired.places.get(fieldKey(field, entry)) ?? desired.places.get(field) ?? desired.where;
}
