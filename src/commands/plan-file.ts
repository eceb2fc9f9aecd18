import { resolve } from "node:path";
import { isObject } from "../core/json.ts";
import type { Plan } from "../core/plan.ts";
import { problem, ProblemError } from "../core/problem.ts";
import { readText, type Deps } from "./deps.ts";

/** What `plan --out` saves: the plan as it is, since a plan holds no secret. Sources are resolved again at apply. */
export function planFileText(plan: Plan): string {
  return `${JSON.stringify({ kind: "trueup plan", ...plan }, null, 2)}\n`;
}

export async function readPlanFile(name: string, deps: Deps): Promise<Plan> {
  const text = await readText(deps, resolve(deps.folder, name));
  if (text === undefined) throw unreadable(name, "is not there", "Save one with trueup plan --out FILE.");
  const value = parse(text);
  if (
    !isObject(value) ||
    value["kind"] !== "trueup plan" ||
    typeof value["hash"] !== "string" ||
    !Array.isArray(value["steps"])
  ) {
    throw unreadable(name, "is not a saved plan", "Save one with trueup plan --out FILE.");
  }
  if (typeof value["formatVersion"] !== "string" || !value["formatVersion"].startsWith("1.")) {
    throw unreadable(name, "was saved by another version of trueup", "Save a new one.");
  }
  return value as unknown as Plan;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unreadable(name: string, what: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", "plan-file", `The plan file ${name} ${what}.`, remedy)]);
}

const shown = 5;

/** Which steps came, went, or would do something else; for people. */
export function describeDifference(saved: Plan, now: Plan): string {
  const before = new Map(saved.steps.map((step) => [step.id, JSON.stringify(step)]));
  const after = new Map(now.steps.map((step) => [step.id, JSON.stringify(step)]));
  const parts = [
    listed(
      "new",
      [...after.keys()].filter((id) => !before.has(id)),
    ),
    listed(
      "no longer needed",
      [...before.keys()].filter((id) => !after.has(id)),
    ),
    listed(
      "different",
      [...after].filter(([id, text]) => before.has(id) && before.get(id) !== text).map(([id]) => id),
    ),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "its options are different" : parts.join("; ");
}

function listed(word: string, ids: readonly string[]): string | undefined {
  if (ids.length === 0) return undefined;
  const rest = ids.length > shown ? ` and ${ids.length - shown} more` : "";
  return `${word}: ${ids.slice(0, shown).join(", ")}${rest}`;
}
