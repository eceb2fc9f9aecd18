import type { Address } from "../base/address.ts";
import type { Millis } from "../model/budget.ts";
import type { Desired } from "../model/desired.ts";
import type { Live } from "../model/live.ts";
import type { Write, WriteDraft } from "../model/write.ts";
import type { Readiness } from "./readiness.ts";
import type { Reader } from "./reader.ts";

/** One deploy of a service. `begunAt`: by the API's clock; absent where the API's text for it cannot be read. */
export type Deploy = { readonly id: string; readonly isCancelled: boolean; readonly begunAt?: Millis };

/** What a kind says whose objects have deploys: a service runs with what its last deploy was given. */
export type Deploying = {
  /** The call that starts a deploy. */
  start(desired: Desired): WriteDraft;
  /** The call that stops the deploy which the creation started; `undefined` where there is none (cron jobs). */
  cancel(desired: Desired): WriteDraft | undefined;
  /** The newest deploy. It tells whether a deploy whose answer was lost has begun, and which one a cancel has to name. */
  newest(reader: Reader, id: string): Promise<Deploy | undefined>;
  /** Whether a deploy can succeed: on a suspended service it always fails. */
  allowed(desired: Desired, live: Live | undefined): boolean;
  /** For `lifecycle.deploy: wait`: how to wait until the newest deploy is live. */
  readonly live: Readiness;
  /** For `lifecycle.beforeDeploy`: the job that comes first; `undefined` where the block asks for none. */
  before(desired: Desired): JobBefore | undefined;
  /**
   * For `lifecycle.rollback`: the call that goes back to the newest deploy that ran, and the id of that one; `undefined` when
   * none ever did. `id` is the service's.
   */
  rollback(
    reader: Reader,
    address: Address,
    id: string,
  ): Promise<{ readonly deployId: string; readonly write: Write } | undefined>;
};

/**
 * A one-off job that must succeed before a deploy starts. Somebody else may start jobs too, so it is recognised by the
 * command that it runs.
 *
 * - `job`: the call that starts it; `done`: how to wait for its success.
 * - `newest`: id of the newest job, whatever that runs; `undefined` without any.
 * - `hasBegun`: whether a job that runs the same command is newer than the job `after` (`null`: than none).
 */
export type JobBefore = {
  readonly job: WriteDraft;
  readonly done: Readiness;
  newest(reader: Reader, id: string): Promise<string | undefined>;
  hasBegun(reader: Reader, id: string, after: string | null): Promise<boolean>;
};
