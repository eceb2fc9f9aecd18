/**
 * Answers to questions that the evidence leaves open or answers in two ways, and times. Each has a default; tests run
 * with both answers where it matters, and the control endpoint can change them while the simulator runs.
 */
export type Switches = {
  /**
   * Whether the items of the list of env groups have an envelope. Descriptions say no; two independent clients parse
   * `{envGroup, cursor}`.
   */
  environmentGroupList: "enveloped" | "plain";
  /**
   * What becomes of a deploy while another one runs: recorded 2025 `queue` (202 without a body), recorded earlier
   * `supersede` (201).
   */
  deployOverlap: "queue" | "supersede";
  /** Whether a PATCH of a service starts a deploy by itself. Both official tools start one after it. */
  patchDeploys: boolean;
  /** Whether sending `generateValue` for a key that has a value makes a new one. */
  generateAgain: "regenerate" | "keep";
  /** Whether services, Postgres and Key Value share the 20 creations an hour. Each shows 20 in recordings. */
  creationBudget: "shared" | "separate";
  /**
   * Whether free web services can be created. Render's description and tools of 2026 say yes, a maintainer in 2025
   * said no.
   */
  freeServices: boolean;
  /** Whether one free Postgres per workspace can be created through the API. */
  freePostgres: boolean;
  /**
   * The form of `Ratelimit-Reset`. Recordings show the seconds that are left, the documentation says seconds since
   * 1970 (UTC).
   */
  rateLimitReset: "seconds" | "epoch";
  /** The form of RENDERCAD's `X-RateLimit-Reset`, which is not documented. */
  rendercadReset: "epoch" | "seconds";
  /** Whether RENDERCAD's windows slide or are aligned to the clock. Documented is "an hour" and no more. */
  rendercadWindows: "sliding" | "fixed";
  /** Whether each of RENDERCAD's token and webhook writes has ten calls an hour, or all of a kind together. */
  rendercadWriteBudget: "shared" | "separate";
  /** Whether RENDERCAD's limit headers stand on every answer or only on a 429: the sentence can be read both ways. */
  rendercadLimitHeaders: "always" | "when refused";
  /** The status with which RENDERCAD refuses the eleventh token and the sixth webhook: three documented codes would fit. */
  rendercadCapStatus: 400 | 409 | 429;
  /** Whether RENDERCAD takes a second token with the name of an active one, and a second webhook with the same URL. */
  rendercadTokenNames: "any" | "unique";
  rendercadWebhookUrls: "any" | "unique";
  /**
   * What becomes of a revoked RENDERCAD token. The list has `is_active`, which would say nothing if revoked tokens
   * were gone.
   */
  revokedTokens: "inactive" | "gone";
  /**
   * The form of the body of a 429: that of other errors, or that of the tests of the official CLI. It was never
   * recorded.
   */
  rateLimitBody: "message" | "error";
  /** Whether a 429 has `Retry-After`. It was never recorded. */
  retryAfter: boolean;
  /**
   * Where a service's name is taken once: the description says in the workspace, and Render's tutorial has one name in
   * two environments.
   */
  serviceNames: "workspace" | "environment";
  /** The status for a name that is taken within the workspace. Documented as 409, never recorded. */
  duplicateNameStatus: 400 | 409;
  /** Whether deleting a custom domain also deletes the twin that was made with it. */
  domainTwinDelete: "with primary" | "alone";
  /** Whether the list of notification overrides has services that never changed theirs. */
  notificationOverrideList: "changed" | "all";
  /**
   * What a PATCH does to the parameters of a replica that it names without `parameterOverrides`. Lists are replaced
   * as a whole, and the parameters may be part of that.
   */
  replicaOverrides: "replace" | "keep";
  /** The secret of a webhook. Descriptions always show one, the recording of 2025 shows an empty text. */
  webhookSecret: "readable" | "empty";
  /**
   * What a PATCH with `eventFilter: null` does, which the Terraform provider sends for "all events". A creation keeps
   * null (recorded).
   */
  nullEventFilter: "clear" | "keep";
  /** The status of the creation of a registry credential: described as 200, where all others answer 201. */
  registryCredentialStatus: 200 | 201;
  /** The status of the list of snapshots of a disk: both descriptions say 201. */
  snapshotListStatus: 200 | 201;
  /** What the fault `lag` is about: lists alone, or also an object that is asked for by its id. */
  laggingReads: "lists" | "all";
  /** Milliseconds of clock time that a stage of a deploy takes. 0: it is done at once. */
  buildMs: number;
  preDeployMs: number;
  updateMs: number;
  jobMs: number;
  cronRunMs: number;
  /**
   * Milliseconds from the creation of a datastore, or a change of its size, until it is available. Recorded: 30 to 50
   * seconds.
   */
  datastoreMs: number;
  /** Milliseconds from the call until an export can be fetched. Not recorded. */
  exportMs: number;
  /** Milliseconds from the creation of a set of dedicated IP addresses until it runs. Recorded: 17 to 20 seconds. */
  dedicatedIpMs: number;
  /** The allow list of a new environment: recorded as absent, but in one workspace of 2026 as open to everywhere. */
  environmentIpAllowList: "absent" | "everywhere";
  /** Milliseconds that RENDERCAD's jobs wait at least, and that they take. Documented: videos take 2 to 5 minutes. */
  rendercadQueueMs: number;
  rendercadImageMs: number;
  rendercadVideoMs: number;
  rendercadConversionMs: number;
  /**
   * How many of RENDERCAD's jobs work at once in each queue, of one user, and wait in each queue. Documented without
   * numbers.
   */
  rendercadWorkers: number;
  rendercadConcurrency: number;
  rendercadQueueLength: number;
};

/** The switches of a simulator that says nothing else. */
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
  serviceNames: "workspace",
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
