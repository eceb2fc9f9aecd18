/** Any JSON value. Plans, journals and reports are made of this and nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deeper than anything that is meant; whatever walks a value by calling itself is safe up to here. */
const deepest = 200;

/** As `JSON.parse`, and throws a `SyntaxError` as well for what is nested deeper than anything that is meant. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeep(text)) throw new SyntaxError(`JSON is nested deeper than ${deepest} levels`);
  return value;
}

/** Of a text that is JSON. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

/**
 * The one text of a JSON value: keys sorted, no spaces. Equality and digests stand on it, so two values are the same
 * exactly when their canonical texts are. Members that are `undefined` count as absent.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(",")}}`;
}

export function sameJson(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}
