import { byText, type Address } from "../../core/base/address.ts";
import { connectionTo, plainConnection } from "../../core/base/connection-url.ts";
import type { Readers } from "../../core/kind/reader.ts";
import { digestOf, makeDigestKey, type Digest } from "../../core/base/digest.ts";
import { Secret } from "../../core/base/secret.ts";
import type { AccountObject } from "../../engine/read/read-account.ts";
import type { Restorable } from "../../core/kind/restorable.ts";
import { variableOf } from "../../core/model/value.ts";

type OutputOf = { readonly of: Address; readonly output: string };
/** A live object with the address that the exported file gives it. */
export type Addressed = AccountObject & { readonly address: Address };

/** Where a live value comes from, when it equals an output of another object. */
export type FindOutput = (
  key: string,
  live: Secret,
  siblings: { readonly [key: string]: Secret },
) => OutputOf | undefined;

type Known = Restorable & OutputOf;

/**
 * Reads what others can refer to, for comparing alone: equal values are told by keyed digests, and no text is kept; spellings of one
 * connection string are equal. `hex` is a passing key, 32 bytes.
 */
export async function readOutputs(
  objects: readonly Addressed[],
  readers: Readers,
  hex: string,
): Promise<FindOutput> {
  const key = makeDigestKey(hex);
  const digest = (value: Secret | string): Digest =>
    digestOf(key, { address: "", field: "" }, value instanceof Secret ? plainConnection(value) : value);
  const known = new Map<Digest, Known[]>();
  const read = await Promise.all(
    objects.flatMap((object) =>
      (object.kind.restorable?.(object.found) ?? []).map((one) => readOutput(object, one, readers)),
    ),
  );
  for (const one of read.filter((each) => each !== undefined).sort((a, b) => byText(a.of, b.of))) {
    const at = digest(one.value);
    known.set(at, [...(known.get(at) ?? []), one]);
  }
  const certain = (live: Secret): Known | undefined =>
    known.get(digest(live))?.find((one) => one.besideOthers === undefined && one.key === undefined);
  return (variable, live, siblings) =>
    known.get(digest(live))?.find(({ key: end, besideOthers, of }) => {
      const start = end ? variable.replace(end, "") : variable;
      if (end && start === variable) return false;
      const alike = Object.keys(siblings).filter(
        (other) => start !== "" && other !== variable && other.startsWith(start),
      );
      return !besideOthers || alike.some((other) => certain(siblings[other]!)?.of === of);
    });
}

/**
 * Tells which database or Key Value instance a connection string leads to, though it is not its own one: the address outside of the
 * region, another user, parameters.
 */
export function makeLedTo(objects: readonly Addressed[]): (live: Secret) => Address | undefined {
  const stores = new Map(
    objects.flatMap(({ kind, found, address }) =>
      kind.dataBearing && kind.restorable ? [[found.id, address] as const] : [],
    ),
  );
  const hosts = [...stores.keys()];
  return (live) => stores.get(connectionTo(live, hosts) ?? "");
}

async function readOutput(
  object: Addressed,
  one: Restorable,
  readers: Readers,
): Promise<(Known & { readonly value: Secret | string }) | undefined> {
  const { kind, found, address } = object;
  // A service shows its own address; a variable of its own under that name would say something else.
  const key = variableOf(one.output);
  const value =
    key === undefined ? await kind.output(readers[kind.provider], found, one.output) : found.outputs[key];
  const isUsable = (typeof value === "string" && value !== "") || value instanceof Secret;
  return isUsable ? { ...one, of: address, value } : undefined;
}
