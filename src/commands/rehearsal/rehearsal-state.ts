import type { Address } from "../../core/base/address.ts";
import { findDestinations } from "../../core/rotation/destinations.ts";
import { findDeliveries, digestPlaceOf } from "../../core/rotation/deliveries.ts";
import { emptyInventory, type Inventory, type Owned } from "../../core/model/inventory.ts";
import { liveSecret, type Found, type Live } from "../../core/model/live.ts";
import { digestOf, makeDigestKey, type Digest, type DigestKey } from "../../core/base/digest.ts";
import { readLive } from "../../engine/read/read-live.ts";
import { Replacements } from "../../engine/memory/replacements.ts";
import { Resources } from "../../engine/memory/resources.ts";
import { SentValues } from "../../engine/memory/sent-values.ts";
import { ShownOnceMemory } from "../../engine/memory/shown-once-memory.ts";
import { OutputReaders } from "../../engine/memory/output-readers.ts";
import { digestFields } from "../../engine/values/make-entry.ts";
import { kinds } from "../../providers/kinds.ts";
import { documentNames } from "../../store/base/documents.ts";
import { documentText } from "../../store/base/formats.ts";
import type { Planned } from "../planning/plan-account.ts";
import type { PlanInput } from "../planning/plan-input.ts";
import type { RehearsalPlace } from "./rehearsal-place.ts";
import type { Seed } from "./rehearsal-seed.ts";

/** Gives the simulated state what the real one owns and remembers, with the ids and the stand-ins of the simulated account. */
export async function giveState(place: RehearsalPlace, planned: Planned, seed: Seed): Promise<void> {
  const { memory, deps } = place;
  const hex = deps.world.randomHex(32);
  memory.key = hex;
  const key = makeDigestKey(hex);
  const { access, account } = await place.plan(readingInput);
  const { scope } = account;
  const { readers } = access.connection;
  const seen = await readLive({
    state: seed.live,
    inventory: emptyInventory(""),
    kinds,
    readers,
    scope,
    confirming: readers,
  });
  const found = new Map([...seen.live].map(([address, one]) => [address, one.found]));
  const desired = new Map(seed.desired.resources.map((one) => [one.address, one]));
  const known = findShownOnceDigests(planned, seed, seen.live, key);
  const shown = { ...emptyInventory(""), resources: ownThere(planned, found, known) };
  const deliveries = findDeliveries({ desired, live: seen.live, inventory: shown, kinds, key });
  const inputOfRun = { desired, found, declaring: new Map(), inventory: emptyInventory("") };
  const memoryOfRun = {
    input: { kinds, sources: seed.sources, desired, key, compared: new Map() },
    outputs: new OutputReaders({ kinds, readers }),
    resources: new Resources(inputOfRun),
    replacements: new Replacements(inputOfRun.inventory),
    shownOnce: new ShownOnceMemory({ deliveries, unseal: refuseUnsealing }),
    sent: new SentValues(),
  };
  const owned = (Object.entries(shown.resources) as [Address, Owned][]).map(async ([address, one]) => {
    const keys = Object.keys(one.fields);
    const same = keys.filter((field) => seed.unchanged(address, field));
    const known = await digestFields(memoryOfRun, address, same);
    const fields = Object.fromEntries(keys.map((field) => [field, known[field] ?? unknownDigest]));
    return [address, { ...one, fields }] as const;
  });
  const { pending, files } = planned.account.inventory;
  const inventory: Inventory = {
    ...emptyInventory("rehearsal"),
    resources: Object.fromEntries(await Promise.all(owned)),
    files,
    ...(pending && { pending }),
  };
  memory.documents.set(documentNames.inventory, documentText(inventory));
}

/** What the real state owns, with the ids of the simulated account and what its answers would have shown once. */
function ownThere(
  { account }: Planned,
  found: ReadonlyMap<Address, Found>,
  known: ReadonlyMap<string, Digest>,
): Inventory["resources"] {
  const entries = (Object.entries(account.inventory.resources) as [Address, Owned][]).map(
    ([address, one]) => {
      const digests = Object.keys(one.revealed ?? {}).map((output): [string, Digest] => [
        output,
        known.get(`${address} ${output}`) ?? unknownDigest,
      ]);
      const shown = digests.length > 0 && { revealed: Object.fromEntries(digests) };
      return [address, { ...one, id: found.get(address)?.id ?? one.id, ...shown }] as const;
    },
  );
  return Object.fromEntries(entries);
}

/** A value that the real account is known to hold stands, in the simulated one, wherever that has it from the same output. */
function findShownOnceDigests(
  planned: Planned,
  seed: Seed,
  live: ReadonlyMap<Address, Live>,
  key: DigestKey,
): ReadonlyMap<string, Digest> {
  const there = new Map(seed.live.resources.map((one) => [one.address, one]));
  const destinations = [...findDestinations(there, kinds)].flatMap(([of, list]) =>
    list.map((destination) => ({ of, ...destination })),
  );
  return new Map(
    destinations.flatMap((destination) => {
      const { of, output } = destination;
      const isKnown = planned.values.deliveries.get(of)?.values.get(output)?.state === "known";
      const secret = liveSecret(live.get(destination.address)?.found, destination);
      const maker = live.get(of);
      if (!isKnown || !secret || !maker) return [];
      return [
        [
          `${of} ${output}`,
          digestOf(key, digestPlaceOf(maker.kind, maker.found.id, output), secret),
        ] as const,
      ];
    }),
  );
}

const unknownDigest = "0".repeat(64);
const refuseUnsealing = (): Promise<never> => Promise.reject(new Error("nothing of a rehearsal is sealed"));
/** Nothing is decided by it: it opens the account for reading. */
const readingInput: PlanInput = {
  files: [],
  strictValues: false,
  allowDataLoss: [],
  adopt: null,
  replaceValues: false,
  allowEnv: [],
  targets: [],
  excludes: [],
};
