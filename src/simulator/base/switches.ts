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
  /** Whether free web services can be created: Render's description and tools of 2026 say so, a maintainer's word of 2025 not. */
  freeServices: boolean;
  /** Whether one free Postgres per workspace can be created through the API. */
  freePostgres: boolean;
  /** Recordings show seconds left, the documentation says UTC epoch seconds. */
  rateLimitReset: "seconds" | "epoch";
  /** What RENDERCAD's `X-RateLimit-Reset` means is not documented. */
  rendercadReset: "epoch" | "seconds";
  /** Whether RENDERCAD's windows slide or are aligned to the clock: documented as "an hour" and no more. */
  rendercadWindows: "sliding" | "fixed";
  /** Whether each of RENDERCAD's token and webhook writes has ten calls an hour, or all of a kind together. */
  rendercadWriteBudget: "shared" | "separate";
  /** Whether RENDERCAD's limit headers stand on every answer or on a 429 alone: the sentence can be read both ways. */
  rendercadLimitHeaders: "always" | "when refused";
  /** How RENDERCAD refuses the eleventh token and the sixth webhook: three documented codes would fit. */
  rendercadCapStatus: 400 | 409 | 429;
  /** Whether RENDERCAD takes the name of an active token, the url of a webhook, a second time. */
  rendercadTokenNames: "any" | "unique";
  rendercadWebhookUrls: "any" | "unique";
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
  /** A replica that a PATCH names without `parameterOverrides`: lists are replaced as a whole, which it could be part of. */
  replicaOverrides: "replace" | "keep";
  /** A webhook's secret: descriptions always have one, the recording of 2025 shows an empty text. */
  webhookSecret: "readable" | "empty";
  /** A PATCH with `eventFilter: null`, which the Terraform provider sends for "all events". Creation keeps null (recorded). */
  nullEventFilter: "clear" | "keep";
  /** Registry credentials: described as 200, habit says 201. */
  registryCredentialStatus: 200 | 201;
  /** Disk snapshots: both descriptions say 201. */
  snapshotListStatus: 200 | 201;
  /** What lags by the fault `lag`: lists alone, or also an object that is asked for by its id. */
  laggingReads: "lists" | "all";
  /** Milliseconds of clock time. 0: at once. */
  buildMs: number;
  preDeployMs: number;
  updateMs: number;
  jobMs: number;
  cronRunMs: number;
  /** From creation or a change of size until a datastore is available again. Recorded: 30 to 50 seconds. */
  datastoreMs: number;
  /** From the call until an export can be fetched. Not recorded. */
  exportMs: number;
  /** From creation of a set of dedicated addresses until it runs. Recorded: 17 to 20 seconds. */
  dedicatedIpMs: number;
  /** New environments: recorded without an allow list, but in one workspace of 2026 open to everywhere. */
  environmentIpAllowList: "absent" | "everywhere";
  /** How long RENDERCAD's jobs wait at least and take, in milliseconds. Documented: videos 2 to 5 minutes. */
  rendercadQueueMs: number;
  rendercadImageMs: number;
  rendercadVideoMs: number;
  rendercadConversionMs: number;
  /** RENDERCAD's jobs at work in each queue, of one user at once, waiting in each queue. Documented without numbers. */
  rendercadWorkers: number;
  rendercadConcurrency: number;
  rendercadQueueLength: number;
};

export const defaultSwitches: Switches = {
  environmentGroupList: "enveloped",
  deployOverlap: "queue",
  patchDeploys: false,
  generateAgain: "regenerate",
  creationBudget: "shared",
  freeServices: true,
  freePostgres: true,
  rateLimitReset: "seconds",
  rendercadReset: "epoch",
  rendercadWindows: "sliding",
  rendercadWriteBudget: "shared",
  rendercadLimitHeaders: "always",
  rendercadCapStatus: 409,
  rendercadTokenNames: "any",
  rendercadWebhookUrls: "any",
  revokedTokens: "inactive",
  rateLimitBody: "message",
  retryAfter: true,
  duplicateNameStatus: 409,
  domainTwinDelete: "with primary",
  notificationOverrideList: "changed",
  replicaOverrides: "replace",
  webhookSecret: "readable",
  nullEventFilter: "clear",
  registryCredentialStatus: 200,
  snapshotListStatus: 201,
  laggingReads: "lists",
  buildMs: 3000,
  preDeployMs: 1000,
  updateMs: 1000,
  jobMs: 2000,
  cronRunMs: 2000,
  datastoreMs: 30_000,
  exportMs: 20_000,
  dedicatedIpMs: 17_400,
  environmentIpAllowList: "absent",
  rendercadQueueMs: 1000,
  rendercadImageMs: 18_000,
  rendercadVideoMs: 120_000,
  rendercadConversionMs: 10_000,
  rendercadWorkers: 4,
  rendercadConcurrency: 10,
  rendercadQueueLength: 100,
};
