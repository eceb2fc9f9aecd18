import { holesOf } from "../../core/model/write.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { findLiveEntry } from "./replace-all.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/**
 * Looks whether an entry exists that a step is about to write, and that must not be overwritten: a generated value, which is made
 * only once, or a value that a person typed in for `sync: false`. The entry is asked for by its key right before the call, since
 * a list may have lacked it. The answer is a warning when it exists and the call must not be sent; `undefined` when the entry is
 * not there, or the step is about something else.
 */
export async function keepsWhatIsThere(
  memory: Pick<RunMemory, "input" | "reach" | "resources" | "sent">,
  step: WriteStep,
): Promise<Problem | undefined> {
  const [key, ...more] = step.fields;
  const [hole] = holesOf(step.write.body);
  if (step.verb !== "update" || key === undefined || more.length > 0 || hole?.hole !== "value")
    return undefined;
  const isMadeOnce =
    hole.value.from === "generated" || (hole.value.from === "asked" && !memory.input.sources.replaceAsked);
  const [name, ...entry] = key.split(".");
  const { address } = step;
  const isEntry = entry.length > 0 && memory.reach.kind(address).fields[name!]?.entries !== undefined;
  if (!isMadeOnce || !isEntry || memory.sent.hasWritten(address, key)) return undefined;
  const live = await findLiveEntry(memory, address, { name: name!, entry: entry.join(".") });
  if (live === undefined) return undefined;
  return problem(
    "warning",
    "entry-kept",
    `${key} of ${address} is there already, which the plan did not see: it was left as it is.`,
    hole.value.from === "asked"
      ? "Nothing was lost. --replace-values writes the given value over it."
      : "Nothing was lost; the next run notes that it is there.",
    { address },
  );
}
