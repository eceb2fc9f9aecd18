import { stepFailed } from "../memory/perform-input.ts";
import type { Address } from "../../core/base/address.ts";
import { holesOf, type Body, type EntriesHole, type ListHole } from "../../core/model/write.ts";
import type { Resolved } from "../../core/compare/comparison.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { fillBody } from "../../http/body.ts";
import type { Content } from "../../http/client.ts";
import { asideName, newObjectName } from "../memory/aside.ts";
import { listEntries, listItems, type Entry } from "./replace-all.ts";
import { idOfHalf, type RunMemory } from "../memory/run-memory.ts";
import { refreshTargets, resolveHole } from "./resolve-now.ts";

type Place = { readonly address: Address; readonly field: string };

/**
 * Makes the text of a step's call: each hole of its body is filled with what is known or live at this moment. `isRepeated` says
 * that the call was sent before and may have been done, so that live values may already be the new ones. Throws a
 * `ProblemError` of the step when a value is missing (`value-not-there`), or a list contradicts what was read before
 * (`stale`, `incomplete-read`).
 */
export async function makeContent(memory: RunMemory, step: WriteStep, isRepeated: boolean): Promise<Content> {
  const { body } = step.write;
  if (body === undefined) return { secrets: [] };
  const resolved = new Map<string, Resolved>();
  const entries = new Map<EntriesHole, readonly Entry[]>();
  const lists = new Map<ListHole, readonly Body[]>();
  await refreshTargets(memory, step);
  for (const hole of holesOf(body)) {
    if (hole.hole === "value") {
      const value = await resolveHole(memory, step, hole.place, hole.value);
      if (value.state === "untouched") refuseWithout(memory, hole.place);
      resolved.set(`${hole.place.address} ${hole.place.field}`, value);
    }
    if (hole.hole === "entries") entries.set(hole, await listEntries(memory, hole, { step, isRepeated }));
    if (hole.hole === "list") lists.set(hole, await listItems(memory, hole, { step, isRepeated }));
  }
  return fillBody(body, {
    id: (address, half) => idOfHalf(memory, address, half),
    newObjectName: (address) => newObjectName(memory, address),
    asideName: () => asideName(memory, step),
    value: (value, place) => {
      const known = resolved.get(`${place.address} ${place.field}`);
      if (known?.state === "known") return known.secret;
      return value.from === "generated" ? "generate" : undefined;
    },
    entries: (hole) => entries.get(hole) ?? [],
    list: (hole) => lists.get(hole) ?? [],
  });
}

/**
 * Refuses a call without a value that nobody gave, where that is no entry which can be left out of a list. An API that takes an
 * object as a whole wants the token with each change of it, or would clear what is not sent.
 */
function refuseWithout({ reach }: Pick<RunMemory, "reach">, { address, field }: Place): void {
  const [name = ""] = field.split(".");
  if (reach.kind(address).fields[name]?.entries) return;
  throw stepFailed(
    address,
    "value-needed",
    `${field} of ${address} goes with this call, no API shows it, and nobody gave it: nothing was sent.`,
    `Give it at the prompt, or in a file for --values: ${address} ${field}=...`,
  );
}

/**
 * The path as it is sent: `{address}` is its id, `{address#deploy}` the deploy that creating it started, `{address#former0}` the
 * first of those that stepped aside for it.
 */
export function fillPath(
  { resources, replacements, begun }: Pick<RunMemory, "resources" | "replacements" | "begun">,
  step: WriteStep,
): string {
  return step.write.path.replaceAll(
    /\{([^{}#]+)(?:#(deploy|environment|former[0-9]+))?\}/gu,
    (_whole, address: Address, part: string | undefined) => {
      const text =
        part === "deploy"
          ? begun.firstDeploy(address)
          : part === "environment"
            ? resources.found(address)?.environmentId
            : part === undefined
              ? resources.idOf(address)
              : replacements.former(address, Number(part.slice("former".length))).id;
      if (text === undefined)
        throw stepFailed(
          step.address,
          "value-not-there",
          `The ${part === "deploy" ? "first deploy" : "environment"} of ${address} is not known.`,
          "Run again.",
        );
      // The id of what stands inside another object is its path: the slashes stay.
      return text
        .split("/")
        .map((segment) => encodeURIComponent(segment))
        .join("/");
    },
  );
}
