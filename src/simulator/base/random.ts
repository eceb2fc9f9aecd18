/** Random numbers from a seed: an account, its faults and its generated values are the same in every run with one seed. */
export type Random = {
  /** The next number, from 0 to 1, 1 excluded. */
  next(): number;
};

/**
 * Random numbers by Mulberry32. Its 32 bits of state are enough for test data, and its sequence is the same on every
 * machine.
 */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

/** A whole number from 0 to `limit`, `limit` excluded. */
export function randomInteger(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

/** A text of random characters of an alphabet. */
export function randomText(
  random: Random,
  length: number,
  alphabet = "abcdefghijklmnopqrstuvwxyz0123456789",
): string {
  return Array.from({ length }, () => alphabet[randomInteger(random, alphabet.length)]).join("");
}

/** One of some items. */
export function randomPick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[randomInteger(random, items.length)] ?? items[0];
}

/** A value as `generateValue` makes it: 32 random bytes in base64, 44 characters (recorded). */
export function generateSecretText(random: Random): string {
  return Buffer.from(Array.from({ length: 32 }, () => randomInteger(random, 256))).toString("base64");
}
