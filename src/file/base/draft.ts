import type { KindName } from "../../core/base/address.ts";
import type { Lifecycle } from "../../core/model/desired.ts";
import type { Shape } from "../../core/model/field.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import type { Value } from "../../core/model/value.ts";
import type { Place } from "./source.ts";

/**
 * A block that was read but whose references are not resolved yet: they can point into any file, so nobody knows their
 * targets before everything is read.
 */
export type Draft = {
  readonly kind: FileKind;
  readonly shape: Shape;
  readonly name: string;
  /** Where the block's name stands, or the block when it has none. */
  readonly place: Place;
  /** `null`: taken out of its environment; absent: membership is not ours. */
  readonly environment?: EnvironmentName | null;
  /** The service a disk or a domain stands in, the project of an environment. */
  readonly owner?: { readonly kind: FileKind; readonly name: string };
  readonly fields: ReadonlyMap<string, DraftField>;
  readonly places: ReadonlyMap<string, Place>;
  /** Resources that fields name: registry credentials, environments. */
  readonly named: readonly NamedResource[];
  readonly lifecycle: Lifecycle;
  readonly unmanaged: readonly Unmanaged[];
};

export type NamedResource = { readonly kind: KindName; readonly name: string; readonly place: Place };

/** A part that trueup understands and does not act on yet; `whole`: because of it, not on the block either. */
export type Unmanaged = { readonly whole: boolean; readonly reason: string; readonly place: Place };

export type EnvironmentName = { readonly project: string; readonly environment: string };

export type DraftField =
  | { readonly is: "json"; readonly value: Json }
  | { readonly is: "entries"; readonly entries: ReadonlyMap<string, Json> }
  | { readonly is: "value"; readonly source: ValueSource }
  | { readonly is: "values"; readonly entries: ReadonlyMap<string, ValueSource> }
  | { readonly is: "object"; readonly value: JsonObject; readonly members: ReadonlyMap<string, ValueSource> }
  | { readonly is: "groups"; readonly groups: ReadonlyMap<string, Place> };

/** A value as written: known at once, or a reference that waits for all files to be read. */
export type ValueSource =
  | { readonly form: "value"; readonly value: Value; readonly place: Place }
  | Reference;

export type Reference =
  | { readonly form: "database"; readonly name: string; readonly property: string; readonly place: Place }
  | {
      readonly form: "service";
      readonly type: string;
      readonly name: string;
      readonly wants: { readonly property: string } | { readonly envVarKey: string };
      readonly place: Place;
    }
  | {
      readonly form: "webhook" | "rendercad-webhook" | "rendercad-token";
      readonly name: string;
      readonly property: string;
      readonly place: Place;
    };

/** What the block says in the field of that name; `undefined` too where the kind has no such field. */
export function fieldNamed(draft: Draft, field: string | undefined): DraftField | undefined {
  return field === undefined ? undefined : draft.fields.get(field);
}

export function variablesField(draft: Draft): DraftField | undefined {
  return fieldNamed(draft, draft.kind.variables);
}

export function linksField(draft: Draft): DraftField | undefined {
  return fieldNamed(draft, draft.kind.links);
}
