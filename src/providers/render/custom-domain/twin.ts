import { getDomain } from "tldts";

/** Render makes the `www` of an apex beside it, and the apex of a `www` (documented). `undefined`: the name has no twin. */
export function twinOf(name: string): string | undefined {
  if (isApex(name)) return `www.${name}`;
  const rest = name.startsWith("www.") ? name.slice("www.".length) : "";
  return isApex(rest) ? rest : undefined;
}

/** What somebody can own: one label below a public suffix, be it a registry's (`co.uk`) or a company's that sells names (`uk.com`). */
function isApex(name: string): boolean {
  return getDomain(name, { allowPrivateDomains: true }) === name;
}
