import { getDomain } from "tldts";

/** The domain that Render makes along with another one: `www.example.com` with `example.com`, and the other way round (documented). `undefined` when there is none. */
export function twinOf(name: string): string | undefined {
  if (isApex(name)) return `www.${name}`;
  const rest = name.startsWith("www.") ? name.slice("www.".length) : "";
  return isApex(rest) ? rest : undefined;
}

/** Whether a name can be registered: one label below a public suffix, of a registry (`co.uk`) or of a company that sells names (`uk.com`). */
function isApex(name: string): boolean {
  return getDomain(name, { allowPrivateDomains: true }) === name;
}
