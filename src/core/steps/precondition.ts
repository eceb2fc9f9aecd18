import type { Address } from "../base/address.ts";
import { canonical, isObject } from "../base/json.ts";
import type { Live, LiveSpec, LiveValue } from "../model/live.ts";
import type { Step } from "../model/plan.ts";
import { digestOf, type Digest, type DigestKey } from "../base/digest.ts";
import { Secret } from "../base/secret.ts";

/**
 * Gives each update a digest of what it overwrites, as it was when the plan was made. Before the call is sent, perhaps hours
 * later or in another run, the same fields are read again: when somebody changed them meanwhile, the step is stale and
 * stops. The API itself cannot compare before it writes (recorded: no ETag, no conditional request). An object that this
 * plan makes gets none: there is nothing yet to overwrite.
 */
export function withPreconditions(
  steps: readonly Step[],
  live: ReadonlyMap<Address, Live>,
  key: DigestKey,
): readonly Step[] {
  const made = new Set(
    steps.flatMap((step) =>
      step.step === "write" && step.verb === "create" ? [step.address, ...(step.carries ?? [])] : [],
    ),
  );
  return steps.map((step) => {
    const spec = made.has(step.address) ? undefined : live.get(step.address)?.found.spec;
    if (step.step !== "write" || step.verb !== "update" || step.fields.length === 0 || !spec) return step;
    return { ...step, precondition: preconditionOf(key, step.address, step.fields, spec) };
  });
}

/** The digest of some fields of a live object, by their keys. Equal fields give equal digests, in whatever order they come. */
export function preconditionOf(
  key: DigestKey,
  address: Address,
  fields: readonly string[],
  spec: LiveSpec,
): Digest {
  const place = { address, field: "precondition" };
  const seen = [...fields]
    .sort()
    .map((field) => [field, describe(key, { address, field }, valueAt(spec, field))]);
  return digestOf(key, place, canonical(seen));
}

/** `envVars.PORT` is the entry PORT of the list envVars; a name may hold dots. */
function valueAt(spec: LiveSpec, fieldKey: string): LiveValue | undefined {
  const dot = fieldKey.indexOf(".");
  if (dot < 0) return spec[fieldKey];
  const list = spec[fieldKey.slice(0, dot)];
  const entry = fieldKey.slice(dot + 1);
  return isObject(list) && !(list instanceof Secret) && Object.hasOwn(list, entry) ? list[entry] : undefined;
}

function describe(
  key: DigestKey,
  place: { readonly address: Address; readonly field: string },
  value: LiveValue | undefined,
): unknown {
  if (value instanceof Secret) return { digest: digestOf(key, place, value) };
  if (!isObject(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, describe(key, place, member as LiveValue)]),
  );
}
