import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import type { Declarations } from "./scope.ts";
import type { Live } from "../model/live.ts";
import type { Where } from "../base/problem.ts";

/** What a reason not to write may look at besides the resource itself. */
export type Around = {
  readonly declared: Declarations;
  readonly live: ReadonlyMap<Address, Live>;
  readonly changes: readonly ResourceChange[];
};

/** A reason not to write; `where`: not at the block, but at this place of it. */
export type Refusal = {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly where?: Where | undefined;
};
