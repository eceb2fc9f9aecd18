import { makeGlobs, type Glob } from "../../core/base/glob.ts";
import type { Json } from "../../core/base/json.ts";

/**
 * Globs over names of variables, from `settings.secretKeys` and `settings.publicKeys` of the file. They win over the
 * built-in rules below.
 */
export type Secrecy = { readonly secretKeys: Glob; readonly publicKeys: Glob };

const builtInSecretKeys = makeGlobs(
  [
    "*SECRET*",
    "*TOKEN*",
    "*PASSWORD*",
    "*PASSWD*",
    "*_PASS",
    "*_PWD",
    "*PASSPHRASE*",
    "*PRIVATE*",
    "*CREDENTIAL*",
    "*_KEY",
    "*APIKEY*",
    "*API_KEY*",
    "*_KEY_BASE",
    "*_SALT",
    "*ENCRYPTION_KEY*",
    "*_DSN",
  ],
  { ignoreCase: true },
);

/** Names of variables that are public: read by everybody, or built into pages that anybody can open. */
const builtInPublicKeys = makeGlobs(
  [
    "*PUBLIC_KEY*",
    "*PUBLISHABLE*",
    "NEXT_PUBLIC_*",
    "VITE_*",
    "REACT_APP_*",
    "PUBLIC_*",
    "NUXT_PUBLIC_*",
    "*_KEY_ID",
    "*_TOKEN_URL",
    "*_TOKEN_URI",
    "*TOKEN_LIMIT",
    "*_PATH",
    "*_FILE",
    "*_DIR",
    "*_NAME",
    "*_VERSION",
    "*_HOST",
    "*_PORT",
    "*_PROVIDER",
    "*_PROVIDERS",
    "*_TRANSPORT",
    "*_URL",
    "*_URI",
  ],
  { ignoreCase: true },
);

/** Names of variables that hold an amount of something, as ACCESS_TOKEN_EXPIRE_MINUTES does, and no secret. */
const amountKey =
  /(EXPIR|TTL|LIFETIME|MAX|MIN|LIMIT|LENGTH|SIZE|COUNT|SECONDS|MINUTES|HOURS|DAYS|ROUNDS|ALGORITHM|ISSUER|TYPE|ENABLED|REQUIRED)/i;

const tokenShapes = [
  /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/,
  /\bglpat-[A-Za-z0-9_-]{15,}/,
  /\brnd_[A-Za-z0-9]{16,}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\bAKIA[A-Z0-9]{16}\b/,
  /\bAIza[A-Za-z0-9_-]{30,}/,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  /\bwhsec_[A-Za-z0-9+/=]{16,}/,
  /\bnpm_[A-Za-z0-9]{30,}/,
  /\bhf_[A-Za-z0-9]{20,}/,
  /(?<![\w-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/,
  /\bhooks\.slack\.com\/services\/\w+\/\w+/,
  /\bdiscord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]+/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];
const anyTokenShape = new RegExp(tokenShapes.map((shape) => shape.source).join("|"));
/** The shortest text that can have the shape of a token. */
const shortestToken = 15;
const urlCredentials = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,200}:[^\s/@]{1,500}@/i;
const allTokenShapes = new RegExp(
  [...tokenShapes, urlCredentials].map((shape) => shape.source).join("|"),
  "gi",
);

/** The rules for names, with the globs of the file. */
export function makeSecrecy(secretKeys: readonly string[], publicKeys: readonly string[]): Secrecy {
  return {
    secretKeys: makeGlobs(secretKeys, { ignoreCase: true }),
    publicKeys: makeGlobs(publicKeys, { ignoreCase: true }),
  };
}

/** Why a literal looks like a secret, in words that follow "looks like a secret:". `undefined`: it does not. */
export function findSecrecy(key: string, text: string, secrecy: Secrecy): string | undefined {
  if (text.trim().length <= 1) return undefined;
  if (secrecy.publicKeys(key)) return undefined;
  if (secrecy.secretKeys(key)) return "`settings.secretKeys` names it";
  if (/^(true|false|yes|no|on|off|null|none|auto)$/i.test(text)) return undefined;
  if (/^\$\{?\w+\}?$/.test(text)) return undefined;
  if (text.length >= shortestToken && anyTokenShape.test(text)) return "it has the form of a token or a key";
  if (hasUrlCredentials(text)) return "the URL carries a password";
  if (builtInPublicKeys(key)) return undefined;
  if (builtInSecretKeys(key) && !(amountKey.test(key) && /^[\w .-]{1,12}$/.test(text))) {
    return "its name says so";
  }
  return isRandom(text) ? "it is a long random text" : undefined;
}

/**
 * A text with everything masked that has the shape of a secret. It is for code frames, after the values are masked: a
 * secret can also stand in a comment or in stray text.
 */
export function maskSecretShapes(text: string, mask: string): string {
  return text
    .replaceAll(allTokenShapes, mask)
    .replaceAll(/[A-Za-z0-9+_-]{32,}={0,2}/g, (word) => (isRandom(word) ? mask : word));
}

/** The globs of a list under `settings`, which was validated before. */
export function globsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function hasUrlCredentials(text: string): boolean {
  const match = text.includes("://") ? urlCredentials.exec(text) : null;
  // `user:${PASSWORD}@` is literal text on Render and holds no password.
  return match !== null && !/:\$\{?\w+\}?@$/.test(match[0]);
}

/**
 * Whether a text looks random, as keys and hashes do: it is long, has no spaces and uses its letters evenly. Words,
 * paths and identifiers do not.
 */
function isRandom(text: string): boolean {
  if (text.length < 24 || !/^[A-Za-z0-9+/_=-]+$/.test(text)) return false;
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)) return false;
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= 32 && entropyOf(text) > 3;
  return (
    /[0-9]/.test(text) &&
    /[a-z]/.test(text) &&
    /[A-Z]/.test(text) &&
    !/[-_/][A-Za-z]{3,}[-_/]/.test(text) &&
    entropyOf(text) > 3.9
  );
}

/** The Shannon entropy of a text, in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
