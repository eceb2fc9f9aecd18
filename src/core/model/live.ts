import type { Address, KindName } from "../base/address.ts";
import { isObject, type Json } from "../base/json.ts";
import { Secret } from "../base/secret.ts";

/**
 * A live field speaks the file's language: same names, same spellings as `Spec`. Values that may be secret (env vars,
 * file contents) are `Secret`s from the moment they are parsed.
 */
export type LiveValue = Json | Secret | { readonly [entry: string]: Json | Secret };
/** What an API showed of an object, by field; absent where it was not read or the API does not have it. */
export type LiveSpec = { readonly [field: string]: LiveValue | undefined };

/**
 * One object as an API showed it. `spec` holds the fields of the facets that were read; a field of an unread facet is
 * absent. `outputs` are public facts others may need (slug, url, port); secrets are fetched when asked for.
 */
export type Found = {
  /** What stands behind the collection's path: `srv-1`; of an object inside another one a path, `srv-1/custom-domains/cdm-2`. */
  readonly id: string;
  /** The natural key, as the API has it: for most kinds the name that people see. */
  readonly name: string;
  readonly spec: LiveSpec;
  readonly outputs: { readonly [name: string]: string };
  /** The parsed object, for writes that must send back what they do not change; never shown or stored. */
  readonly raw: { readonly [member: string]: unknown };
  /** Id of the environment that it is in; absent when it is in none. */
  readonly environmentId?: string;
  /** The API still lists it and says that it has ended (a revoked token). It is known by its id alone, never by its name. */
  readonly isEnded?: true;
  /** Name of another object of its kind that it comes and goes with: for `www.acme.dev`, which Render adds by itself, the apex. */
  readonly derivedFrom?: string;
};

/** One object as an API showed it, and the address that it belongs to. */
export type Live = {
  readonly address: Address;
  readonly kind: KindName;
  readonly found: Found;
  /** `inventory`: it has the id that is owned. `name`: it has the natural key, so managing it means adopting it. */
  readonly matchedBy: "inventory" | "name";
  /** It has taken the place of one that stepped aside, and the inventory does not know it yet. */
  readonly tookPlace?: true;
  /**
   * The object that an earlier run made in the place of this one. This one had stepped aside, and the file asks for it again:
   * so the other steps aside in turn, and is deleted.
   */
  readonly displaced?: Found;
  /** What it has that cannot be given to the one that replaces it, in words. Absent: nothing, or it was not looked for. */
  readonly losing?: readonly string[];
  /** What an earlier run made to take its place, and did not put there. */
  readonly newObject?: Found;
  /** By the key that lists them, the names of objects that stand in it and that no file has: domains of a service. Absent: none. */
  readonly notInFile?: { readonly [field: string]: readonly string[] };
};

/**
 * The secret that a live object has in a field, or in an entry of a field: `{ name: "envVars", entry: "TOKEN" }`. `undefined`
 * where the field was not read, where no API shows it, and where there is none.
 */
export function liveSecret(
  found: Found | undefined,
  { name, entry }: { readonly name: string; readonly entry?: string | undefined },
): Secret | undefined {
  const field = found?.spec[name];
  if (field instanceof Secret) return field;
  const value =
    isObject(field) && entry !== undefined && Object.hasOwn(field, entry) ? field[entry] : undefined;
  return value instanceof Secret ? value : undefined;
}
