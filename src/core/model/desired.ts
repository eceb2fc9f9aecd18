import type { Address, KindName } from "../base/address.ts";
import type { Millis } from "./budget.ts";
import type { Json } from "../base/json.ts";
import type { Problem, Where } from "../base/problem.ts";
import type { Value } from "./value.ts";

/**
 * What one block of the file asks, in Blueprint's own field names and canonical spellings (`runtime`, `plan: "pro plus"`,
 * `databaseName`). Absent: not ours. `null`: clear it. A list of entries (`envVars`, `headers` ...) is a map from entry key
 * to entry; absent, null and empty all mean no declared entries (product page, section 4). Which fields hold values and
 * entries is said by the kind's field table.
 */
export type Spec = { readonly [field: string]: SpecValue };
export type SpecValue = Json | Value | { readonly [entry: string]: Json | Value };

/** Filled by the file stage from `lifecycle:`; every kind has it. */
export type Lifecycle = {
  /** Absent is not `false`: what was noted when it was last applied holds on. */
  readonly protect?: boolean;
  readonly deploy: "trigger" | "wait" | "skip";
  readonly ignore: readonly string[];
  /** A deploy that fails while it is waited for is rolled back to the one before. */
  readonly rollback: boolean;
  /** One-off job that must succeed before a deploy of a service that runs already. */
  readonly beforeDeploy?: { readonly job: string; readonly timeout?: Millis };
  readonly renamedFrom?: string;
  /** ISO date until which losing the data of this resource is agreed to. */
  readonly allowDataLoss?: string;
};

export type Desired = {
  readonly address: Address;
  readonly kind: KindName;
  /** The natural key as the API knows it: the address without its encoding. */
  readonly name: string;
  readonly spec: Spec;
  readonly lifecycle: Lifecycle;
  /** `render/environment/...` the block stands in; `null` under `ungrouped`; absent at the root: membership not ours. */
  readonly environment?: Address | null;
  readonly where: Where;
  /** Places of single fields and entries: `plan`, `envVars.PORT`. */
  readonly places: ReadonlyMap<string, Where>;
  /** Every resource that a value or link of this one names, declared or not, sorted. */
  readonly needs: readonly Address[];
};

/** All files together. `targets` are resources that are referred to but declared nowhere: looked up live by name. */
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
  /** Root `removed`: whose end the file agrees to; entries that have expired are left out. */
  readonly removed: readonly Removal[];
  /** Understood but not acted on: reported by address, never silently dropped. */
  readonly notManaged: readonly {
    readonly address: string;
    readonly where: Where;
    readonly reason: string;
  }[];
  /** Warnings and notes of the file stage; its errors are thrown. */
  readonly problems: readonly Problem[];
  readonly files: readonly string[];
};

/** `from` is what `to` was called; `to` may be declared or not, `from` is not. */
type Moved = { readonly from: Address; readonly to: Address; readonly where: Where };

/** `lost`: without a copy; `exported`: only with one. `until`: the last day, an ISO date. */
export type Removal = {
  readonly address: Address;
  readonly data: "lost" | "exported";
  readonly until: string;
  readonly where: Where;
};

/** Nothing is written from each moment that the cron expression (UTC) names, for so long. */
export type Freeze = { readonly cron: string; readonly duration: Millis };

/** What a file says of guards, or said when it was last applied to the end. Absent: nothing. */
export type GuardSettings = {
  readonly maxDeletes?: number;
  readonly maxDeleteShare?: number;
  readonly freeze?: readonly Freeze[];
  readonly secretKeys?: readonly string[];
  readonly publicKeys?: readonly string[];
};

export type Settings = {
  /** Those of the file, and those that the last apply noted. */
  readonly freeze?: readonly Freeze[];
  /** What the file itself says of guards. Absent: nothing. */
  readonly guards?: GuardSettings;
  /** Name or id as written under `workspace:`. */
  readonly workspace?: string;
  readonly repository?: string;
  readonly maxDeletes: number;
  readonly maxDeleteShare: number;
  readonly reserve: { readonly [budget: string]: number };
  /** Name of the RENDERCAD token that trueup itself runs with. */
  readonly rendercadSelf?: string;
  /** Absent where the file does not say: the file backend then, but no `apply` in GitHub Actions. */
  readonly state?: StateSettings;
};

/** `state:` as written. `path`: a folder beside the first file, or a folder of the branch. `name`: the label. */
export type StateSettings = {
  readonly backend?: "file" | "git";
  readonly path?: string;
  readonly branch?: string;
  readonly name?: string;
  readonly encryption?: { readonly recipients: readonly string[] };
};

export const defaultLifecycle: Lifecycle = { deploy: "trigger", ignore: [], rollback: false };
export const defaultSettings: Settings = { maxDeletes: 5, maxDeleteShare: 0.3, reserve: {} };

export function fieldKey(field: string, entry?: string): string {
  return entry === undefined ? field : `${field}.${entry}`;
}

export function placeOf(desired: Desired, field: string, entry?: string): Where {
  return desired.places.get(fieldKey(field, entry)) ?? desired.places.get(field) ?? desired.where;
}
