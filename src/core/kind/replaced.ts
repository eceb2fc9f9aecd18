import type { Desired } from "../model/desired.ts";
import type { Reader } from "./reader.ts";
import type { Found } from "../model/live.ts";

/** An object that another one is to take the place of, with every facet. `known`: what is declared, owned or referred to. */
export type Replaced = {
  readonly found: Found;
  readonly desired: Desired;
  readonly known: (address: string) => boolean;
};

/**
 * What such an object has that no call can give to the one that takes its place, and that the file does not give either, in words:
 * "the custom domain old.acme.dev".
 */
export type Losses = (reader: Reader, replaced: Replaced) => Promise<readonly string[]>;
