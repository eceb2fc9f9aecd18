import type { Address } from "../base/address.ts";
import type { Millis } from "../model/budget.ts";
import type { Desired } from "../model/desired.ts";
import type { Live } from "../model/live.ts";
import type { Write, WriteDraft } from "../model/write.ts";
import type { Readiness } from "./readiness.ts";
import type { Reader } from "./reader.ts";

/** `begunAt`: by the API's clock; absent where its time cannot be read. */
export type Deploy = { readonly id: string; readonly isCanceled: boolean; readonly begunAt?: Millis };

/** For kinds that deploy: a service runs what its last deploy was given. */
export type Deploying = {
  start(desired: Desired): WriteDraft;
  /** Stops the deploy that creation started; absent for a spec that cannot (cron jobs). */
  cancel(desired: Desired): WriteDraft | undefined;
  /** The newest deploy: settles a call whose answer was lost, and names the first one to cancel it. */
  newest(reader: Reader, id: string): Promise<Deploy | undefined>;
  /** False on a suspended service, whose deploys always fail. */
  allowed(desired: Desired, live: Live | undefined): boolean;
  /** `lifecycle.deploy: wait`: until the newest deploy is live. */
  readonly live: Readiness;
  /** `lifecycle.beforeDeploy`. */
  before(desired: Desired): JobBefore | undefined;
  /** `lifecycle.rollback`: back to the newest deploy that ran; `undefined` when none ever did. */
  rollback(
    reader: Reader,
    address: Address,
    id: string,
  ): Promise<{ readonly deployId: string; readonly write: Write } | undefined>;
};

/**
 * A one-off job that a deploy waits for, and `done` once it has succeeded. Others may start jobs too, so it is told apart by
 * what it runs. `newest`: id of the newest job, whatever that runs. `hasBegun`: one that runs the same is newer than that.
 */
export type JobBefore = {
  readonly job: WriteDraft;
  readonly done: Readiness;
  newest(reader: Reader, id: string): Promise<string | undefined>;
  hasBegun(reader: Reader, id: string, after: string | null): Promise<boolean>;
};
