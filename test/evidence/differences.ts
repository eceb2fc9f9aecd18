import type { Difference } from "./compare.ts";
import type { Exchange } from "./recordings.ts";

/** One difference that is meant. Every row is needed: the test fails on one that excuses nothing. */
export type AcceptedDifference = {
  readonly recordings: RegExp;
  /** Positions; absent: every exchange whose method and path fit. */
  readonly exchanges?: readonly number[];
  /** Method and path. */
  readonly calls?: RegExp;
  /** Place of the difference, as `compareAnswers` names it. */
  readonly at: RegExp;
  /** Which evidence we follow instead, and why. */
  readonly because: string;
};

export function accepts(row: AcceptedDifference, exchange: Exchange, difference: Difference): boolean {
  return (
    row.recordings.test(exchange.recording) &&
    (row.exchanges?.includes(exchange.index) ?? true) &&
    (row.calls?.test(`${exchange.method} ${exchange.path}`) ?? true) &&
    row.at.test(difference.at)
  );
}

/**
 * What answers have gained since a recording was made. The answers agree in everything else, and these rows do not count
 * against the share of exchanges that must match.
 */
export const laterFields: readonly AcceptedDifference[] = [
  {
    recordings: /^(webservice|backgroundworker)-/,
    at: /\.autoDeployTrigger$/,
    because: "autoDeployTrigger is in every service recorded since May 2025 and in none before",
  },
  {
    recordings: /^backgroundworker-background-worker$/,
    at: /^body\.networkIsolationEnabled$/,
    because: "networkIsolationEnabled is in every environment recorded since, and in others of the same day",
  },
  {
    recordings: /^(webservice|backgroundworker)-/,
    calls: /^POST .*\/deploys$/,
    at: /^body\.(startedAt|finishedAt)$/,
    because: "deploys show startedAt, and finishedAt only when there is one, since May 2025",
  },
  {
    recordings: /^postgres-postgres-allowlist$/,
    at: /^body\.diskAutoscalingEnabled$/,
    because: "diskAutoscalingEnabled is in every database recorded since 2026",
  },
];

/** Where we follow other evidence than a recording. */
export const differences: readonly AcceptedDifference[] = [
  {
    recordings: /^notifications-notifications-resource$/,
    at: /^header\.ratelimit-limit$/,
    because:
      "in May 2024 these calls had 500 a minute of their own; since September 2024 they count as reads and writes",
  },
  {
    recordings: /^dedicatedip-dedicated-ip-import$/,
    exchanges: [3, 4],
    at: /^body\.(ips|status|updatedAt)$/,
    because:
      "the stages of a dedicated address follow the other two recordings of the same day; here two came later",
  },
  {
    recordings: /^redis-redis$/,
    exchanges: [6],
    at: /^body\.status$/,
    because:
      "a new store is unknown first in nine of ten recorded creations; here the answer was late enough for creating",
  },
  {
    recordings: /^backgroundworker-(env-var|notifications|scaling|disks)$/,
    calls: /^(GET|PATCH) \/services\/[^/]+$/,
    at: /^body\.updatedAt$/,
    because: "4 to 8 seconds after some deploys the service is touched once more; nothing says when or why",
  },
  {
    recordings: /^backgroundworker-background-worker$/,
    calls: /^PATCH \/disks\//,
    at: /^body\.updatedAt$/,
    because: "the same happened to a new disk 15 seconds after its creation",
  },
];
