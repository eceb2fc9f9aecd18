import type { KindName } from "../base/address.ts";
import type { FieldTable, Rule, Shape } from "./field.ts";

/** The part of a kind that the file stage needs. `managed: false`: its blocks are understood, and reported as not managed yet. */
export type FileKind = {
  readonly name: KindName;
  /** What people call one of it: "service", "env group". */
  readonly noun: string;
  readonly managed: boolean;
  /** Why a resource of this kind cannot get another name, in words; absent where it can. */
  readonly fixedName?: string;
  /** One name may stand in several environments, and the address then says in which (product page, section 7). */
  readonly perEnvironment?: true;
  /** Checks of a whole block that no schema of one field can say. */
  readonly rules?: readonly Rule[];
  /** How many objects of it an account can have at most, where the API says so. */
  readonly most?: number;
  /** Fields of which no two blocks can have the same value: by these the API knows an object that has no name there. */
  readonly distinct?: readonly string[];
  /** Variables that Render itself sets, from facts of the live object. `envVarKey` may name them. */
  readonly ownVariables?: readonly string[];
  /**
   * The field whose entries are variables: what its deploys run with, and what others refer to by key. Rooms outside the
   * providers know these fields by `variables`, `links` and `replicas`, never by the name that a kind gives them.
   */
  readonly variables?: string;
  /** The field whose entries are addresses of what lends it its variables: the env groups of a service. */
  readonly links?: string;
  /** The field that lists its replicas, each with a name and outputs of its own: `[{name: "ro"}]`. */
  readonly replicas?: string;
  /**
   * Values of this kind cannot come from another resource: Render refuses references in env groups (its Blueprint
   * schema).
   */
  readonly takesNoReferences?: true;
  /** Other resources stand in it, and it tells equal names of theirs apart: an environment. */
  readonly encloses?: true;
  /** The forms that a block of it can have; at least one. */
  readonly shapes: readonly Shape[];
  readonly fields: FieldTable;
};
