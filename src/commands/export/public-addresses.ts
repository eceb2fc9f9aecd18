import type { Address } from "../../core/base/address.ts";
import type { Value } from "../../core/model/value.ts";
import { addressVariable } from "../../file/base/reference-forms.ts";
import type { Addressed } from "./export-outputs.ts";

/** The services that everybody can open, by their public address. */
export type PublicAddresses = ReadonlyMap<string, Address>;

/** Finds them among the objects of an account. */
export function listAddresses(objects: readonly Addressed[]): PublicAddresses {
  return new Map(
    objects.flatMap(({ found, address }) => {
      const text = found.outputs[addressVariable];
      return typeof text === "string" ? [[text, address] as const] : [];
    }),
  );
}

/**
 * The service that a public text leads to: the destination of a route, the value of a header.
 *
 *     https://api-8x2k.onrender.com/*     RENDER_EXTERNAL_URL of api, and the path /*
 *     https://api-8x2k.onrender.com.evil  none
 */
export function findAddress(
  addresses: PublicAddresses,
  text: string,
): Extract<Value, { from: "output" }> | undefined {
  const [start = "", path = ""] = /^(https:\/\/[^/?#]+)(.*)$/su.exec(text)?.slice(1) ?? [];
  const of = addresses.get(start);
  return of && { from: "output", of, output: addressVariable, ...(path !== "" && { path }) };
}
