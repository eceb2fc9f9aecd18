import type { Address } from "../base/address.ts";

/**
 * What the person at the keyboard gave this one run, on top of the file. Globs are addresses by now. The first group
 * answers refusals (consent.ts) and is no part of the plan hash; the second changes the work, and is.
 */
export type Overrides = Consents & {
  /** `--rewrite ADDRESS`: its values are sent again whatever they are, or made again where they are shown once. */
  readonly rewrites: readonly Address[];
  /** `--allow-gap ADDRESS`: the former one may go before the new one is there. */
  readonly gaps: readonly Address[];
  /** The folder that a database is exported to before it ends, as people know it; `null` with `--no-export`. */
  readonly exportTo: string | null;
  /** `destroy`: everything that is selected goes, and the number of addresses is agreed to by itself. */
  readonly destroys: boolean;
};

type Consents = {
  /** `--allow-deletes N`: that many deleted addresses are agreed to. */
  readonly allowDeletes?: number;
  /** `--allow-data-loss ADDRESS`: what it holds may end; it may be replaced, and is no rename. */
  readonly allowDataLoss: readonly Address[];
  /** `--allow-replace ADDRESS`: another one may take its place, under another id or after a gap. */
  readonly allowReplace: readonly Address[];
  /** `null`: nothing was declared to run without a person, so adopting only shows; else whether `--adopt` was given. */
  readonly adopt: boolean | null;
  /** `--recreate-gone`: what is owned and not there any more is made again, however much of it is gone. */
  readonly recreateGone: boolean;
  /** `--allow-older`: an older commit may be applied over a newer one. */
  readonly allowOlder: boolean;
};
