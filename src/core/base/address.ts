/** Whose account it is: the first part of every kind's name. */
export type Provider = "render" | "rendercad";
/** `provider/kind`, for example `render/service`. */
export type KindName = `${string}/${string}`;
/** `provider/kind/name`, each segment percent-encoded: ours, never the API's id. Product page, section 7. */
export type Address = `${KindName}/${string}`;

/** The name is one segment: a slash or a percent sign in it is escaped, everything a reader can read is kept. */
export function makeAddress(kind: KindName, name: string): Address {
  return `${kind}/${encodeSegment(name)}`;
}

export function parseAddress(text: string): { kind: KindName; name: string } | undefined {
  const [provider, kind, name, ...rest] = text.split("/");
  if (!provider || !kind || !name || rest.length > 0) return undefined;
  const decoded = decodeSegment(name);
  return decoded === undefined ? undefined : { kind: `${provider}/${kind}`, name: decoded };
}

/** For addresses we made ourselves. */
export function nameOf(address: Address): string {
  const parsed = parseAddress(address);
  if (!parsed) throw new Error(`not an address: ${address}`);
  return parsed.name;
}

export function kindOf(address: Address): KindName {
  const [provider, kind] = address.split("/");
  return `${provider}/${kind}`;
}

/** Stable order of everything that is listed: by code unit, never by locale, so that output is the same everywhere. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Spaces and most punctuation stay readable; what would break an address apart, hide in a terminal or vanish in a shell
 * word is escaped. `@` and `:` stay, because names like `web@2` are common and unambiguous within a segment.
 */
function encodeSegment(name: string): string {
  return encodeURIComponent(name).replaceAll("%40", "@").replaceAll("%3A", ":");
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
