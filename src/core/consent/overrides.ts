import type { Address } from "../base/address.ts";

/**
 * What a person gave this one run by flags, on top of the file. Globs are replaced by addresses. `Consents` answer refusals
 * (consent.ts) and are no part of the plan hash; `rewrites`, `gaps` and `exportTo` change the work and are.
 */
export type Overrides = Consents & {
  /** `--rewrite ADDRESS`: values that no API shows are sent again; an object whose value is shown once is made again. */
  readonly rewrites: readonly Address[];
  /** `--allow-gap ADDRESS`: the old one may be deleted before the new one is there. */
  readonly gaps: readonly Address[];
  /** The folder that data is exported to before it ends, as it is shown to people; `null` with `--no-export`. */
  readonly exportTo: string | null;
  /** `destroy`: everything that is selected is deleted, and the number of deletions needs no consent of its own. */
  readonly destroys: boolean;
};

type Consents = {
  /** `--allow-deletes N`: so many addresses may be deleted. */
  readonly allowDeletes?: number;
  /** `--allow-data-loss ADDRESS`: its data may end, it may be replaced, and it is not meant to be renamed. */
  readonly allowDataLoss: readonly Address[];
  /** `--allow-replace ADDRESS`: another object may take its place, with another id or after a gap. */
  readonly allowReplace: readonly Address[];
  /** Whether `--adopt` was given, where a run needs it; `null`: it does not, and adoptions are only shown. */
  readonly adopt: boolean | null;
  /** `--recreate-gone`: what is owned and not there any more is made again, however much of it is gone. */
  readonly recreateGone: boolean;
  /** `--allow-older`: an older commit may be applied over a newer one. */
  readonly allowOlder: boolean;
};
