import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { canonical, isObject, type Json, type JsonObject } from "../../core/base/json.ts";
import type { FieldChange } from "../../core/model/change.ts";
import type { Plan } from "../../core/model/plan.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { writeDurably } from "../../store/file/durable-file.ts";
import { readText, type Deps } from "../base/deps.ts";

/**
 * What `plan --out` saves: the plan as it is, since a plan holds no secret. Sources are resolved again at apply. `seal`:
 * SHA-256, hex, of all the rest, so that what somebody reads in the file is what was planned.
 */
export function planFileText(plan: Plan): string {
  const content = JSON.parse(JSON.stringify(plan)) as JsonObject;
  return `${JSON.stringify({ kind: "trueup plan", seal: sealOf(content), ...content }, null, 2)}\n`;
}

/** Saves a plan. Only its owner can read the file, and a link that was laid in its place is replaced, not followed. */
export function savePlanFile(path: string, plan: Plan): Promise<void> {
  return writeDurably(path, planFileText(plan), 0o600);
}

function sealOf(content: JsonObject): string {
  return createHash("sha256").update(canonical(content)).digest("hex");
}

/** Reads a saved plan. Throws `plan-file` when it is not there, is of another version, or was changed after it was saved. */
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
  const { kind: _kind, seal, ...content } = value;
  if (seal !== sealOf(content as JsonObject))
    throw unreadable(name, "was changed after it was saved", "Save a new one, and look at it.");
  return content as unknown as Plan;
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

/**
 * Whether both show the same work: what is done to which address, and what each call is. The seal alone can be made anew by
 * whoever changed the file. Secrets are left out: a source may have its value by now.
 */
export function showsSameWork(saved: Plan, now: Plan): boolean {
  return canonical(describeShown(saved)) === canonical(describeShown(now));
}

function describeShown({ changes, steps }: Plan): Json {
  const shown = changes
    .filter(({ action }) => action !== "keep" && action !== "forget")
    .map(({ action, address, fields, optional }) => [
      action,
      address,
      // A value that was missing when the plan was saved may be there now, and then its field is no longer optional.
      [...fields, ...optional].map(describeField).sort(),
    ]);
  const calls = steps.map((step) =>
    step.step === "write" ? [step.id, step.write.method, step.write.path] : [step.id],
  );
  return JSON.parse(JSON.stringify({ shown, calls })) as Json;
}

function describeField({ field, entry = "", after, removed }: FieldChange): string {
  return canonical([field, entry, removed, after.show === "public" ? after.value : null]);
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
