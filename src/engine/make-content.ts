import type { Address } from "../core/address.ts";
import { holesOf, type EntriesHole, type ListHole } from "../core/body.ts";
import type { Resolved } from "../core/compare.ts";
import { fieldKey } from "../core/desired.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { WriteStep } from "../core/plan.ts";
import type { Secret } from "../core/secret.ts";
import { fillBody } from "../http/body.ts";
import type { Content } from "../http/client.ts";
import { stepFailed } from "./execute.ts";
import { successorName } from "./one-time.ts";
import type { RunMemory } from "./run-memory.ts";

type Entry = { readonly entry: string; readonly value: Secret | "generate" };

/** The body of a step's call as it is sent: every hole filled with what is known or live at this moment. */
export async function makeContent(memory: RunMemory, step: WriteStep): Promise<Content> {
  const { body } = step.write;
  if (body === undefined) return { secrets: [] };
  const resolved = new Map<string, Resolved>();
  const entries = new Map<EntriesHole, readonly Entry[]>();
  const lists = new Map<ListHole, readonly Json[]>();
  await memory.refreshTargets(step);
  for (const hole of holesOf(body)) {
    if (hole.hole === "value")
      resolved.set(
        `${hole.place.address} ${hole.place.field}`,
        await memory.resolveHole(step, hole.place, hole.value),
      );
    if (hole.hole === "entries") entries.set(hole, await listEntries(memory, step, hole));
    if (hole.hole === "list") lists.set(hole, await listItems(memory, hole));
  }
  return fillBody(body, {
    id: (address, half) => memory.idOf(address, half),
    successorName: (address) => successorName(memory, address),
    value: (value, place) => {
      const known = resolved.get(`${place.address} ${place.field}`);
      if (known?.state === "known") return known.secret;
      return value.from === "generated" ? "generate" : undefined;
    },
    entries: (hole) => entries.get(hole) ?? [],
    list: (hole) => lists.get(hole) ?? [],
  });
}

/** What a replace-all sends: everything that is live now, read for this call, with the changes on top. */
async function listEntries(memory: RunMemory, step: WriteStep, hole: EntriesHole): Promise<readonly Entry[]> {
  const { scope } = memory.input;
  const reader = memory.readerOf(hole.of);
  const found = memory.found.get(hole.of);
  const spec = found && (await memory.kind(hole.of).facets[hole.field]?.(reader, found, scope));
  const live = (spec?.[hole.field] ?? {}) as { readonly [entry: string]: Secret };
  const entries = new Map<string, Entry["value"]>(
    Object.entries(live).filter(([entry]) => !hole.removed.includes(entry)),
  );
  for (const [entry, value] of Object.entries(hole.set)) {
    const resolved = await memory.resolveHole(
      step,
      { address: hole.of, field: fieldKey(hole.field, entry) },
      value,
    );
    if (resolved.state === "known") entries.set(entry, resolved.secret);
    else if (value.from === "generated" && !entries.has(entry)) entries.set(entry, "generate");
  }
  return [...entries].map(([entry, value]) => ({ entry, value }));
}

/** A list that is written whole: the declared items first, what else is live after them. */
async function listItems(memory: RunMemory, hole: ListHole): Promise<readonly Json[]> {
  const { scope } = memory.input;
  const reader = memory.readerOf(hole.of);
  const found = memory.found.get(hole.of);
  const spec = found && (await memory.kind(hole.of).facets[hole.field]?.(reader, found, scope));
  const keyOf = (item: JsonObject): string =>
    hole.key.map((member) => (item[member] ?? "") as string).join(" ");
  const left = new Set([...hole.removed, ...hole.declared.map((item) => keyOf(item as JsonObject))]);
  const live = (spec?.[hole.field] ?? []) as readonly JsonObject[];
  return [...hole.declared, ...live.filter((item) => !left.has(keyOf(item)))];
}

/** The path as it is sent: `{address}` is its id, `{address#deploy}` the deploy that creating it started. */
export function fillPath(memory: RunMemory, step: WriteStep): string {
  return step.write.path.replaceAll(
    /\{([^{}#]+)(?:#(deploy|environment))?\}/gu,
    (_whole, address: Address, part: string | undefined) => {
      const text =
        part === "deploy"
          ? memory.deploys.get(address)
          : part === "environment"
            ? memory.found.get(address)?.environmentId
            : memory.idOf(address);
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
