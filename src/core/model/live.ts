import type { Address, KindName } from "../base/address.ts";
import type { Json } from "../base/json.ts";
import type { Secret } from "../base/secret.ts";

/**
 * A live field speaks the file's language: same names, same spellings as `Spec`. Values that may be secret (env vars,
 * file contents) are `Secret`s from the moment they are parsed.
 */
export type LiveValue = Json | Secret | { readonly [entry: string]: Json | Secret };
export type LiveSpec = { readonly [field: string]: LiveValue | undefined };

/**
 * One object as an API showed it. `spec` holds the fields of the facets that were read; a field of an unread facet is
 * absent. `outputs` are public facts others may need (slug, url, port); secrets are fetched when asked for.
 */
export type Found = {
  readonly id: string;
  readonly name: string;
  readonly spec: LiveSpec;
  readonly outputs: { readonly [name: string]: string };
  /** The parsed object, for writes that must send back what they do not change; never shown or stored. */
  readonly raw: { readonly [member: string]: unknown };
  /** Id of the environment it is in; absent when in none. */
  readonly environmentId?: string;
  /** The API lists it and says that it has ended (a revoked token): known by its id alone, never by its name. */
  readonly isEnded?: true;
  /** Name of the object of its kind that it comes and goes with: the apex of the `www` that Render adds by itself. */
  readonly derivedFrom?: string;
};

export type Live = {
  readonly address: Address;
  readonly kind: KindName;
  readonly found: Found;
  /** `inventory`: matched by the id we own; `name`: by natural key, so managing it means adopting it. */
  readonly matchedBy: "inventory" | "name";
  /** It has the place of one that stepped aside, and the inventory has not heard of it. */
  readonly tookPlace?: true;
  /** It had stepped aside, and the file asks for it again: what an ended run made in its place steps aside in turn, and goes. */
  readonly displaced?: Found;
  /** Of a replacement: what nobody can give to the one that takes its place. Absent: nothing, or nobody looked. */
  readonly losing?: readonly string[];
  /** What an earlier run made to take its place, and did not put there. */
  readonly successor?: Found;
};
