import type { Address, KindName } from "../base/address.ts";
import type { Desired } from "../model/desired.ts";
import type { Found } from "../model/live.ts";
import type { Declarations } from "./scope.ts";

/**
 * How a resource of a kind hangs on resources of other kinds. Six relations, and each answers one question:
 *
 *     relation        the question                                       a disk says        an environment says
 *     partOf          what does it stand in, and go with when it goes?   its service
 *     createdWith     whose creation makes it as well, in one call?      its service        its project
 *     deployedWith    in whose next deploy does a change take effect?    its service
 *     conflictsWith   which fields there rule it out?                    `numInstances`
 *     contains        what must leave before it can be deleted?                             its services
 *     namedAfter      whose name is its own name made from?              its service        its project
 *
 * A kind that says nothing here stands alone. What a value of the file refers to is no relation: that is a need, and every
 * kind has those by its values.
 */
export type Relations = {
  /** The resource that this one stands in, and with which it is deleted: the service of a disk or a domain. */
  readonly partOf?: (desired: Desired) => Address;
  /** The resource whose creation makes this one as well, in one call, when both are new; `undefined`: none. */
  readonly createdWith?: (desired: Desired, declared: Declarations) => Address | undefined;
  /** The resource in whose next deploy a creation, change or deletion takes effect; `name` is the name of the one changed. */
  readonly deployedWith?: (name: string) => Address;
  /**
   * Fields of the resource that `deployedWith` names, some values of which the API refuses beside this one: a service with
   * a disk cannot have two instances. So they are written before this one is made, and after it is deleted.
   */
  readonly conflictsWith?: readonly string[];
  /** Ids of what is in a live object: it can be deleted only when all of that is deleted or has left. */
  readonly contains?: (found: Found) => readonly string[];
  /**
   * The kind whose names are part of this one's names, and the name `own` once such a resource is renamed; `undefined` where
   * that resource has nothing to do with it.
   */
  readonly namedAfter?: {
    readonly kind: KindName;
    readonly rename: (own: string, from: string, to: string) => string | undefined;
  };
};
