/** A company with an API and an account there. It is the first part of each kind's name: `render` in `render/service`. */
export type Provider = "render" | "rendercad";
/** `provider/kind`, for example `render/service`. */
export type KindName = `${string}/${string}`;
/** `provider/kind/name`, each segment percent-encoded: ours, never the API's id. Product page, section 7. */
export type Address = `${KindName}/${string}`;

/**
 * The address of the resource `name`. The name becomes one segment, so a slash or a percent sign in it is escaped:
 * `makeAddress("render/service", "web/api")` is `render/service/web%2Fapi`.
 */
export function makeAddress(kind: KindName, name: string): Address {
  return `${kind}/${encodeSegment(name)}`;
}

/**
 * Kind and decoded name of an address; `undefined` for a text that has not three segments or whose escapes are broken.
 * Whether there is such a kind is not looked at.
 */
export function parseAddress(text: string): { kind: KindName; name: string } | undefined {
  const [provider, kind, name, ...rest] = text.split("/");
  if (!provider || !kind || !name || rest.length > 0) return undefined;
  const decoded = decodeSegment(name);
  return decoded === undefined ? undefined : { kind: `${provider}/${kind}`, name: decoded };
}

/** The decoded name in an address that trueup made itself. Any other text is a fault of the program: throws an `Error`. */
export function nameOf(address: Address): string {
  const parsed = parseAddress(address);
  if (!parsed) throw new Error(`not an address: ${address}`);
  return parsed.name;
}

/** The kind in an address: `render/service` of `render/service/api`. */
export function kindOf(address: Address): KindName {
  const [provider, kind] = address.split("/");
  return `${provider}/${kind}`;
}

/**
 * Compares two texts, for `sort`: by code unit, never by locale. Everything that is listed is sorted with it, so that
 * output is the same on every machine.
 */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A name as one segment of an address. Escaped is what would break an address apart, hide in a terminal or vanish in a
 * shell word. `@` and `:` stay as they are, because names like `web@2` are common and unambiguous within a segment.
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
