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
 * What is known by now of an output that was shown once.
 *
 *     known     a variable that was read holds it, which its keyed digest proves
 *     sealed    no variable does, and the state has a copy that only an age identity opens
 *     unknown   it cannot be looked at: somebody else made the object, or no API shows the places that have the value
 *     lost      trueup made the object, and the value is nowhere any more
 */
export type ShownOnceValue =
  | { readonly state: "known"; readonly secret: Secret }
  | { readonly state: "sealed"; readonly text: string }
  | { readonly state: "unknown" }
  | { readonly state: "lost" };

/** Where the values of an object that are shown once have to arrive, and what is known of them. */
export type ValueDelivery = {
  /** In the order of the file, each with the output that it takes. */
  readonly destinations: readonly (Destination & { readonly output: string })[];
  /** What is known of each output that a destination asks for, by output. */
  readonly values: ReadonlyMap<string, ShownOnceValue>;
  /** Why the object has to be made again, in words; absent where none of its outputs that are asked for is lost. */
  readonly lost?: string;
};

/** What `findDeliveries` looks at. */
export type DeliveryInput = {
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly live: ReadonlyMap<Address, Live>;
  readonly inventory: Inventory;
  readonly kinds: Kinds;
  readonly key: DigestKey;
};

/**
 * By the address that they come from, the values that an API shows once: where they have to arrive, and what is known of
 * them. A value is looked for in the live variables. One that arrived proves itself by its digest, so no delivery has to be
 * noted, and what one service has can be given to the next without a new object.
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

/** The value of a digest, from any variable that was read, declared to hold it or not: a moved one is still in its old place. */
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

/** Whether a destination that no API shows was sent its value: then it is taken to have it. */
function isDelivered(inventory: Inventory, { address, name, entry, isUnseen }: Destination): boolean {
  return isUnseen && inventory.resources[address]?.fields[fieldKey(name, entry)] !== undefined;
}

/** What the inventory remembers of the values that the answer showed which made this object. */
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

/** What the digest of a value that is shown once is bound to: the object, and not its address, which a rename changes. */
export function digestPlaceOf(kind: KindName, id: string, output: string) {
  return { address: `${kind}/${id}`, field: output };
}

/** Digests of the values that an answer showed once, by output. By them a value is found again wherever it was delivered. */
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
