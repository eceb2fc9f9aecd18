import type { Address } from "../base/address.ts";
import type { Millis } from "../model/budget.ts";
import type { FileId } from "../model/file-identity.ts";
import type { Asked, Former } from "../model/inventory.ts";
import type { StepId } from "../model/plan.ts";

/**
 * The facts about a call that are known only right before it is sent, and must be known after a crash: by them the next run
 * tells whether the call was done. A step hands them over (`engine/memory/perform-input.ts`), the journal keeps them, and
 * `pending.ts` reads them.
 *
 *   deploy   { after: "dep-7" }                          a deploy that is newer than dep-7 is this one
 *   create   { besides: ["tok-1"], file: "trueup.yaml" }  another token of that name than tok-1 is this one
 */
export type IntentFacts = {
  /** Of a deploy or a job: id of the newest one before it (`null`: there was none); a newer one is this one. */
  readonly after?: string | null;
  /** Of a create: the name of what is made to take the place of one that is still there. */
  readonly successor?: string;
  /** Of a create: ids of the objects that had the same natural key before it; none of them is this one. */
  readonly besides?: readonly string[];
  /** Of a create: the new object is to be protected. */
  readonly protect?: true;
  /** Of a create: the file that declares it. */
  readonly file?: FileId;
  /** Of a create: digests of what it asks for in fields that cannot change in place, by field key. */
  readonly asks?: Asked;
  /** Of an aside: the object that gives its name away, and the name that it gets. Of a deletion: the object meant is that one. */
  readonly former?: Former;
};

/** What an intent says of its call: the facts, the step, and the work that has to follow. `at`: milliseconds since 1970. */
export type Announced = IntentFacts & {
  readonly at: Millis;
  readonly verb: string;
  readonly step: StepId;
  readonly address: Address;
  /** Services in whose next deploy it takes effect: these deploys are due from now on. */
  readonly takesEffectIn?: readonly Address[];
  /** Of a create: the first deploy lacks variables and is to be cancelled. */
  readonly incomplete?: true;
};
