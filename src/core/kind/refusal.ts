import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import type { Declarations, Scope } from "./scope.ts";
import type { Found, Live } from "../model/live.ts";
import type { Where } from "../base/problem.ts";

/** What a kind may look at beside the resource itself, when it says why a write would be refused. */
export type Around = {
  /** All blocks of the files, by address. */
  readonly declared: Declarations;
  /** The live object of each address that has one. */
  readonly live: ReadonlyMap<Address, Live>;
  /** All changes of the plan, its own among them. */
  readonly changes: readonly ResourceChange[];
  readonly scope: Scope;
  /** What the file refers to and does not declare. */
  readonly targets?: ReadonlyMap<Address, Found>;
};

/** The surroundings that guards and steps hand to a kind. */
export function aroundOf({
  desired: declared,
  live,
  changes,
  scope,
  targets,
}: Omit<Around, "declared"> & { readonly desired: Declarations }): Around {
  return { declared, live, changes, scope, ...(targets && { targets }) };
}

/** A reason not to write, with the parts of a problem. `where`: the place in the block; absent: the block itself. */
export type Refusal = {
  /** With an entry in docs/problems.md. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly where?: Where | undefined;
};
