import { makeAddress, type Address, type KindName } from "../../core/base/address.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import { type Value, variableOutput } from "../../core/model/value.ts";
import {
  type Draft,
  type EnvironmentName,
  type Reference,
  linksField,
  variablesField,
} from "../base/draft.ts";
import { normalType } from "../shape/legacy.ts";
import { referredKinds } from "../base/reference-forms.ts";
import type { Tell } from "../base/remark.ts";
import type { Place } from "../base/source.ts";
import { closest } from "../../core/base/text.ts";
import { describeShape } from "../../core/kind/shape.ts";
import { checkPublic } from "../base/address-members.ts";

/** A resource that a value refers to and no file declares. It is looked up by name in the workspace. */
type Target = {
  readonly address: Address;
  readonly kind: KindName;
  readonly name: string;
  readonly place: Place;
};

/** What references are resolved with: all that is declared, and what was referred to so far. */
export type Directory = {
  readonly tell: Tell;
  readonly kinds: readonly FileKind[];
  /** All drafts by kind and name. There are several of one name where environments share it. */
  readonly declared: ReadonlyMap<KindName, ReadonlyMap<string, readonly Draft[]>>;
  readonly replicas: ReadonlyMap<string, Draft>;
  readonly addressOf: (draft: Draft) => Address;
  /** Resources that are referred to and not declared. It fills while references are resolved. */
  readonly targets: Map<Address, Target>;
};

/** Drafts by kind and name. */
export function groupByName(drafts: readonly Draft[]): Directory["declared"] {
  const kinds = new Map<KindName, Map<string, Draft[]>>();
  for (const draft of drafts) {
    const names = kinds.get(draft.kind.name) ?? new Map<string, Draft[]>();
    kinds.set(draft.kind.name, names);
    const same = names.get(draft.name) ?? [];
    names.set(draft.name, same);
    same.push(draft);
  }
  return kinds;
}

/** The value that a reference stands for. `undefined`: there is none, and that was told. */
export function resolveReference(reference: Reference, from: Draft, directory: Directory): Value | undefined {
  switch (reference.form) {
    case "database":
      return resolveDatabase(reference, from, directory);
    case "service":
      return resolveService(reference, from, directory);
    case "webhook":
    case "rendercad-webhook":
    case "rendercad-token": {
      const kind = referredKinds[reference.form];
      const declared = findDraft(kind, reference.name, from, reference.place, directory);
      // The value is shown once, and trueup did not make the object: its value cannot be had any more.
      if (!declared && reference.form !== "webhook") return tellUndeclared(kind, reference, directory);
      return output(declared, kind, reference, reference.property, directory);
    }
    default:
      return reference satisfies never;
  }
}

/** The address of the resource that a link or a field names. */
export function resolveName(
  kind: KindName,
  name: string,
  from: Draft,
  place: Place,
  directory: Directory,
): Address {
  const draft = findDraft(kind, name, from, place, directory);
  return addressOrTarget(draft, kind, name, place, directory);
}

function resolveDatabase(
  reference: Extract<Reference, { form: "database" }>,
  from: Draft,
  directory: Directory,
): Value | undefined {
  const kind = referredKinds.database;
  const draft = findDraft(kind, reference.name, from, reference.place, directory);
  const primary = draft ? undefined : directory.replicas.get(reference.name);
  if (!primary) return output(draft, kind, reference, reference.property, directory);
  return {
    from: "output",
    of: directory.addressOf(primary),
    output: `replicas.${reference.name}.${reference.property}`,
  };
}

function resolveService(
  reference: Extract<Reference, { form: "service" }>,
  from: Draft,
  directory: Directory,
): Value | undefined {
  const { wants, name, place } = reference;
  const wanted = normalType(reference.type) === "keyvalue" ? referredKinds.keyValue : referredKinds.service;
  const other = wanted === referredKinds.service ? referredKinds.keyValue : referredKinds.service;
  const draft =
    findDraft(wanted, name, from, place, directory) ?? findDraft(other, name, from, place, directory);
  if (draft) tellTypeDiffers(reference, draft, directory.tell);
  const kind = draft?.kind.name ?? wanted;
  if ("property" in wants) {
    if (draft && !hasProperty(draft, wants.property))
      return tellNoProperty(reference, draft, wants.property, directory);
    return output(draft, kind, reference, wants.property, directory);
  }
  if ("address" in wants) {
    if (draft && !checkPublic(reference, draft, directory.tell)) return undefined;
    const address = output(draft, kind, reference, wants.address, directory);
    return wants.path === "" ? address : ({ ...address, path: wants.path } as Value);
  }
  if (draft && !hasVariable(draft, wants.envVarKey, directory)) {
    return tellNoVariable(reference, draft, wants.envVarKey, directory);
  }
  return output(draft, kind, reference, variableOutput(wants.envVarKey), directory);
}

/** Tells of a reference whose type is not that of the service. `static` may stand for `web`, as it did before runtimes. */
function tellTypeDiffers(reference: Extract<Reference, { form: "service" }>, draft: Draft, tell: Tell): void {
  const types = draft.shape.when?.type ?? [];
  const said = normalType(reference.type);
  if (types.includes(said) || (said === "static" && draft.shape.name === "static")) return;
  tell({
    code: "reference-type",
    severity: "warning",
    message: `\`fromService\` says that ${reference.name} is of type ${reference.type}; the file declares ${describeShape(draft.shape)}.`,
    remedy: `Write \`type: ${types[0]}\`.`,
    place: reference.place,
  });
}

/** Whether a service has a property: a worker or cron job has no port, a static site has no private host (documented). */
function hasProperty(draft: Draft, property: string): boolean {
  if (property === "slug") return draft.kind.name === referredKinds.service;
  if (property === "connectionString") return draft.kind.name === referredKinds.keyValue;
  return (
    draft.kind.name === referredKinds.keyValue || draft.shape.name === "web" || draft.shape.name === "pserv"
  );
}

/**
 * Whether a service has a variable: its own, one of its groups, or one that Render sets. A group that no file
 * declares may hold any.
 */
function hasVariable(draft: Draft, key: string, directory: Directory): boolean {
  const own = variablesField(draft);
  if (own?.is === "values" && own.entries.has(key)) return true;
  if (draft.kind.ownVariables?.includes(key)) return true;
  const links = linksField(draft);
  const groups = links?.is === "groups" ? [...links.groups.keys()] : [];
  return groups.some((name) => {
    const group = pick(directory.declared.get(referredKinds.group)?.get(name) ?? [], draft.environment);
    const variables = group && variablesField(group);
    return !group || (variables?.is === "values" && variables.entries.has(key));
  });
}

/** The draft that a name means: one of the same environment first, then any of the files. */
export function findDraft(
  kind: KindName,
  name: string,
  from: Draft,
  place: Place,
  directory: Directory,
): Draft | undefined {
  const found = directory.declared.get(kind)?.get(name) ?? [];
  const draft = pick(found, from.environment);
  if (draft || found.length === 0) return draft;
  directory.tell({
    code: "reference-ambiguous",
    severity: "error",
    message: `${name} is declared in ${found.length} environments, and none of them is that of ${from.name}.`,
    remedy: "Refer to it from a resource of the same environment, or give the two different names.",
    place,
  });
  return found[0];
}

function pick(found: readonly Draft[], environment: EnvironmentName | null | undefined): Draft | undefined {
  const same = found.find(
    (draft) =>
      draft.environment?.project === environment?.project &&
      draft.environment?.environment === environment?.environment,
  );
  return same ?? (found.length === 1 ? found[0] : undefined);
}

function output(
  draft: Draft | undefined,
  kind: KindName,
  reference: Reference,
  name: string,
  directory: Directory,
): Value {
  return {
    from: "output",
    of: addressOrTarget(draft, kind, reference.name, reference.place, directory),
    output: name,
  };
}

/** The address of a draft. One that is declared but not managed is looked up in the workspace, as if no file declared it. */
export function addressOrTarget(
  draft: Draft | undefined,
  kind: KindName,
  name: string,
  place: Place,
  directory: Directory,
): Address {
  if (draft?.kind.managed) return directory.addressOf(draft);
  const address = draft ? directory.addressOf(draft) : makeAddress(kind, name);
  if (!directory.targets.has(address)) directory.targets.set(address, { address, kind, name, place });
  if (!draft) tellTarget(kind, name, place, directory);
  return address;
}

function tellTarget(kind: KindName, name: string, place: Place, directory: Directory): void {
  const declared = directory.declared.get(kind);
  directory.tell({
    code: "target-not-declared",
    severity: "note",
    message: `No file declares the ${nounOf(kind, directory)} ${name}; it has to exist in the workspace.`,
    remedy: () => {
      const guess = closest(name, [...(declared?.keys() ?? [])]);
      return `Nothing to do if it does.${guess === undefined ? "" : ` Did you mean ${guess}?`}`;
    },
    place,
    fold: `${kind} ${name}`,
  });
}

function tellUndeclared(kind: KindName, reference: Reference, directory: Directory): undefined {
  directory.tell({
    code: "reference-unknown",
    severity: "error",
    message: `No file declares the ${nounOf(kind, directory)} ${reference.name}, and its secret cannot be read again.`,
    remedy: () => {
      const guess = closest(reference.name, [...(directory.declared.get(kind)?.keys() ?? [])]);
      return guess === undefined
        ? "Declare it under `rendercad`."
        : `Did you mean ${guess}? Otherwise declare it.`;
    },
    place: reference.place,
  });
  return undefined;
}

function tellNoProperty(
  reference: Reference,
  draft: Draft,
  property: string,
  directory: Directory,
): undefined {
  const isKeyValue = draft.kind.name === referredKinds.keyValue;
  directory.tell({
    code: "reference-property",
    severity: "error",
    message: `The ${draft.shape.description} ${draft.name} has no \`${property}\`.`,
    remedy: isKeyValue
      ? "A Key Value instance has connectionString, host, port and hostport."
      : "Use `envVarKey: RENDER_EXTERNAL_URL` for a public address; private ones belong to web and private services.",
    place: reference.place,
  });
  return undefined;
}

function tellNoVariable(reference: Reference, draft: Draft, key: string, directory: Directory): undefined {
  directory.tell({
    code: "reference-variable",
    severity: "error",
    message: `The ${draft.shape.description} ${draft.name} has no variable ${key}: not its own, not of its groups, not one of Render's.`,
    remedy: () => {
      const variables = variablesField(draft);
      const own = variables?.is === "values" ? variables.entries.keys() : [];
      const guess = closest(key, [...own, ...(draft.kind.ownVariables ?? [])]);
      return guess === undefined ? `Declare ${key} there, or correct the key.` : `Did you mean ${guess}?`;
    },
    place: reference.place,
  });
  return undefined;
}

function nounOf(kind: KindName, directory: Directory): string {
  return directory.kinds.find((candidate) => candidate.name === kind)?.noun ?? kind.split("/")[1] ?? kind;
}
