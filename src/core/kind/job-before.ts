import type { Reader } from "./reader.ts";
import type { WriteDraft } from "../model/write.ts";
import type { Readiness } from "./readiness.ts";

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
