import type { KindName } from "../base/address.ts";
import type { FieldTable, Rule, Shape } from "./field.ts";

/** The part of a kind that the file stage needs. `managed: false`: understood, and reported as not managed yet. */
export type FileKind = {
  readonly name: KindName;
  /** For people: "service", "env group". */
  readonly noun: string;
  readonly managed: boolean;
  /** Why an address of this kind cannot become another one, in words; absent where its name can change. */
  readonly fixedName?: string;
  /** One name may stand in several environments; its address then says which (product page, section 7). */
  readonly perEnvironment?: true;
  readonly rules?: readonly Rule[];
  /** Most objects an account can have, where the API says so. */
  readonly most?: number;
  /** Fields whose value no two blocks can share: what the API knows an object by that has no name there. */
  readonly distinct?: readonly string[];
  /** Variables that Render itself sets and that follow from the live object: `envVarKey` may name them. */
  readonly ownVariables?: readonly string[];
  /**
   * The field whose entries are variables: what its deploys run with, and what others refer to by key. Rooms outside the
   * providers know these fields by `variables`, `links` and `replicas`, never by the name that a kind gives them.
   */
  readonly variables?: string;
  /** The field whose entries are addresses of what lends it its variables: the env groups of a service. */
  readonly links?: string;
  /** The field that lists what is part of it, under a name and with outputs of its own: `[{name: "ro"}]`. */
  readonly replicas?: string;
  /** No value of it can be taken from another resource: Render refuses references in env groups (its Blueprint schema). */
  readonly takesNoReferences?: true;
  /** Other resources stand in it, and equal names are told apart by it: an environment. */
  readonly encloses?: true;
  readonly shapes: readonly Shape[];
  readonly fields: FieldTable;
};
