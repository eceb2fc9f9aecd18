import { byText, makeAddress, type Address } from "../../core/base/address.ts";
import {
  fieldKey,
  type Desired,
  type DesiredState,
  type Settings,
  type SpecValue,
} from "../../core/model/desired.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import type { Where } from "../../core/base/problem.ts";
import type { Value } from "../../core/model/value.ts";
import { type Draft, type DraftField, type ValueSource, linksField } from "../base/draft.ts";
import {
  addressOrTarget,
  findDraft,
  groupByName,
  resolveName,
  resolveReference,
  type Directory,
} from "./references.ts";
import {
  addressOfDraft,
  findQualified,
  qualifyInside,
  tellAcross,
  type SharedNames,
} from "./environments.ts";
import { tellStillDeclared } from "./renames.ts";
import { groupByReplica } from "./replicas.ts";
import { referredKinds } from "../base/reference-forms.ts";
import type { Tell } from "../base/remark.ts";
import { whereOf, type Place } from "../base/source.ts";

/** What assembling needs besides the drafts. */
export type Surrounding = {
  readonly kinds: readonly FileKind[];
  readonly files: readonly string[];
  readonly shared?: SharedNames;
  readonly tell: Tell;
};

/**
 * Makes the desired state of all drafts: gives each block its address, resolves references, and tells duplicates. The
 * caller fills `problems`, `moved` and `removed`.
 */
export function assembleState(
  blocks: readonly Draft[],
  settings: Settings,
  around: Surrounding,
): DesiredState {
  const { shared = new Set(), tell } = around;
  const drafts = qualifyInside(blocks, shared);
  const declared = groupByName(drafts);
  const qualified = findQualified(declared, { shared, tell });
  const addressOf = (draft: Draft): Address => addressOfDraft(draft, qualified.has(draft));
  const directory: Directory = {
    tell: around.tell,
    kinds: around.kinds,
    declared,
    replicas: groupByReplica(declared),
    addressOf,
    targets: new Map(),
  };
  tellTooMany(declared, around.tell);
  tellShared(drafts, around.tell);
  tellStillDeclared(drafts, declared, around.tell);
  const resources = drafts.map((draft) => ({ draft, desired: assemble(draft, directory) }));
  return {
    resources: resources.filter(({ draft }) => isManaged(draft)).map(({ desired }) => desired),
    targets: [...directory.targets.values()]
      .sort((a, b) => byText(a.address, b.address))
      .map(({ place, ...target }) => ({ ...target, where: whereOf(place) })),
    settings,
    moved: [],
    removed: [],
    notManaged: resources.flatMap(({ draft, desired }) => notManaged(draft, desired)),
    problems: [],
    files: around.files,
  };
}

function isManaged(draft: Draft): boolean {
  return draft.kind.managed && !draft.unmanaged.some(({ whole }) => whole);
}

function notManaged(draft: Draft, desired: Desired): DesiredState["notManaged"] {
  const { address } = desired;
  const kind = draft.kind.managed
    ? []
    : [{ address, where: desired.where, reason: `${draft.kind.noun} is not managed yet` }];
  return [
    ...kind,
    ...draft.unmanaged.map(({ reason, place }) => ({ address, where: whereOf(place), reason })),
  ];
}

function tellTooMany(declared: Directory["declared"], tell: Tell): void {
  for (const names of declared.values()) {
    const [first] = [...names.values()].flat();
    const most = first?.kind.most ?? Infinity;
    const beyond = [...names.values()].flat()[most];
    if (!first || !beyond) continue;
    tell({
      code: "too-many",
      severity: "error",
      message: `The files declare ${names.size} of ${first.kind.noun}; an account can have ${most}.`,
      remedy: "Remove some.",
      place: beyond.place,
    });
  }
}

/** Tells of two blocks that mean one object. */
function tellShared(drafts: readonly Draft[], tell: Tell): void {
  const known = new Map<string, Draft>();
  for (const draft of drafts) {
    for (const name of draft.kind.distinct ?? []) {
      const field = draft.fields.get(name);
      if (field?.is !== "json") continue;
      const key = JSON.stringify([draft.kind.name, name, field.value]);
      const first = known.get(key);
      if (!first) known.set(key, draft);
      else
        tell({
          code: "shared-value",
          severity: "error",
          message: `${name} of the ${draft.shape.description} ${draft.name} is that of ${first.name} too, and the API knows one from the other by nothing else.`,
          remedy: "Keep one of the two blocks.",
          place: draft.places.get(name) ?? draft.place,
        });
    }
  }
}

/** A block while it becomes a resource; `needs` is filled while its values are resolved. */
type Assembly = {
  readonly draft: Draft;
  readonly directory: Directory;
  readonly links: readonly Link[];
  readonly needs: Set<Address>;
};

function assemble(draft: Draft, directory: Directory): Desired {
  const links = linksOf(draft, directory);
  const environment = environmentOf(draft);
  const named = draft.named.map(({ kind, name, place }) => resolveName(kind, name, draft, place, directory));
  const needs = new Set([...links.map(({ address }) => address), ...named]);
  if (draft.host) needs.add(makeAddress(draft.host.kind.name, draft.host.name));
  if (environment) needs.add(environment);
  const spec = [...draft.fields].map(([key, field]): [string, SpecValue] => [
    key,
    assembleField(field, { draft, directory, links, needs }),
  ]);
  // The environment becomes a field, where the kind has one, so that it is compared, remembered and written like
  // every other.
  if (environment !== undefined && draft.kind.fields["environment"]) spec.push(["environment", environment]);
  return {
    address: directory.addressOf(draft),
    kind: draft.kind.name,
    name: draft.name,
    spec: Object.fromEntries(spec),
    lifecycle: draft.lifecycle,
    ...(environment !== undefined && { environment }),
    where: whereOf(draft.place),
    places: placesOf(draft, links),
    needs: [...needs].sort(byText),
  };
}

type Link = { readonly address: Address; readonly place: Place };

function linksOf(draft: Draft, directory: Directory): readonly Link[] {
  const field = linksField(draft);
  if (field?.is !== "groups") return [];
  return [...field.groups].map(([name, place]) => ({
    address: resolveLink(name, draft, place, directory),
    place,
  }));
}

function resolveLink(name: string, draft: Draft, place: Place, directory: Directory): Address {
  const group = findDraft(referredKinds.group, name, draft, place, directory);
  if (group) tellAcross(draft, group, place, directory.tell);
  return addressOrTarget(group, referredKinds.group, name, place, directory);
}

/** The places of fields and entries. The spec has links to groups by their addresses, and so have their places. */
function placesOf(draft: Draft, links: readonly Link[]): ReadonlyMap<string, Where> {
  const places = new Map<string, Where>();
  for (const [key, place] of draft.places) places.set(key, whereOf(place));
  for (const { address, place } of links)
    if (draft.kind.links !== undefined) places.set(fieldKey(draft.kind.links, address), whereOf(place));
  return places;
}

function environmentOf(draft: Draft): Address | null | undefined {
  const { environment } = draft;
  if (!environment) return environment;
  return makeAddress(referredKinds.environment, `${environment.project}/${environment.environment}`);
}

function assembleField(field: DraftField, assembly: Assembly): SpecValue {
  const settle = (source: ValueSource): Value | undefined => settleValue(source, assembly);
  switch (field.is) {
    case "json":
      return field.value;
    case "items":
      return field.items.map((item, index): Json => {
        const reference = field.addresses.of.get(index);
        const value = reference && settle(reference);
        return value ? ({ ...(item as JsonObject), [field.addresses.member]: value } as JsonObject) : item;
      });
    case "entries":
      return Object.fromEntries(field.entries);
    case "value":
      return settle(field.source) ?? null;
    case "values":
      return settleEach(field.entries, settle);
    case "object":
      return { ...field.value, ...settleEach(field.members, settle) };
    case "groups":
      return Object.fromEntries(assembly.links.map(({ address }) => [address, true]));
    default:
      return field satisfies never;
  }
}

function settleEach(
  sources: ReadonlyMap<string, ValueSource>,
  settle: (source: ValueSource) => Value | undefined,
): { readonly [entry: string]: Value } {
  const settled = [...sources].flatMap(([key, source]): readonly (readonly [string, Value])[] => {
    const value = settle(source);
    return value ? [[key, value]] : [];
  });
  return Object.fromEntries(settled);
}

function settleValue(source: ValueSource, { draft, directory, needs }: Assembly): Value | undefined {
  const value = source.form === "value" ? source.value : resolveReference(source, draft, directory);
  if (value?.from === "output") needs.add(value.of);
  return value;
}
