import type { Row } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";

/** Where a deploy is. */
export type DeployStatus =
  | "created"
  | "queued"
  | "build_in_progress"
  | "pre_deploy_in_progress"
  | "update_in_progress"
  | "live"
  | "deactivated"
  | "build_failed"
  | "pre_deploy_failed"
  | "update_failed"
  | "canceled";

/** What started a deploy. */
export type DeployTrigger = "api" | "rollback" | "service_resumed" | "service_updated" | "new_commit";

/** A stage of a deploy, and how long it takes. `fails`: its command is one that cannot succeed. */
export type DeployStage = {
  readonly status: "build_in_progress" | "pre_deploy_in_progress" | "update_in_progress";
  readonly milliseconds: number;
  readonly fails: boolean;
};

/** A deploy of a service. */
export type DeployRow = Row & {
  status: DeployStatus;
  readonly trigger: DeployTrigger;
  /** The commit that is deployed; `null` for an image. */
  readonly commit: { readonly id: string; readonly message: string; readonly createdAt: string } | null;
  readonly image?: { readonly ref: string; readonly sha: string };
  readonly stages: readonly DeployStage[];
  /**
   * The keys of the variables that it was started with, sorted. By these a test sees whether a deploy ran without a
   * variable.
   */
  envKeys: string[];
  readonly createdAt: Microseconds;
  updatedAt: Microseconds;
  startedAt?: Microseconds;
  finishedAt?: Microseconds;
};
