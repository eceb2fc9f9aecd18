/**
 * Registries that sell names below a second label; the full list is thousands of lines long and changes weekly. A name that
 * is taken for no apex although it is one costs nothing but a second run.
 */
const secondLabels = new Set(["ac", "co", "com", "edu", "gov", "gob", "ne", "net", "or", "org"]);

/** Render makes the `www` of an apex beside it, and the apex of a `www` (documented). `undefined`: the name has no twin. */
export function twinOf(name: string): string | undefined {
  if (isApex(name)) return `www.${name}`;
  const rest = name.startsWith("www.") ? name.slice("www.".length) : "";
  return isApex(rest) ? rest : undefined;
}

function isApex(name: string): boolean {
  const labels = name.split(".");
  const [second = "", last = ""] = labels.slice(-2);
  const isLong = last.length === 2 && secondLabels.has(second);
  return labels.length === (isLong ? 3 : 2);
}
