import type { Deviation } from "./openapi.ts";

/** A deviation from Render's description that is meant; the test fails on a row that excuses nothing. */
export type AcceptedDeviation = {
  /** Method and path. */
  readonly calls: RegExp;
  readonly at: RegExp;
  readonly message?: RegExp;
  /** The evidence that we follow instead: a recording is what Render did, a description what somebody wrote. */
  readonly because: string;
};

export function excuses(row: AcceptedDeviation, call: string, deviation: Deviation): boolean {
  return row.calls.test(call) && row.at.test(deviation.at) && (row.message?.test(deviation.message) ?? true);
}

const notAList = /^must be array$/;
const unknownField = /^unknown field$/;

export const deviations: readonly AcceptedDeviation[] = [
  {
    calls: /^\w+ \/environments/,
    at: /\.(databasesIds|redisIds|serviceIds|envGroupIds)$/,
    message: notAList,
    because: "recorded: empty membership lists are null",
  },
  {
    calls: /^POST \/environments\/[^/]+\/resources$/,
    at: /^status$/,
    because: "recorded ten times: adding resources answers 201",
  },
  {
    calls: /^\w+ \/(postgres|key-value|redis)/,
    at: /\.ipAllowList$/,
    message: notAList,
    because: "recorded: a datastore's empty allow list is null",
  },
  {
    calls: /^\w+ \/services/,
    at: /\.autoDeployTrigger$/,
    message: unknownField,
    because: "recorded since May 2025; the description is older",
  },
  {
    calls: /^\w+ \/(key-value|redis)/,
    at: /\.options\.persistenceMode$/,
    message: unknownField,
    because: "recorded in 2026; the description is older",
  },
  {
    calls: /^(GET|POST) \/services\/[^/]+\/deploys$/,
    at: /\.commit$/,
    message: /^must be object$/,
    because: "recorded: a deploy of an image has a commit that is null",
  },
  {
    calls: /^\w+ \/postgres/,
    at: /^body$/,
    message: /'project'/,
    because:
      "a slip of the description: it requires a field that it does not describe and that no recording has",
  },
  {
    calls: /^GET \/metrics\//,
    at: /^body\[\]\.values\[\]$/,
    message: /'unit'/,
    because: "a slip of the description: it requires of each value the unit that the series has",
  },
  {
    calls: /^GET \/services\/[^/]+\/events$/,
    at: /^body\[\]\.(cursor|event\.type)$/,
    because:
      "a slip of the description: the list takes a cursor and describes none, and has details of edge cache events whose types only single events have",
  },
  {
    calls: /^GET \/workflowversions/,
    at: /^body(\[\]\.workflowVersion)?$/,
    message: /'(image|updatedAt)'/,
    because: "a slip of the description: of a version it requires two fields that it does not describe",
  },
  {
    calls: /^GET \/notification-settings\/overrides$/,
    at: /\.override$/,
    message: /'type'/,
    because:
      "a slip of the description: single overrides are recorded without the type that it requires in lists",
  },
  {
    calls: /^PUT \/services\/[^/]+\/(headers|routes)$/,
    at: /^body$/,
    message: notAList,
    because: "recorded: replacing by an empty list answers null",
  },
  {
    calls: /^\w+ \/webhooks/,
    at: /\.eventFilter$/,
    message: notAList,
    because: "recorded: a filter that was null stays null",
  },
  {
    calls: /^\w+ \/dedicated-ips/,
    at: /^path$/,
    because: "recorded in 2026; the description is older",
  },
];
