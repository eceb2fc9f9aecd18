import { kindOf, type Address } from "../../core/base/address.ts";
import { digestOf, type Digest } from "../../core/base/digest.ts";
import type { Comparison } from "../../core/compare/comparison.ts";
import { digestDesired } from "../../core/compare/field-change.ts";
import { findKind } from "../../core/kind/kind.ts";
import { eachDeclared, keysDeclared } from "../../core/model/declared.ts";
import { fieldKey } from "../../core/model/desired.ts";
import type { Value } from "../../core/model/value.ts";
import { liveSecret } from "../../core/model/live.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { resolveNow, type Resolving } from "./resolve-now.ts";

/** What digests of fields are made from: values as they were sent, or else as they are now. */
export type Digesting = Resolving &
  Pick<RunMemory, "sent"> & { readonly input: Pick<RunMemory["input"], "key" | "compared"> };

/**
 * The digests of the declared fields among `keys`, for the inventory. Fields that the file does not declare have none, and
 * neither has a value that is left to the account and that the API does not show.
 */
export async function digestFields(
  memory: Digesting,
  address: Address,
  keys: readonly string[],
): Promise<{ readonly [key: string]: Digest }> {
  const { input, resources, sent } = memory;
  const desired = input.desired.get(address);
  if (!desired) return {};
  const wanted = new Set(keys);
  const digests: { [key: string]: Digest } = {};
  for (const declared of eachDeclared(desired, findKind(input.kinds, kindOf(address)).fields)) {
    const key = fieldKey(declared.name, declared.entry);
    if (!wanted.has(key)) continue;
    // What was sent; else what the plan compared live with, so that the digest is of that; else what it is now.
    const compared = input.compared.get(address)?.get(key);
    const known = sent.value(address, key) ?? (compared?.state === "known" ? compared : undefined);
    const resolved = declared.field.value
      ? (known ?? (await resolveNow(memory, address, declared, declared.value as Value)))
      : undefined;
    const isLeft = resolved?.state === "untouched" && !declared.field.writeOnly;
    const isTheirs = isLeft && (declared.value as Value).from !== "generated";
    // A value that is left as it is live: the digest is made from the live value.
    const live =
      isTheirs && declared.entry !== undefined ? liveSecret(resources.found(address), declared) : undefined;
    const comparison: Comparison = {
      desired,
      owned: undefined,
      key: input.key,
      resolved: new Map(resolved ? [[key, resolved]] : []),
    };
    const digest = live
      ? digestOf(input.key, { address, field: key }, live)
      : isTheirs
        ? undefined
        : digestDesired(comparison, declared.field, declared.name, declared.entry, declared.value);
    if (digest !== undefined) digests[key] = digest;
  }
  return digests;
}

/** The keys of all fields and entries that the file declares of a resource: `plan`, `envVars.KEY`. */
export function declaredKeys(
  { desired: all, kinds }: Pick<RunMemory["input"], "desired" | "kinds">,
  address: Address,
): readonly string[] {
  const desired = all.get(address);
  return desired ? keysDeclared(desired, findKind(kinds, kindOf(address)).fields) : [];
}
