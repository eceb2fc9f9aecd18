import { byText, makeAddress, type Address } from "../../core/base/address.ts";
import { declareLive } from "../../core/diff/declare-live.ts";
import { defaultLifecycle, type Desired } from "../../core/model/desired.ts";
import { groupBy } from "../../core/base/group.ts";
import { isObject } from "../../core/base/json.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import { shapeOf } from "../../core/kind/shape.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Found } from "../../core/model/live.ts";
import type { Value } from "../../core/model/value.ts";
import { readAccount, type AccountObject } from "../../engine/read/read-account.ts";
import { rememberEach } from "../../engine/read/remember-reads.ts";
import { readDesired } from "../../file/blocks/desired.ts";
import { writeParts } from "../../file/write/write-parts.ts";
import { sizeOf, type ExportSize } from "./export-size.ts";
import { fileKinds } from "../../providers/file-kinds.ts";
import { kinds } from "../../providers/kinds.ts";
import { findOwnToken } from "../../providers/rendercad/token/list.ts";
import { connect, providersAtHand } from "../accounts/connect.ts";
import { tellWaits, watchReads } from "../accounts/watch-reads.ts";
import type { Deps } from "../base/deps.ts";
import { readOutputs, type Addressed, type FindOutput } from "./export-outputs.ts";
import { findAccounts, type Accounts } from "../accounts/find-accounts.ts";
import { exportLiteral, looksPublic } from "./export-values.ts";
import { stateWithout } from "../accounts/without-file.ts";

/** What `export` is given. */
export type ExportInput = {
  /** Name or id; else what the environment says, as for every command. */
  readonly workspace?: string;
  /** Globs of variables whose values are written out. */
  readonly literals: readonly string[];
  /** Bytes that one file may have; absent: what a reader takes. */
  readonly most?: number;
  /** Is told how much there is to read, once that is known and before it is read. */
  readonly announce?: (size: ExportSize) => void;
};

/** An account as a file. `text` is the YAML, `others` what does not go into one file, to be given with it; `reads` counts the objects of the account and the calls that it took. */
export type Exported = {
  readonly text: string;
  readonly others: readonly string[];
  /** Variables that are `sync: false` though their values look public: what `--literals` may name. */
  readonly public: readonly string[];
  readonly accounts: Accounts;
  readonly resources: readonly Address[];
  readonly reads: { readonly resources: number; readonly calls: number };
  /** What was left out and why, and what the file itself warns about. */
  readonly problems: readonly Problem[];
};

/** `export`: the live account as a file. Planning with it adopts everything and changes nothing. Reads only. */
export async function runExport(input: ExportInput, deps: Deps): Promise<Exported> {
  const state = stateWithout(input.workspace);
  const providers = await providersAtHand(deps);
  const connection = await connect(deps, state, { onWait: tellWaits(deps) }, providers);
  watchReads(connection, state.settings.reserve, deps);
  const readers = rememberEach(connection.readers);
  const accounts = await findAccounts(deps, state, connection, readers);
  const read = new Map([...kinds].filter(([, kind]) => providers.has(kind.provider)));
  const scope = { ownerId: accounts.workspace?.id ?? "" };
  const onListed = (objects: number, calls: number): void =>
    input.announce?.(sizeOf(objects, calls, connection, deps));
  const everything = (await readAccount(read, readers, scope, onListed)).map(nameObject);
  const own = await findOwn(everything, { now: connection.readers, earlier: readers });
  const objects = everything.filter((one) => one.found.id !== own?.id || !one.kind.signsIn);
  const problems: Problem[] = [];
  const addressed = giveAddresses(objects, (one) => void problems.push(one));
  const findOutput = await readOutputs(addressed, readers, deps.world.randomHex(32));
  const around: Around = {
    environments: new Map(
      addressed.filter(({ kind }) => kind.encloses).map(({ found, address }) => [found.id, address]),
    ),
    named: groupBy(addressed, nameKey),
    byAddress: new Map(addressed.map((one) => [one.address, one])),
    findOutput,
    literals: input.literals,
    public: new Set(),
    tell: (one) => void problems.push(one),
  };
  const resources = addressed.map((one) => declare(one, around));
  const options = {
    kinds: fileKinds,
    ...(accounts.workspace && { workspace: accounts.workspace.id }),
    comment: [...commentOf(accounts), ...(own ? [ownComment(own.name)] : [])],
  };
  const [text, ...others] = writeParts(resources, options, input.most);
  const today = new Date(deps.world.now()).toISOString().slice(0, 10);
  const again = readDesired(
    [text, ...others].map((part, index) => ({
      name: index === 0 ? "export" : `export-${index + 1}`,
      text: part,
    })),
    { kinds: fileKinds, today },
  );
  return {
    text,
    others,
    public: [...around.public].sort(byText),
    accounts,
    resources: resources.map(({ address }) => address).sort(byText),
    reads: { resources: objects.length, calls: connection.calls() },
    problems: [...problems, ...again.problems.filter(({ severity }) => severity === "error")],
  };
}

/** The token that trueup runs with, if it can be told from the others: nobody's file should have it, since no plan may revoke it. */
async function findOwn(
  objects: readonly AccountObject[],
  { now, earlier }: { readonly now: Readers; readonly earlier: Readers },
): Promise<Found | undefined> {
  if (!objects.some(({ kind }) => kind.signsIn)) return undefined;
  const own = await findOwnToken({ earlier: earlier.rendercad, now: now.rendercad, self: undefined });
  return own.is === "known" ? own.token : undefined;
}

function ownComment(name: string): string {
  return `The RENDERCAD token ${JSON.stringify(name)} is not in it: trueup runs with it, and no plan may revoke it.`;
}

/** What has no name at its API gets one that says what it is. */
function nameObject({ kind, found }: AccountObject): AccountObject {
  return { kind, found: { ...found, name: kind.suggestName?.(found) ?? found.name } };
}

function commentOf({ workspace, rendercadUser }: Accounts): readonly string[] {
  const { id, name } = workspace ?? {};
  const found = [
    ...(workspace ? [`The workspace ${name === undefined ? id : `${name} (${id})`}`] : []),
    ...(rendercadUser === undefined
      ? []
      : [`${workspace ? "the" : "The"} account of RENDERCAD user ${rendercadUser}`]),
  ];
  return [
    `${found.join(" and ")}, as trueup export found ${found.length > 1 ? "them" : "it"}.`,
    "sync: false stands for a value that is there and stays as it is; what is left out has its default.",
  ];
}

/**
 * Sorted by kind and name. What a file cannot tell apart is left out and told: two services of one name, or two databases
 * of one name in one environment.
 */
function giveAddresses(
  objects: readonly AccountObject[],
  tell: (problem: Problem) => void,
): readonly Addressed[] {
  const own = objects.filter(({ found }) => found.derivedFrom === undefined);
  const environments = new Map(
    own.filter(({ kind }) => kind.encloses).map(({ found }) => [found.id, found.name]),
  );
  const groups = [...groupBy(own, ({ kind, found }) => makeAddress(kind.name, found.name))];
  const addressed = groups.flatMap(([address, alike]): readonly Addressed[] => {
    const [first] = alike;
    if (!first || alike.length === 1) return first ? [{ ...first, address }] : [];
    const inside = groupBy(alike, ({ found }) => environments.get(found.environmentId ?? ""));
    const told = [...inside].filter(([, same]) => !first.kind.perEnvironment || same.length > 1);
    if (told.length > 0)
      tell(
        leftOut(
          first,
          told.flatMap(([, same]) => same),
        ),
      );
    return [...inside].flatMap(([environment, same]) => {
      const name = environment === undefined ? first.found.name : `${first.found.name}@${environment}`;
      return told.some(([one]) => one === environment)
        ? []
        : same.map((one) => ({ ...one, address: makeAddress(one.kind.name, name) }));
    });
  });
  return addressed.sort((a, b) => byText(a.address, b.address));
}

function leftOut({ kind, found }: AccountObject, alike: readonly AccountObject[]): Problem {
  const ids = alike.map((one) => one.found.id).sort(byText);
  const message = `There are ${ids.length} objects of kind ${kind.noun} named ${found.name} that a file cannot tell apart: ${ids.join(", ")}. They were left out.`;
  return problem(
    "warning",
    "ambiguous-name",
    message,
    "Rename or delete all but one in the dashboard, then export again.",
  );
}

type Around = {
  /** Addresses of environments by their ids. */
  readonly environments: ReadonlyMap<string, Address>;
  /** Objects that share kind and name. */
  readonly named: ReadonlyMap<string, readonly Addressed[]>;
  readonly byAddress: ReadonlyMap<Address, Addressed>;
  readonly findOutput: FindOutput;
  readonly literals: readonly string[];
  /** Keys of variables that were asked for though they look public. */
  readonly public: Set<string>;
  readonly tell: (problem: Problem) => void;
};

function nameKey({ kind, found }: AccountObject): string {
  return makeAddress(kind.name, found.name);
}

function declare(object: Addressed, around: Around): Desired {
  const { address, kind, found } = object;
  const shape = shapeOf(kind, found.spec)!;
  const environment = environmentOf(object, around);
  const spec = declareLive({
    kind,
    shape,
    live: found.spec,
    valueOf: (place, live) => valueOf(object, place, live, around),
    unknown: (field, word) => around.tell(unknownWord(address, field, word)),
  });
  return {
    address,
    kind: kind.name,
    name: found.name,
    spec,
    lifecycle: defaultLifecycle,
    ...(environment !== undefined && { environment }),
    where: { file: "export", line: 1, column: 1 },
    places: new Map(),
    needs: [],
  };
}

function unknownWord(address: Address, field: string, word: string): Problem {
  const message = `${field} of ${address} is ${JSON.stringify(word)}, which the file format does not know; it was left out.`;
  return problem(
    "warning",
    "value-unknown",
    message,
    "It stays as it is there. A newer trueup may know it.",
    { address },
  );
}

/** In no environment is said only where it tells two of one name apart; at the root, membership is not the file's. */
function environmentOf(object: Addressed, around: Around): Address | null | undefined {
  const { kind, found } = object;
  const environment = kind.fields["environment"] && around.environments.get(found.environmentId ?? "");
  if (environment) return environment;
  return (around.named.get(nameKey(object)) ?? []).length > 1 ? null : undefined;
}

function valueOf(
  object: Addressed,
  place: { readonly field: string; readonly entry?: string },
  live: Secret,
  around: Around,
): Value {
  const entries = object.found.spec[place.field];
  const siblings = Object.fromEntries(
    Object.entries(isObject(entries) ? entries : {}).filter(
      (pair): pair is [string, Secret] => pair[1] instanceof Secret,
    ),
  );
  const output = canRefer(object) ? around.findOutput(place.entry ?? place.field, live, siblings) : undefined;
  if (output && isReachable(object, output.of, around)) return { from: "output", ...output };
  const value = exportLiteral({ ...place, address: object.address }, live, around.literals, around.tell);
  if (value.from === "asked" && place.entry !== undefined && looksPublic(place.entry, live))
    around.public.add(place.entry);
  return value;
}

/** Groups hold no references: Render refuses them (Render's Blueprint schema). */
function canRefer({ kind }: Addressed): boolean {
  return !kind.takesNoReferences;
}

/** A reference goes by name: where several have it, it means the one of the same environment. */
function isReachable(from: Addressed, to: Address, around: Around): boolean {
  const target = around.byAddress.get(to);
  const alike = target ? (around.named.get(nameKey(target)) ?? []) : [];
  return (
    alike.length === 1 || (target !== undefined && target.found.environmentId === from.found.environmentId)
  );
}
