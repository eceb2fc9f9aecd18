import type { Note } from "../model/change.ts";
import type { Comparison, Differences } from "./comparison.ts";
import type { Field, Mover } from "../model/field.ts";
import { digestDesired } from "./field-change.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type { Live } from "../model/live.ts";

/**
 * Leaves a value alone that the platform moves by itself (storage autoscaling, autoscaling of instances, digests of images): it
 * is no drift, and it is not put back. The file's value is remembered as usual, so that it counts again when autoscaling is off.
 *
 *   diskSizeGB: 15    live 25, storage autoscaling on    nothing to do: 15 is a floor
 *   diskSizeGB: 50    live 25, storage autoscaling on    grows to 50
 *   numInstances: 1   live 4, autoscaling on             not compared
 *   image: acme/api   live acme/api:latest@sha256:ab12   nothing to do: Render added the digest
 *
 * Answers `true` where the field needs no further comparison; where live is another value, one note says why it stays.
 */
export function leaveToPlatform(
  comparison: Comparison,
  at: { readonly name: string; readonly field: Field },
  value: Json,
  { live, found }: { readonly live: Live; readonly found: Differences },
): boolean {
  const { name, field } = at;
  const { desired, owned } = comparison;
  const liveValue = live.found.spec[name];
  const mover = field.movedBy?.(desired.spec as JsonObject, live.found.spec);
  if (!mover) return false;
  if (mover.as === "floor" && !(typeof liveValue === "number" && liveValue >= Number(value))) return false;
  if (owned?.fields[name] !== digestDesired(comparison, field, name, undefined, value))
    found.converged.push(name);
  if (liveValue !== value) found.notes.push(describe(name, mover, value, liveValue as Json | undefined));
  return true;
}

const effects: { readonly [as in Mover["as"]]: string } = {
  floor: "the file's value is a floor",
  free: "the file's value has no effect",
  part: "the rest is what the file asks",
};

function describe(name: string, mover: Mover, value: Json, live: Json | undefined): Note {
  const effect = effects[mover.as];
  const facts = `${name} is ${JSON.stringify(live ?? null)} and the file says ${JSON.stringify(value)}`;
  return { note: "remark", text: `${facts}: ${mover.because}, so ${effect}` };
}
