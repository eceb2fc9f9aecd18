import { createHash } from "node:crypto";
import { randomInteger, type Random } from "./random.ts";

const alphabet = "0123456789abcdefghijklmnopqrstuv";

/**
 * Makes xids: 12 bytes of second, machine and counter, so that the ids of an account sort by the time at which they
 * were made.
 */
export type IdMaker = { nextXid(seconds: number): string };

/** A maker of xids, whose machine and first counter are drawn. */
export function makeIdMaker(random: Random): IdMaker {
  const machine = Array.from({ length: 5 }, () => randomInteger(random, 256));
  let counter = randomInteger(random, 2 ** 16);
  let latest = 0;
  return {
    nextXid(seconds) {
      latest = Math.max(latest, Math.floor(seconds));
      counter = (counter + 1) % 2 ** 24;
      const bytes = Buffer.alloc(12);
      bytes.writeUInt32BE(latest, 0);
      bytes.set(machine, 4);
      bytes.writeUIntBE(counter, 9, 3);
      return encodeXid(bytes);
    },
  };
}

/**
 * An xid as text, in base32hex without padding: 96 bits make 20 characters, of which the last carries one bit and is
 * `0` or `g` (recorded).
 */
function encodeXid(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return text + alphabet[(value << (5 - bits)) & 31];
}

/** The xid inside an id: that of `dpg-<xid>-a` and of `srv-<xid>`. An id of another form is its own key. */
export function xidOf(id: string): string {
  return /(?:^|-)([0-9a-v]{19}[0g])(?:-|$)/.exec(id)?.[1] ?? id;
}

/** The part of an id that stands in a cursor: the last 16 characters of the xid (recorded). */
export function cursorKey(id: string): string {
  return xidOf(id).slice(-16);
}

/**
 * A cursor: 32 characters of base64url, made of 8 bytes that are the same for a whole table and 16 characters of the
 * row (recorded).
 */
export function encodeCursor(table: string, key: string): string {
  const prefix = createHash("sha256").update(table).digest().subarray(0, 8);
  return Buffer.concat([prefix, Buffer.from(key)]).toString("base64url");
}

/** The row's part of a cursor of this table; `undefined` for a cursor of another table, and for a text that is no cursor. */
export function decodeCursor(table: string, cursor: string): string | undefined {
  const key = Buffer.from(cursor, "base64url").subarray(8).toString();
  return encodeCursor(table, key) === cursor ? key : undefined;
}
