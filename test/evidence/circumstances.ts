import { isObject } from "../../src/core/base/json.ts";
import type { Switches } from "../../src/simulator/base/switches.ts";
import type { Recording } from "./recordings.ts";

/** What was true of the workspace and the time of a recording and does not show in its requests. */
export type Circumstances = {
  readonly before: readonly Preparation[];
  readonly switches: Partial<Switches>;
};

/** A call before the first exchange. `stands`: pairs of recorded xid and ours, for objects that were there already. */
type Preparation = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  stands?(answer: unknown): readonly (readonly [string, string])[];
};

type Row = {
  readonly recordings: RegExp;
  readonly because: string;
  readonly before?: readonly Preparation[];
  readonly switches?: Partial<Switches>;
};

export function circumstancesOf(recording: Recording): Circumstances {
  const rows = circumstances.filter((row) => row.recordings.test(recording.name));
  return {
    before: rows.flatMap((row) => row.before ?? []),
    switches: Object.assign({}, ...rows.map((row) => row.switches)) as Partial<Switches>,
  };
}

const circumstances: readonly Row[] = [
  {
    recordings: /^notifications-notifications-datasource$/,
    because: "starts with a read: somebody had changed the settings before",
    before: [
      {
        method: "PATCH",
        path: "/notification-settings/owners/some-owner-id",
        body: { notificationsToSend: "none", previewNotificationsEnabled: true },
      },
    ],
  },
  {
    recordings: /^dedicatedip-dedicated-ip$/,
    because: "names an environment that it does not create",
    before: [
      {
        method: "POST",
        path: "/projects",
        body: { name: "before", ownerId: "some-owner-id", environments: [{ name: "before" }] },
        stands: (answer) => {
          const ids =
            isObject(answer) && Array.isArray(answer["environmentIds"]) ? answer["environmentIds"] : [];
          return [["d81pghf7f7vs73bocn1g", String(ids[0]).slice("evm-".length)]];
        },
      },
    ],
  },
  {
    recordings: /^postgres-postgres$/,
    because: "a workspace whose new environments admit everybody",
    switches: { environmentIpAllowList: "everywhere" },
  },
  {
    recordings: /^postgres-postgres(-datasource)?$/,
    because: "the databases took 31 to 39 seconds",
    switches: { datastoreMs: 38_000 },
  },
  {
    recordings: /^postgres-postgres-parameter-overrides$/,
    because: "the database took 40 to 50 seconds",
    switches: { datastoreMs: 45_000 },
  },
  {
    recordings: /^webhook-/,
    because: "the secret was empty; every description has one",
    switches: { webhookSecret: "empty" },
  },
  {
    recordings: /^(webservice|backgroundworker)-/,
    because: "until January 2025 a new deploy took the place of one that ran",
    switches: { deployOverlap: "supersede" },
  },
  {
    recordings: /^(privateservice|cronjob)-/,
    because:
      "on staging the first deploy of everything but an image of a cron job took longer than the recording",
    switches: { buildMs: 60_000, updateMs: 60_000 },
  },
];
