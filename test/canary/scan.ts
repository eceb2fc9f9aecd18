import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** A secret that was planted, by the name of the source it was planted in. */
export type Planted = { readonly [source: string]: string };
/** Something a secret could have got into, by a name for people: `stderr of plan`, `state/default/journal.ndjson`. */
export type Places = { readonly [place: string]: string | Buffer };

/** What a search counts as a piece of a secret. A fingerprint has 4 characters, so it is none. */
const pieceLength = 12;

/**
 * Where a secret, a piece of one, or one in another spelling is found: `place holds source as base64`. `whole`: only all of
 * it counts, for an id, whose pieces stand in its neighbours' ids too (time, machine and counter).
 */
export function findLeaks(
  planted: Planted,
  places: Places,
  { whole = false }: { readonly whole?: boolean } = {},
): readonly string[] {
  const forms = Object.entries(planted).flatMap(([source, text]) =>
    spell(text, whole ? Infinity : pieceLength).map((spelling) => ({ source, ...spelling })),
  );
  const findExact = makeSearch(forms.map(({ pieces, isCaseless }) => (isCaseless ? [] : pieces)));
  const findFolded = makeSearch(forms.map(({ pieces, isCaseless }) => (isCaseless ? pieces : [])));
  return Object.entries(places).flatMap(([place, content]) => {
    const text = Buffer.isBuffer(content) ? content.toString("latin1") : asBytes(content);
    const found = new Set([...findExact(text), ...findFolded(text.toLowerCase())]);
    return forms.flatMap(({ source, spelling }, form) =>
      found.has(form) ? [`${place} holds ${source} as ${spelling}`] : [],
    );
  });
}

/** How many characters of a piece are looked up at each place of a text; 7 bits of each make the key. */
const keyLength = 4;

function keyAfter(key: number, code: number): number {
  return ((key << 7) | (code & 127)) & 0xfffffff;
}

/**
 * Answers which of the lists have a piece in a text. There are thousands of pieces and megabytes of text, so one pass looks for
 * all of them, by their first characters. No piece is shorter than those.
 */
function makeSearch(lists: readonly (readonly string[])[]): (text: string) => ReadonlySet<number> {
  const byKey = new Map<number, { readonly list: number; readonly piece: string }[]>();
  for (const [list, pieces] of lists.entries()) {
    for (const piece of pieces) {
      if (piece.length < keyLength) throw new Error(`${piece} is too short to be looked for`);
      let key = 0;
      for (let at = 0; at < keyLength; at += 1) key = keyAfter(key, piece.charCodeAt(at));
      byKey.set(key, [...(byKey.get(key) ?? []), { list, piece }]);
    }
  }
  return (text) => {
    const found = new Set<number>();
    let key = 0;
    for (let end = 0; end < text.length; end += 1) {
      key = keyAfter(key, text.charCodeAt(end));
      const start = end + 1 - keyLength;
      for (const { list, piece } of byKey.get(key) ?? [])
        if (!found.has(list) && text.startsWith(piece, start)) found.add(list);
    }
    return found;
  };
}

type Spelling = {
  readonly spelling: string;
  readonly pieces: readonly string[];
  readonly isCaseless?: true;
};

/** Every way a text is written by programs that pass it on; pieces are bytes as latin1, like what they are looked up in. */
function spell(text: string, piece: number): readonly Spelling[] {
  const bytes = Buffer.from(text);
  const json = JSON.stringify(text).slice(1, -1);
  return [
    { spelling: "plain text", pieces: cut(asBytes(text), piece) },
    { spelling: "JSON", pieces: cut(asBytes(json), piece) },
    { spelling: "JSON in JSON", pieces: cut(asBytes(JSON.stringify(json).slice(1, -1)), piece) },
    { spelling: "URL", pieces: cut(encodeURIComponent(text).toLowerCase(), piece), isCaseless: true },
    {
      spelling: "URL form",
      pieces: cut(new URLSearchParams({ x: text }).toString().slice(2).toLowerCase(), piece),
      isCaseless: true,
    },
    { spelling: "base64", pieces: base64Pieces(bytes, "base64", piece) },
    { spelling: "base64url", pieces: base64Pieces(bytes, "base64url", piece) },
    { spelling: "hex", pieces: cut(bytes.toString("hex"), 2 * piece), isCaseless: true },
  ];
}

function asBytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** Every piece of the length that counts; a shorter text is one piece. */
function cut(text: string, length: number): readonly string[] {
  if (text.length <= length) return [text];
  return Array.from({ length: text.length - length + 1 }, (_, start) => text.slice(start, start + length));
}

/** Base64 depends on what stood before: for each of the three alignments, what no neighbour can change. */
function base64Pieces(bytes: Buffer, encoding: "base64" | "base64url", piece: number): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString(encoding)
      .replaceAll("=", "");
    const settled = whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return cut(settled, piece + 4);
  });
}

/** Every file below a folder, and where links point to, except those that the secrets were planted in. */
export function readPlaces(folder: string, except: readonly string[]): Places {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const places = entries.flatMap((entry): [string, string | Buffer][] => {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (except.includes(name)) return [];
    return ifThere(() => {
      if (entry.isSymbolicLink()) return [[name, readlinkSync(path)]];
      return entry.isFile() ? [[name, readFileSync(path)]] : [];
    });
  });
  const names = entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
  return { ...Object.fromEntries(places), "names of files": names.join("\n") };
}

/** What was seen at places that were looked at again and again: each content once. */
export type Looks = {
  readonly add: (places: Places) => void;
  readonly places: () => Places;
};

export function makeLooks(): Looks {
  const seen = new Map<string, Set<string>>();
  return {
    add: (places) => {
      for (const [place, content] of Object.entries(places))
        seen.set(place, (seen.get(place) ?? new Set()).add(Buffer.from(content).toString("latin1")));
    },
    places: () =>
      Object.fromEntries(
        [...seen].map(([place, texts]) => [place, Buffer.from([...texts].join(""), "latin1")]),
      ),
  };
}

/** While a run goes on, a temporary file is renamed between listing and reading; its next name is seen the next time. */
function ifThere(read: () => [string, string | Buffer][]): [string, string | Buffer][] {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
