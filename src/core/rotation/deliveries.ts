import type { Address, KindName } from "../base/address.ts";
import { type Desired, fieldKey } from "../model/desired.ts";
import { findDestinations, type Destination } from "./destinations.ts";
import type { Inventory, Owned } from "../model/inventory.ts";
import { isObject } from "../base/json.ts";
import type { Kinds } from "../kind/kind.ts";
import type { Live } from "../model/live.ts";
import { digestOf, type Digest, type DigestKey } from "../base/digest.ts";
import { Secret } from "../base/secret.ts";

/**
 * What an output that is shown once is by now. `known`: one of its destinations holds it, which its keyed digest proves. `sealed`:
 * no destination does, and the state has a copy that only an identity opens. `unknown`: it was made by somebody else, so
 * that nobody can tell what it is. `lost`: it was ours, and nobody has it.
 */
export type ShownOnceValue =
  | { readonly state: "known"; readonly secret: Secret }
  | { readonly state: "sealed"; readonly text: string }
  | { readonly state: "unknown" }
  | { readonly state: "lost" };

export type ValueDelivery = {
  readonly destinations: readonly (Destination & { readonly output: string })[];
  /** By output; those that no destination asks for are not in it. */
  readonly values: ReadonlyMap<string, ShownOnceValue>;
  /** Why it has to be made again; absent when every output that somebody wants is known, or nobody's to tell. */
  readonly lost?: string;
};

export type DeliveryInput = {
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly live: ReadonlyMap<Address, Live>;
  readonly inventory: Inventory;
  readonly kinds: Kinds;
  readonly key: DigestKey;
};

/**
 * Where the values are that an API shows once, by the address that they come from. A value is looked for in the live
 * variables that are declared to hold it: what was delivered is its own proof, so that nothing has to be noted about it,
 * and what one service has can be given to the next without making it again.
 */
export function findDeliveries(input: DeliveryInput): ReadonlyMap<Address, ValueDelivery> {
  const all = findDestinations(input.desired, input.kinds);
  const found = new Map<Address, ValueDelivery>();
  for (const desired of input.desired.values()) {
    if (!input.kinds.get(desired.kind)?.shownOnce) continue;
    const destinations = all.get(desired.address) ?? [];
    found.set(desired.address, findDelivery(input, desired.address, destinations));
  }
  return found;
}

function findDelivery(
  input: DeliveryInput,
  address: Address,
  destinations: ValueDelivery["destinations"],
): ValueDelivery {
  const live = input.live.get(address);
  const outputs = [...new Set(destinations.map((one) => one.output))];
  if (!live) return { destinations, values: new Map() };
  const values = new Map(outputs.map((output) => [output, look(input, live, output, destinations)] as const));
  const isLost = [...values.values()].some((one) => one.state === "lost");
  return { destinations, values, ...(isLost && { lost: explainLoss(input, address, destinations) }) };
}

function look(
  input: DeliveryInput,
  live: Live,
  output: string,
  destinations: ValueDelivery["destinations"],
): ShownOnceValue {
  const { address } = live;
  const pending = input.inventory.pending?.[address];
  const newest = live.newObject ?? live.found;
  const record = recordOf(input.inventory, address, newest.id);
  const digest = record?.revealed?.[output];
  if (digest === undefined) {
    const isOurs = live.newObject !== undefined || pending?.creation !== undefined;
    return { state: isOurs ? "lost" : "unknown" };
  }
  const wanted = destinations.filter((one) => one.output === output);
  const secret = findAnywhere(input, digestPlaceOf(live.kind, newest.id, output), digest);
  if (secret) return { state: "known", secret };
  const text = record?.sealed?.[output];
  if (text !== undefined) return { state: "sealed", text };
  const isStillToDeliver = pending?.undelivered === true || live.newObject !== undefined;
  const isBeyondSight = !isStillToDeliver && wanted.every((one) => isDelivered(input.inventory, one));
  return { state: isBeyondSight ? "unknown" : "lost" };
}

/** In any variable that was read, declared to hold it or not: one that is moved to another service is still in the first. */
function findAnywhere(
  { live, key }: DeliveryInput,
  place: ReturnType<typeof digestPlaceOf>,
  digest: Digest,
): Secret | undefined {
  for (const { found } of live.values()) {
    const secrets = Object.values(found.spec).flatMap((field) => {
      if (field instanceof Secret) return [field];
      return isObject(field) ? Object.values(field).filter((entry) => entry instanceof Secret) : [];
    });
    const secret = secrets.find((one) => digestOf(key, place, one) === digest);
    if (secret) return secret;
  }
  return undefined;
}

/** A destination that no API shows has what was last sent there. */
function isDelivered(inventory: Inventory, { address, name, entry, isUnseen }: Destination): boolean {
  return isUnseen && inventory.resources[address]?.fields[fieldKey(name, entry)] !== undefined;
}

/** What the answer that made this object showed, as the inventory remembers it. */
function recordOf(
  inventory: Inventory,
  address: Address,
  id: string,
): Pick<Owned, "revealed" | "sealed"> | undefined {
  const owned = inventory.resources[address];
  const newObject = inventory.pending?.[address]?.successor;
  if (owned?.id === id) return owned;
  return newObject?.id === id ? newObject : undefined;
}

export function liveValue(
  live: Live | undefined,
  { name, entry }: Pick<Destination, "name" | "entry">,
): Secret | undefined {
  const field = live?.found.spec[name];
  if (field instanceof Secret || entry === undefined) return field instanceof Secret ? field : undefined;
  const value = isObject(field) && Object.hasOwn(field, entry) ? field[entry] : undefined;
  return value instanceof Secret ? value : undefined;
}

function explainLoss(
  { inventory }: DeliveryInput,
  address: Address,
  destinations: ValueDelivery["destinations"],
): string {
  const pending = inventory.pending?.[address];
  if (pending?.creation || pending?.undelivered || pending?.successor)
    return "the run that made it ended before its value was delivered";
  const places = destinations.map((one) => `${one.address} ${one.entry ?? one.name}`).join(", ");
  return `its value was shown once and is no longer where it was delivered: ${places}`;
}

/** Bound to the object and not to its address, which a rename changes. */
export function digestPlaceOf(kind: KindName, id: string, output: string) {
  return { address: `${kind}/${id}`, field: output };
}

/** Digests of what an answer showed once: to find it again by, wherever it was delivered. */
export function digestShownOnce(
  key: DigestKey,
  { kind, id }: { readonly kind: KindName; readonly id: string },
  values: { readonly [output: string]: Secret },
): { readonly [output: string]: Digest } {
  const pairs = Object.entries(values).map(
    ([output, secret]) => [output, digestOf(key, digestPlaceOf(kind, id, output), secret)] as const,
  );
  return Object.fromEntries(pairs);
}
