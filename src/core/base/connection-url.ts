import { revealSecret, Secret } from "./secret.ts";

/** By scheme, how a connection string is spelled by rule: the scheme of its family, and the port that needs no word. */
const families: { readonly [scheme: string]: { readonly scheme: string; readonly port: string } } = {
  "postgres:": { scheme: "postgresql:", port: "5432" },
  "postgresql:": { scheme: "postgresql:", port: "5432" },
  "redis:": { scheme: "redis:", port: "6379" },
  "rediss:": { scheme: "rediss:", port: "6379" },
};

/**
 * A connection string in one of its spellings, so that two which lead to one database with one user are the same text; any other
 * secret as it is. What changes how a client connects (user, TLS, parameters) stays a difference.
 *
 *     postgres://app:pw@dpg-1-a:5432/shop     postgresql://app:pw@dpg-1-a:5432/shop
 *     postgresql://app:pw@dpg-1-a/shop/       postgresql://app:pw@dpg-1-a:5432/shop
 *     redis://red-1/0                         redis://red-1:6379/0
 *     redis://red-1:6379                      redis://red-1:6379/0
 */
export function plainConnection(secret: Secret): Secret {
  const url = readConnection(secret);
  const family = url && families[url.protocol];
  if (!url || !family) return secret;
  const isCache = family.port === "6379";
  const path = url.pathname.replace(/\/$/u, "");
  const user = isCache && url.username === "" && url.password !== "" ? "default" : url.username;
  const signIn = user === "" ? "" : `${plainPart(user)}:${plainPart(url.password)}@`;
  const database = isCache && path === "" ? "/0" : path;
  const port = url.port === "" ? family.port : url.port;
  return new Secret(
    `${family.scheme}//${signIn}${url.hostname.toLowerCase()}:${port}${database}${url.search}${url.hash}`,
  );
}

/** Which of some hosts a connection string leads to, inside their region or from outside; it has a host's name, or signs in with it. */
export function connectionTo(secret: Secret, hosts: readonly string[]): string | undefined {
  const url = readConnection(secret);
  if (!url) return undefined;
  const [first = ""] = url.hostname.toLowerCase().split(".");
  return hosts.find((host) => host === first || host === url.username);
}

function readConnection(secret: Secret): URL | undefined {
  const text = revealSecret(secret);
  const scheme = /^[a-z]+:(?=\/\/)/u.exec(text)?.[0];
  if (scheme === undefined || !Object.hasOwn(families, scheme)) return undefined;
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** User and password in one of their spellings: `%2D` is a dash. */
function plainPart(text: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(text));
  } catch {
    return text;
  }
}
