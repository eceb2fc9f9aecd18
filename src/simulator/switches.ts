/**
 * What the evidence leaves open, disagrees about, or only times. Each has a default; suites run both ways where it
 * matters, and the control endpoint can turn them while the simulator runs.
 */
export type Switches = {
  /** Descriptions say plain, two independent clients parse `{envGroup, cursor}`. */
  environmentGroupList: "enveloped" | "plain";
  /** While another deploy runs: recorded 2025 `queue` (202 without a body), recorded earlier `supersede` (201). */
  deployOverlap: "queue" | "supersede";
  /** Whether a bare PATCH of a service starts a deploy. Both official tools deploy by hand afterwards. */
  patchDeploys: boolean;
  /** Whether sending `generateValue` for a key that has a value makes a new one. */
  generateAgain: "regenerate" | "keep";
  /** Whether services, Postgres and Key Value share the 20 creations an hour. Each shows 20 in recordings. */
  creationBudget: "shared" | "separate";
  /** Whether one free Postgres per workspace can be created through the API. */
  freePostgres: boolean;
  /** Recordings show seconds left, the documentation says UTC epoch seconds. */
  rateLimitReset: "seconds" | "epoch";
  /** What RENDERCAD's `X-RateLimit-Reset` means is not documented. */
  rendercadReset: "epoch" | "seconds";
  /** A revoked RENDERCAD token: the list has `is_active`, which says nothing if revoked ones are gone. */
  revokedTokens: "inactive" | "gone";
  /** The shape of a 429's body: the standard error, or the one of the official CLI's tests. Never recorded. */
  rateLimitBody: "message" | "error";
  /** Whether a 429 carries `Retry-After`. Never recorded. */
  retryAfter: boolean;
  /** A name that is taken within the workspace. Documented as 409, not seen. */
  duplicateNameStatus: 400 | 409;
  /** Whether deleting a custom domain also deletes the twin that was made with it. */
  domainTwinDelete: "with primary" | "alone";
  /** Whether the list of notification overrides has services at their defaults. */
  notificationOverrideList: "changed" | "all";
  /** A webhook's secret: descriptions always have one, the recording of 2025 shows an empty text. */
  webhookSecret: "readable" | "empty";
  /** Registry credentials: described as 200, habit says 201. */
  registryCredentialStatus: 200 | 201;
  /** Disk snapshots: both descriptions say 201. */
  snapshotListStatus: 200 | 201;
  /** Milliseconds of clock time. 0: at once. */
  buildMs: number;
  preDeployMs: number;
  updateMs: number;
  jobMs: number;
  cronRunMs: number;
  /** From creation or a change of size until a datastore is available again. Recorded: 30 to 50 seconds. */
  datastoreMs: number;
  /** From creation of a set of dedicated addresses until it runs. Recorded: 17 to 20 seconds. */
  dedicatedIpMs: number;
  /** New environments: recorded without an allow list, but in one workspace of 2026 open to everywhere. */
  environmentIpAllowList: "absent" | "everywhere";
};

export const defaultSwitches: Switches = {
  environmentGroupList: "enveloped",
  deployOverlap: "queue",
  patchDeploys: false,
  generateAgain: "regenerate",
  creationBudget: "shared",
  freePostgres: true,
  rateLimitReset: "seconds",
  rendercadReset: "epoch",
  revokedTokens: "inactive",
  rateLimitBody: "message",
  retryAfter: true,
  duplicateNameStatus: 409,
  domainTwinDelete: "with primary",
  notificationOverrideList: "changed",
  webhookSecret: "readable",
  registryCredentialStatus: 200,
  snapshotListStatus: 201,
  buildMs: 3000,
  preDeployMs: 1000,
  updateMs: 1000,
  jobMs: 2000,
  cronRunMs: 2000,
  datastoreMs: 30_000,
  dedicatedIpMs: 17_400,
  environmentIpAllowList: "absent",
};
