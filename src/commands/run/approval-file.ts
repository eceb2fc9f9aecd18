import { countLeft, type Approval } from "../../core/planning/approval.ts";
import { isObject } from "../../core/base/json.ts";
import type { Plan } from "../../core/model/plan.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import type { LockedStore, Store } from "../../store/base/store.ts";
import type { PlanInput } from "../planning/plan-input.ts";

/** Flags that change what a plan may do; where it reads and what it is called stay the caller's. */
export type Choices = Pick<
  PlanInput,
  | "allowDeletes"
  | "allowDataLoss"
  | "allowReplace"
  | "recreateGone"
  | "allowOlder"
  | "rewrites"
  | "rotates"
  | "allowGaps"
  | "noExport"
  | "adopt"
  | "targets"
  | "excludes"
  | "destroys"
  | "replaceValues"
  | "skipRefused"
>;

/** The approved plan of a run, with the flags that it was planned with. */
export type KeptApproval = Approval<Choices>;

const name = "plan.json";
const formatVersion = "1.0";

const optional = [
  "allowDeletes",
  "allowReplace",
  "recreateGone",
  "allowOlder",
  "rewrites",
  "rotates",
  "allowGaps",
  "destroys",
  "skipRefused",
] as const satisfies readonly (keyof Choices)[];

/** The flags of a run that its approved plan is carried on with. A flag that was not given stays absent. */
export function choicesOf(input: PlanInput): Choices {
  const { noExport = false, allowDataLoss, adopt, targets, excludes, replaceValues } = input;
  const given = optional.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]);
  const rest = Object.fromEntries(given) as Partial<Choices>;
  return { ...rest, allowDataLoss, adopt, targets, excludes, replaceValues, noExport };
}

/** Before the first write of a run, so that a killed one can be carried on. */
export function keepApproval(locked: LockedStore, approval: KeptApproval): Promise<void> {
  return locked.keep(
    name,
    `${JSON.stringify({ kind: "trueup approval", formatVersion, ...approval }, null, 2)}\n`,
  );
}

/** All of an approved plan was done: there is nothing to carry on. */
export async function dropApproval(store: Store, locked: LockedStore): Promise<void> {
  if ((await store.kept(name)) !== undefined) await locked.keep(name, null);
}

/** The approved plan of a run that ended before all of it was done. */
export async function readApproval(store: Store): Promise<KeptApproval | undefined> {
  const text = await store.kept(name);
  if (text === undefined) return undefined;
  const value = parse(text);
  if (isObject(value) && value["formatVersion"] === formatVersion && isObject(value["plan"]))
    return value as unknown as KeptApproval;
  throw new ProblemError([
    problem(
      "error",
      "state-damaged",
      `${store.place}/${name} is not an approved plan of this version of trueup.`,
      "Run apply without --resume: it plans anew, asks, and replaces that file.",
    ),
  ]);
}

/** The same for `--resume`. Throws `nothing-to-resume` when there is none. */
export async function requireApproval(store: Store): Promise<KeptApproval> {
  const approval = await readApproval(store);
  if (approval) return approval;
  throw new ProblemError([
    problem(
      "error",
      "nothing-to-resume",
      "No run ended before its approved plan was done.",
      "Run trueup apply.",
    ),
  ]);
}

/** What a plain `apply` says when it meets one. */
export function offerResumption(approval: Approval, plan: Plan): readonly Problem[] {
  const left = countLeft(plan, approval.plan);
  if (left === 0) return [];
  const { run, at, by } = approval;
  const calls = left === 1 ? "1 call" : `${left} calls`;
  const message = `The run ${run}, which ${by.user} approved at ${at}, ended with ${calls} of its plan left.`;
  return [
    problem(
      "note",
      "unfinished-run",
      message,
      "apply --resume does those and nothing else; this plan is a new one.",
    ),
  ];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
