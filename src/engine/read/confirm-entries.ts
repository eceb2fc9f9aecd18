import type { Address } from "../../core/base/address.ts";
import { holesOf } from "../../core/model/write.ts";
import { entriesOf } from "../../core/model/declared.ts";
import { fieldKey } from "../../core/model/desired.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import { type Kind, type Kinds, findKind } from "../../core/kind/kind.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Reader, Readers } from "../../core/kind/reader.ts";
import type { Found, Live, LiveSpec, LiveValue } from "../../core/model/live.ts";
import type { Step } from "../../core/model/plan.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";

/*
 * Entries of lists (variables, secret files, headers, routes, links, users) are taken for gone only when a second read says so
 * too, just as whole objects are. `plan` and `drift` stop reading at a page that is not full, and spend no call on this. `apply`
 * reads two sorts of lists a second time, before it decides anything:
 *
 * - a list that a step of the plan would write as a whole, since entries that such a call lacks are deleted;
 * - a list that lacks an entry which the inventory owns: it would be made again, a generated secret even with another value.
 *
 * Such a list is read until an empty page and merged with the first read. An entry that only one of the two reads shows is asked
 * for by its key. Example: the first read showed 20 of 60 variables and lacked SESSION_SECRET (`generateValue`). The second one
 * shows all 60, and the plan that is made from them has nothing to do.
 */

/** What was read, and what is planned from it. */
export type ConfirmInput = {
  readonly live: ReadonlyMap<Address, Live>;
  readonly steps: readonly Step[];
  readonly inventory: Inventory;
  readonly kinds: Kinds;
  /** Readers that do not remember answers: an earlier answer is what is in doubt. */
  readonly readers: Readers;
  readonly scope: Scope;
};

/** Reads doubtful lists again, and answers with their objects as they are known now. Throws `incomplete-read` when two reads contradict each other. */
export async function confirmEntries(input: ConfirmInput): Promise<ReadonlyMap<Address, Live>> {
  const replaced = findReplaced(input.steps);
  const ids = new Map([...input.live.values()].map(({ address, found }) => [found.id, address]));
  const looks = [...input.live.values()].flatMap((live) => {
    const kind = findKind(input.kinds, live.kind);
    const facets = doubtfulFacets(input, kind, live, replaced);
    return facets.length === 0 ? [] : [{ live, kind, facets }];
  });
  const confirmed = looks.map(async ({ live, kind, facets }) => {
    const reader = input.readers[kind.provider];
    let { spec } = live.found;
    for (const facet of facets) {
      const read = kind.facets[facet]!;
      const again = await read(readToEnd(reader), live.found, input.scope, (id) => ids.get(id));
      spec = {
        ...spec,
        ...(await mergeLooks(input, { kind, live: { ...live, found: { ...live.found, spec } } }, again)),
      };
    }
    return [live.address, { ...live, found: { ...live.found, spec } }] as const;
  });
  return new Map(await Promise.all(confirmed));
}

/** The same reader, except that `list` reads until an empty page instead of stopping at a page that is not full. */
export function readToEnd(reader: Reader): Reader {
  const listToEnd: Reader["list"] = (path, query, envelope) => reader.listToEnd(path, query, envelope);
  return { get: (path, query) => reader.get(path, query), list: listToEnd, listToEnd };
}

/** Reads one entry of a list field by its key, or the whole list once more when the API has no call for one entry. `undefined` when it is not there. */
export async function findEntry(
  place: {
    readonly kind: Kind;
    readonly found: Found;
    readonly reader: Reader;
    readonly scope: Scope;
    readonly idOf: (address: Address) => string | undefined;
  },
  name: string,
  entry: string,
): Promise<LiveValue | undefined> {
  const { kind, found, reader, scope, idOf } = place;
  const ask = kind.findEntry?.[name];
  if (ask) return ask(reader, found, entry, idOf);
  const field = kind.fields[name]!;
  const spec = await kind.facets[field.facet]?.(readToEnd(reader), found, scope);
  const entries = entriesOf(field, spec?.[name]);
  return Object.hasOwn(entries, entry) ? (entries[entry] as LiveValue) : undefined;
}

/** The lists that a step writes as a whole, each as `address field`. */
function findReplaced(steps: readonly Step[]): ReadonlySet<string> {
  const holes = steps.flatMap((step) => (step.step === "write" ? holesOf(step.write.body) : []));
  return new Set(
    holes.flatMap((hole) =>
      hole.hole === "entries" || hole.hole === "list" ? [`${hole.of} ${hole.field}`] : [],
    ),
  );
}

function doubtfulFacets(
  input: ConfirmInput,
  kind: Kind,
  live: Live,
  replaced: ReadonlySet<string>,
): readonly string[] {
  const doubtful = Object.entries(kind.fields).filter(([name, field]) => {
    if (!field.entries || !kind.facets[field.facet] || live.found.spec[name] === undefined) return false;
    return replaced.has(`${live.address} ${name}`) || lacking(input, kind, live, name).length > 0;
  });
  return [...new Set(doubtful.map(([, field]) => field.facet))];
}

/** The entries that the inventory owns and the last read did not show. */
function lacking({ inventory }: ConfirmInput, kind: Kind, live: Live, name: string): readonly string[] {
  const field = kind.fields[name]!;
  const seen = entriesOf(field, live.found.spec[name]);
  const owned = inventory.resources[live.address];
  if (owned?.id !== live.found.id) return [];
  return Object.keys(owned.fields)
    .flatMap((key) => (key.startsWith(`${name}.`) ? [key.slice(name.length + 1)] : []))
    .filter((entry) => !Object.hasOwn(seen, entry));
}

async function mergeLooks(
  input: ConfirmInput,
  { kind, live }: { readonly kind: Kind; readonly live: Live },
  again: LiveSpec,
): Promise<LiveSpec> {
  const place = {
    kind,
    found: live.found,
    reader: input.readers[kind.provider],
    scope: input.scope,
    idOf: (address: Address) => input.live.get(address)?.found.id,
  };
  const merged: { [field: string]: LiveValue | undefined } = { ...again };
  for (const [name, value] of Object.entries(again)) {
    const field = kind.fields[name];
    if (!field?.entries) continue;
    const [before, now] = [entriesOf(field, live.found.spec[name]), entriesOf(field, value)];
    const ask = kind.findEntry?.[name];
    const vanished = Object.keys(before).filter((entry) => !Object.hasOwn(now, entry));
    if (!ask) {
      if (vanished.length > 0) throw incompleteList(live.address, fieldKey(name, vanished[0]));
      continue;
    }
    const missing = new Set([
      ...vanished,
      ...lacking(input, kind, { ...live, found: { ...live.found, spec: again } }, name),
    ]);
    const found = await Promise.all(
      [...missing].map(
        async (entry) => [entry, await ask(place.reader, live.found, entry, place.idOf)] as const,
      ),
    );
    const there = found.filter(([, one]) => one !== undefined);
    merged[name] = { ...now, ...Object.fromEntries(there) } as LiveValue;
  }
  return merged;
}

/** The error for a list that lacks an entry which another answer shows: nothing may be written as a whole from either. */
export function incompleteList(address: Address, key: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "incomplete-read",
      `${key} of ${address} is missing from a list in which it stood just before, or which was read whole: it was deleted meanwhile, or the list was not complete.`,
      "Nothing was concluded from it and nothing was written. Run again.",
      { address },
    ),
  ]);
}
