import { kindOf, type Address, type KindName } from "../../core/base/address.ts";
import type { Desired, DesiredState, SpecValue } from "../../core/model/desired.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import { revealSecret, Secret } from "../../core/base/secret.ts";
import type { Value } from "../../core/model/value.ts";
import type { Workspace } from "../base/account.ts";
import { generateSecretText } from "../base/random.ts";
import type { World } from "../base/world.ts";

/** One pass of `--load`: a file's resources being turned into rows of one workspace. */
export type Loading = {
  readonly world: World;
  readonly workspace: Workspace;
  readonly loaders: readonly Loader[];
  /** Ids of the rows made so far. */
  readonly ids: Map<Address, string>;
  /** Wires a resource that another one's value refers to, unless that is under way already: a circle. */
  settle(address: Address): void;
};

/**
 * How one kind's block becomes rows: the simulator's own table, written from the evidence, so that the world after an
 * apply can be compared with the world after a load without asking the providers.
 */
export type Loader = {
  readonly kind: KindName;
  /** Makes the row and notes its id in `loading.ids`. Rows of kinds earlier in the array exist. */
  load(desired: Desired, loading: Loading): void;
  /** When every row exists: links, and values that stand by themselves. */
  prepare?(desired: Desired, loading: Loading): void;
  /** When every row is prepared: values that are taken from others, which may do the same in turn. */
  wire?(desired: Desired, loading: Loading): void;
  /** An output that others refer to, of the row with this id. */
  output?(id: string, output: string, world: World): string | undefined;
};

/** Loads one file's resources into one workspace: every kind's rows in the order of `loaders`, then all the wiring. */
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
 * The text a value has in the loaded account. `undefined` for what nobody gave yet (`sync: false`); values that live
 * outside the file are stood for by a text that names their source.
 */
function valueText(value: Value, loading: Loading): string | undefined {
  switch (value.from) {
    case "literal":
      return value.text;
    case "secret-literal":
      return revealSecret(value.secret);
    case "output":
      return outputText(value.of, value.output, loading);
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

/** A field of a spec that is a `Value`: every other JSON object lacks `from`. */
export function isValue(value: unknown): value is Value {
  if (!isObject(value)) return false;
  return value["from"] === "secret-literal"
    ? value["secret"] instanceof Secret
    : typeof value["from"] === "string";
}

/** A field of a spec as JSON; a value stands as its literal text. */
export function jsonOf(value: SpecValue | undefined): Json | undefined {
  if (isValue(value)) return value.from === "literal" ? value.text : undefined;
  // What is neither a value nor a map of values is JSON: the type of a spec says so, and only values carry objects of ours.
  return value as Json | undefined;
}

/** A value that is another resource's output. */
export function isTaken(value: Value): boolean {
  return value.from === "output";
}

/** What each entry of a map of values comes to, in its order; entries that nobody gave a value are left out. */
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

/** A field or member that is a text, literally or through a value; empty when there is none. */
export function textOf(field: unknown, loading: Loading): string {
  if (typeof field === "string") return field;
  return isValue(field) ? (valueText(field, loading) ?? "") : "";
}
