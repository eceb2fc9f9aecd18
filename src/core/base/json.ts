/** Any JSON value. Plans, journals and reports are made of this and nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object, of any members. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is an object with members: `null` and arrays are none. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Levels of nesting that are accepted. A function that walks a value by calling itself does not run out of stack up to here. */
const deepest = 200;

/** Parses text as `JSON.parse` does. Throws a `SyntaxError` for what is no JSON, and for JSON that is nested too deep. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeep(text)) throw new SyntaxError(`JSON is nested deeper than ${deepest} levels`);
  return value;
}

/** Whether a text, which is known to be JSON, is nested too deep. Brackets inside of strings do not count. */
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
 * The canonical text of a JSON value: keys sorted, no spaces. Two values are the same exactly when these texts are;
 * comparisons and digests are made of it. Members that are `undefined` count as absent: `{ b: 1, a: undefined }` is
 * `{"b":1}`.
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

/** Whether two JSON values are equal. The order of members does not matter, the order of items does. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}
