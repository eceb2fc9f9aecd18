import type { Desired } from "../model/desired.ts";
import type { Reader } from "./reader.ts";
import type { Found } from "../model/live.ts";

/** An object that is to be replaced, every facet read. `known` tells whether an address is declared, owned or referred to. */
export type Replaced = {
  readonly found: Found;
  readonly desired: Desired;
  readonly known: (address: string) => boolean;
};

/**
 * Lists, in words, what is lost with a replaced object: what no call can give to the new one and the file does not give
 * either, such as "the custom domain old.acme.dev".
 */
export type Losses = (reader: Reader, replaced: Replaced) => Promise<readonly string[]>;
