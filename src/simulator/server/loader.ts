import { kindOf, type Address, type KindName } from "../../core/base/address.ts";
import type { Desired, DesiredState, SpecValue } from "../../core/model/desired.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import { revealSecret, Secret } from "../../core/base/secret.ts";
import type { Value } from "../../core/model/value.ts";
import type { Workspace } from "../base/account.ts";
import { generateSecretText } from "../base/random.ts";
import type { World } from "../base/world.ts";

/** One load: the resources of a file become rows of one workspace. */
export type Loading = {
  readonly world: World;
  readonly workspace: Workspace;
  readonly loaders: readonly Loader[];
  /** The ids of the rows that were made so far. */
  readonly ids: Map<Address, string>;
  /**
   * Wires a resource that the value of another one refers to. One that is being wired already is left: the values go
   * in a circle.
   */
  settle(address: Address): void;
};

/**
 * How a block of one kind becomes rows. It is the simulator's own and made from the evidence. So the account after an
 * apply can be compared with that after a load, and a fault of a provider shows.
 */
export type Loader = {
  readonly kind: KindName;
  /** Makes the row and notes its id in `loading.ids`. The rows of all loaders before this one exist. */
  load(desired: Desired, loading: Loading): void;
  /** Called when every row exists: makes links, and values that need no other value. */
  prepare?(desired: Desired, loading: Loading): void;
  /** Called when every row is prepared: makes values that are taken from others, which may be taken from others in turn. */
  wire?(desired: Desired, loading: Loading): void;
  /** An output of the row of an id that values refer to. */
  output?(id: string, output: string, world: World): string | undefined;
};

/**
 * Loads the resources of one file into one workspace: the rows of every kind in the order of `loaders`, then all the
 * wiring.
 */
export function loadState(
  state: DesiredState,
  into: { world: World; workspace: Workspace; loaders: readonly Loader[] },
): void {
  const known = new Map(state.resources.map((desired) => [desired.address, desired]));
  const wired = new Set<Address>();
  const loading: Loading = {
    ...into,
    ids: new Map<Address, string>(),
    settle(address) {
      const desired = known.get(address);
      if (!desired || wired.has(address)) return;
      wired.add(address);
      loaderOf(desired.kind, into.loaders)?.wire?.(desired, loading);
    },
  };
  for (const loader of into.loaders) {
    for (const desired of state.resources) if (desired.kind === loader.kind) loader.load(desired, loading);
  }
  for (const desired of known.values()) loaderOf(desired.kind, into.loaders)?.prepare?.(desired, loading);
  for (const address of known.keys()) loading.settle(address);
}

function loaderOf(kind: KindName, loaders: readonly Loader[]): Loader | undefined {
  return loaders.find((loader) => loader.kind === kind);
}

/**
 * The text that a value has in the loaded account. `undefined` for a `sync: false` value, which was not given yet. A
 * value from outside the file is a text that names its source.
 */
function valueText(value: Value, loading: Loading): string | undefined {
  switch (value.from) {
    case "literal":
      return value.text;
    case "secret-literal":
      return revealSecret(value.secret);
    case "output": {
      const text = outputText(value.of, value.output, loading);
      return text === undefined ? undefined : `${text}${value.path ?? ""}`;
    }
    case "environment":
      return `value of ${value.variable}`;
    case "file":
      return `content of ${value.path}`;
    case "generated":
      return generateSecretText(loading.world.random);
    case "asked":
      return undefined;
    default:
      return value satisfies never;
  }
}

function outputText(of: Address, output: string, loading: Loading): string | undefined {
  loading.settle(of);
  const id = loading.ids.get(of);
  if (id === undefined) return undefined;
  return loaderOf(kindOf(of), loading.loaders)?.output?.(id, output, loading.world);
}

/** Whether a field of a spec is a `Value`: other JSON objects have no `from`. */
export function isValue(value: unknown): value is Value {
  if (!isObject(value)) return false;
  return value["from"] === "secret-literal"
    ? value["secret"] instanceof Secret
    : typeof value["from"] === "string";
}

/** A field of a spec as JSON; a value is its literal text. */
export function jsonOf(value: SpecValue | undefined): Json | undefined {
  if (isValue(value)) return value.from === "literal" ? value.text : undefined;
  // Anything else is JSON by the type of a spec, in which only values hold objects of other sorts.
  return value as Json | undefined;
}

/** Whether a value is the output of another resource. */
export function isTaken(value: Value): boolean {
  return value.from === "output";
}

/** The text of each entry in a map of values, in order. Entries whose value was not given are left out. */
export function entryTexts(
  field: SpecValue | undefined,
  loading: Loading,
  isWanted: (value: Value) => boolean = () => true,
): readonly (readonly [string, string])[] {
  if (!isObject(field) || isValue(field)) return [];
  return Object.entries(field).flatMap(([entry, value]) => {
    const text = isValue(value) && isWanted(value) ? valueText(value, loading) : undefined;
    return text === undefined ? [] : [[entry, text] as const];
  });
}

/** The text of a field, which is literal or a value; empty when there is none. */
export function textOf(field: unknown, loading: Loading): string {
  if (typeof field === "string") return field;
  return isValue(field) ? (valueText(field, loading) ?? "") : "";
}
