import type { KindName } from "../../core/base/address.ts";
import type { Lifecycle } from "../../core/model/desired.ts";
import type { Shape } from "../../core/model/field.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import type { Value } from "../../core/model/value.ts";
import type { Place } from "./source.ts";

/**
 * A block that was read, before its references are resolved. A reference may lead into any file, so it can be
 * resolved only when all files are read.
 */
export type Draft = {
  readonly kind: FileKind;
  readonly shape: Shape;
  readonly name: string;
  /** The place of the block's name; of the block itself when it has none. */
  readonly place: Place;
  /**
   * The environment that the block stands in. `null`: it is to be in none. Absent: the file does not say, so
   * membership is left alone.
   */
  readonly environment?: EnvironmentName | null;
  /** The block that this one stands inside: the service of a disk or a domain, the project of an environment. */
  readonly host?: Host;
  readonly fields: ReadonlyMap<string, DraftField>;
  readonly places: ReadonlyMap<string, Place>;
  /** Resources that fields refer to by name: registry credentials, environments. */
  readonly named: readonly NamedResource[];
  readonly lifecycle: Lifecycle;
  readonly unmanaged: readonly Unmanaged[];
};

/** The block that another one stands inside, and the environment that it stands in itself. */
export type Host = {
  readonly kind: FileKind;
  readonly name: string;
  readonly environment?: EnvironmentName | null;
};

/** A resource that a field refers to by its name. */
export type NamedResource = { readonly kind: KindName; readonly name: string; readonly place: Place };

/**
 * A part of a block that trueup understands and does not act on. `whole`: because of it, trueup does not act on the
 * rest of the block either.
 */
export type Unmanaged = { readonly whole: boolean; readonly reason: string; readonly place: Place };

/** An environment as the file names it: by its project and its own name. */
export type EnvironmentName = { readonly project: string; readonly environment: string };

/** The content of one field, before its references are resolved. */
export type DraftField =
  | { readonly is: "json"; readonly value: Json }
  | { readonly is: "entries"; readonly entries: ReadonlyMap<string, Json> }
  | { readonly is: "value"; readonly source: ValueSource }
  | { readonly is: "items"; readonly items: readonly Json[]; readonly addresses: ItemAddresses }
  | { readonly is: "values"; readonly entries: ReadonlyMap<string, ValueSource> }
  | { readonly is: "object"; readonly value: JsonObject; readonly members: ReadonlyMap<string, ValueSource> }
  | { readonly is: "groups"; readonly groups: ReadonlyMap<string, Place> };

/** The member of items that holds an address, and the addresses of other services by their item. */
type ItemAddresses = { readonly member: string; readonly of: ReadonlyMap<number, Reference> };

/** A value as the file has it: known at once, or a reference that waits for all files to be read. */
export type ValueSource =
  | { readonly form: "value"; readonly value: Value; readonly place: Place }
  | Reference;

/** A reference to a property or a variable of another resource: `fromDatabase`, `fromService` and their like. */
export type Reference =
  | { readonly form: "database"; readonly name: string; readonly property: string; readonly place: Place }
  | {
      readonly form: "service";
      readonly type: string;
      readonly name: string;
      /** `address`: the output that is its public address, with a path behind it; "" for none. */
      readonly wants:
        | { readonly property: string }
        | { readonly envVarKey: string }
        | { readonly address: string; readonly path: string };
      readonly place: Place;
    }
  | {
      readonly form: "webhook" | "rendercad-webhook" | "rendercad-token";
      readonly name: string;
      readonly property: string;
      readonly place: Place;
    };

/** What a block says in a field; `undefined` where it says nothing, and where its kind has no such field. */
export function fieldNamed(draft: Draft, field: string | undefined): DraftField | undefined {
  return field === undefined ? undefined : draft.fields.get(field);
}

/** The variables of a block; `undefined` where it has none. */
export function variablesField(draft: Draft): DraftField | undefined {
  return fieldNamed(draft, draft.kind.variables);
}

/** The links of a block to env groups; `undefined` where it has none. */
export function linksField(draft: Draft): DraftField | undefined {
  return fieldNamed(draft, draft.kind.links);
}
