import { createHash } from "node:crypto";
import { randomInteger, type Random } from "./random.ts";

const alphabet = "0123456789abcdefghijklmnopqrstuv";

/** What makes ids: 12 bytes of second, machine and counter, so that ids of one account sort by the time they were made. */
export type IdMaker = { nextXid(seconds: number): string };

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

/** Base32hex without padding: 96 bits make 20 characters, the last of which carries one bit: `0` or `g` (recorded). */
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

/** The xid inside an id: `dpg-<xid>-a` and `srv-<xid>` alike. Ids that are not ours are their own key. */
export function xidOf(id: string): string {
  return /(?:^|-)([0-9a-v]{19}[0g])(?:-|$)/.exec(id)?.[1] ?? id;
}

/** The part of an id that a cursor carries (recorded: the last 16 characters of the xid). */
export function cursorKey(id: string): string {
  return xidOf(id).slice(-16);
}

/** 32 characters of base64url: 8 bytes that are the same for a whole table, then 16 characters of the row (recorded). */
export function encodeCursor(table: string, key: string): string {
  const prefix = createHash("sha256").update(table).digest().subarray(0, 8);
  return Buffer.concat([prefix, Buffer.from(key)]).toString("base64url");
}

/** The row's part of a cursor of this table; `undefined` for a cursor of another table or none at all. */
export function decodeCursor(table: string, cursor: string): string | undefined {
  const key = Buffer.from(cursor, "base64url").subarray(8).toString();
  return encodeCursor(table, key) === cursor ? key : undefined;
}
