import type { Address } from "../base/address.ts";
import type { Millis } from "../model/budget.ts";
import type { FileId } from "../model/file-identity.ts";
import type { Former } from "../model/inventory.ts";
import type { StepId } from "../model/plan.ts";

/**
 * What is known of a call only right before it is sent, and has to be known after a crash. A step hands it over
 * (`engine/memory/announce.ts`), the journal keeps it, and `pending.ts` reads it: said here once for all three.
 *
 *   deploy   { after: "dep-7" }                          a deploy that is newer than dep-7 is this one
 *   create   { besides: ["tok-1"], file: "trueup.yaml" }  another token of that name than tok-1 is this one
 */
export type IntentFacts = {
  /** Of a deploy or a job: id of the newest one before it, `null` without any: a newer one is this one. */
  readonly after?: string | null;
  /** Of a create: the name of what is made to take the place of one that is still there. */
  readonly successor?: string;
  /** Of a create: ids of what had the same natural key before it. */
  readonly besides?: readonly string[];
  /** Of a create: what it makes is to be protected. */
  readonly protect?: true;
  /** Of a create: the file that declares it. */
  readonly file?: FileId;
  /** Of an aside: what gives its name away, and the name that it gets. Of a deletion: that it means the one that did. */
  readonly former?: Former;
};

/** What an intent says of the work that hangs on its call: its facts, and what its step says. */
export type Announced = IntentFacts & {
  readonly at: Millis;
  readonly verb: string;
  readonly step: StepId;
  readonly address: Address;
  /** Services whose next deploy it takes effect in: due from now on. */
  readonly takesEffectIn?: readonly Address[];
  /** Of a create: its first deploy lacks variables and is to be cancelled. */
  readonly incomplete?: true;
};
