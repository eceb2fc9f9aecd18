import { CronTime, validateCronExpression } from "cron";
import type { Freeze } from "../../core/model/desired.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import type { Environment } from "./deps.ts";

/** A freeze that is on, and when it ends; milliseconds since 1970. */
type Frozen = { readonly cron: string; readonly until: number };

/** Throws when a freeze of the file cannot be read, since a run would else take it for none. */
export function checkFreezes(freezes: readonly Freeze[]): void {
  const wrong = freezes.filter(({ cron }) => !validateCronExpression(cron).valid);
  if (wrong.length === 0) return;
  const remedy = 'Write five fields, as in "0 18 * * 5" (Fridays at 18:00, UTC).';
  throw new ProblemError(
    wrong.map(({ cron }) =>
      problem(
        "error",
        "freeze-cron",
        `settings.freeze has the cron expression "${cron}", which cannot be read.`,
        remedy,
      ),
    ),
  );
}

/** Why this process may write to no account at this moment: it was told to read only, or a freeze holds. */
export function refuseWriting(
  environment: Environment,
  freezes: readonly Freeze[],
  now: number,
): Problem | undefined {
  const readOnly = refuseReadOnly(environment);
  if (readOnly) return readOnly;
  const frozen = findFreeze(freezes, now);
  if (!frozen) return undefined;
  const time = new Date(frozen.until).toISOString().replace(/\.\d+Z$/u, "Z");
  const message = `A freeze (settings.freeze, ${frozen.cron}) holds until ${time}, so nothing is written.`;
  return problem(
    "refusal",
    "frozen",
    message,
    "Run again afterwards. A freeze that is taken out of the file ends with the next apply that has nothing to write.",
  );
}

/** Why this process may write nothing at all, the state included. A freeze is of the accounts: what is noted of them may change. */
export function refuseReadOnly(environment: Environment): Problem | undefined {
  if (!isSet(environment["TRUEUP_READ_ONLY"])) return undefined;
  const message = "TRUEUP_READ_ONLY is set, so nothing is written.";
  return problem("refusal", "read-only", message, "Unset it to write.");
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}

/**
 * The freeze that holds at this moment. A freeze begins whenever its cron expression (UTC) says so and lasts for its
 * duration; of several, the one that ends last counts.
 */
function findFreeze(freezes: readonly Freeze[], now: number): Frozen | undefined {
  const running = freezes.flatMap(({ cron, duration }): Frozen[] => {
    // The first beginning after `now - duration`, looked for one by one, so that the newest that has begun is found.
    const time = new CronTime(cron, "UTC");
    let began: number | undefined;
    let next = beginningAfter(time, now - duration - 1);
    for (let steps = 0; next <= now && steps < mostBeginnings; steps += 1) {
      began = next;
      next = beginningAfter(time, next);
    }
    return began === undefined || began + duration <= now ? [] : [{ cron, until: began + duration }];
  });
  return running.sort((a, b) => b.until - a.until)[0];
}

/** When a freeze begins next; never, where its expression names no day that there is: the package gives up after some years. */
function beginningAfter(time: CronTime, at: number): number {
  try {
    return time.getNextDateFrom(new Date(at), "UTC").toMillis();
  } catch {
    return Infinity;
  }
}

/** A cron expression begins at most once a minute, and no freeze is meant to be looked through for longer than a week. */
const mostBeginnings = 7 * 24 * 60;
