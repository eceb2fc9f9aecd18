import { holesOf } from "../../core/model/body.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { findLiveEntry } from "./replace-all.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/**
 * A generated value is made once, and what somebody typed in for `sync: false` is never changed (product page, section 5): a
 * single call for one is sent only when the entry, asked for by its key at that moment, is not there. Whatever a list said,
 * no secret is lost. `undefined`: it is not there, or the call is about something else.
 */
export async function keepsWhatIsThere(memory: RunMemory, step: WriteStep): Promise<Problem | undefined> {
  const [key, ...more] = step.fields;
  const [hole] = holesOf(step.write.body);
  if (step.verb !== "update" || key === undefined || more.length > 0 || hole?.hole !== "value")
    return undefined;
  const isMadeOnce =
    hole.value.from === "generated" || (hole.value.from === "asked" && !memory.input.sources.replaceAsked);
  const [name, ...entry] = key.split(".");
  const { address } = step;
  const isEntry = entry.length > 0 && memory.kind(address).fields[name!]?.entries !== undefined;
  if (!isMadeOnce || !isEntry || memory.hasWritten(address, key)) return undefined;
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
