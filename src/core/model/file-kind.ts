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
  readonly shapes: readonly Shape[];
  readonly fields: FieldTable;
};
