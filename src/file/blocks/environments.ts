import { makeAddress, type Address } from "../../core/base/address.ts";
import type { Draft, DraftField, EnvironmentName, Host } from "../base/draft.ts";
import type { Tell } from "../base/remark.ts";
import { whereOf, type Place } from "../base/source.ts";
import type { Directory } from "./references.ts";

/*
 * What the environment of a block decides: its address, where another environment has the same name, and which groups it can be
 * linked to.
 */

/**
 * Names in other environments, as `render/service api`, of a file that the run was not given. They count as if it
 * were given.
 */
export type SharedNames = ReadonlySet<string>;

function keyOf({ kind, name }: Pick<Draft, "kind" | "name">): string {
  return `${kind.name} ${name}`;
}

/** The name in an address: with the environment where the name is one of several environments. */
function wholeName(name: string, { project, environment }: EnvironmentName): string {
  return `${name}@${project}/${environment}`;
}

/** The address of a draft. `isQualified`: it names the environment too. */
export function addressOfDraft(draft: Draft, isQualified: boolean): Address {
  const { environment } = draft;
  const name = isQualified && environment ? wholeName(draft.name, environment) : draft.name;
  return makeAddress(draft.kind.name, name);
}

/**
 * Gives blocks a whole name where their host has one because its name stands in several environments: the disk of
 * `api` in `shop/production` is `api@shop/production`, as its service is in its address.
 */
export function qualifyInside(drafts: readonly Draft[], shared: SharedNames): readonly Draft[] {
  const outer = drafts.filter(({ kind }) => kind.perEnvironment);
  const counts = new Map<string, number>();
  for (const draft of outer) counts.set(keyOf(draft), (counts.get(keyOf(draft)) ?? 0) + 1);
  return drafts.map((draft) => {
    const { host } = draft;
    const isQualified = host && (shared.has(keyOf(host)) || (counts.get(keyOf(host)) ?? 0) > 1);
    if (!isQualified || !host.environment) return draft;
    return insideOf(draft, { ...host, name: wholeName(host.name, host.environment) });
  });
}

function insideOf(draft: Draft, host: Host): Draft {
  const fields = [...draft.fields].map(([name, field]): [string, DraftField] => {
    const isHost =
      draft.kind.fields[name]?.derived && field.is === "json" && field.value === draft.host?.name;
    return [name, isHost ? { is: "json", value: host.name } : field];
  });
  const name = draft.shape.named === "host" ? host.name : draft.name;
  return { ...draft, name, host, fields: new Map(fields) };
}

/**
 * The drafts whose addresses name their environment, because another resource of the same kind has the same name.
 * That is allowed in different environments for kinds that say so; elsewhere two equal names are an error.
 */
export function findQualified(
  declared: Directory["declared"],
  { shared, tell }: { readonly shared: SharedNames; readonly tell: Tell },
): ReadonlySet<Draft> {
  const qualified = new Set<Draft>();
  for (const drafts of [...declared.values()].flatMap((names) => [...names.values()])) {
    const seen = new Map<string, Draft>();
    // The root does not say which environment a block is in, so a block there could be any of the others.
    const free = drafts.find(({ environment }) => environment === undefined);
    for (const draft of drafts) {
      const key = draft.kind.perEnvironment ? JSON.stringify(draft.environment ?? null) : "";
      const first = seen.get(key) ?? free;
      if (first && first !== draft) tellDuplicate(first, draft, tell);
      seen.set(key, draft);
    }
    const [one] = drafts;
    const isShared = drafts.length > 1 || (one !== undefined && shared.has(keyOf(one)));
    if (isShared && one?.kind.perEnvironment) for (const draft of drafts) qualified.add(draft);
  }
  return qualified;
}

function tellDuplicate(first: Draft, second: Draft, tell: Tell): void {
  const { file, line } = whereOf(first.place);
  const what = `The ${first.shape.description} ${first.name}`;
  tell({
    code: "duplicate-address",
    severity: "error",
    message: `${what} is declared twice; the first is at ${file}:${line}.`,
    remedy: "Keep one, or rename one: Render knows a resource by its name.",
    place: second.place,
    address: makeAddress(second.kind.name, second.name),
  });
}

/** A group of an environment can be linked to what is in it, and to nothing else (Render's tutorial on projects and environments). */
export function tellAcross(draft: Draft, group: Draft, place: Place, tell: Tell): void {
  const [from, to] = [draft.environment, group.environment];
  // What stands at the root may be in any environment: that is for the plan to see.
  const isInside = from?.project === to?.project && from?.environment === to?.environment;
  if (!to || from === undefined || isInside) return;
  const stands = from ? `is in ${from.project}/${from.environment}` : "is in no environment";
  tell({
    code: "group-across",
    severity: "error",
    message: `The ${draft.shape.description} ${draft.name} ${stands} and links the group ${group.name} of ${to.project}/${to.environment}: an environment's group can be linked only inside it.`,
    remedy: `Declare ${group.name} at the root, or a group of that name beside ${draft.name}.`,
    place,
  });
}
