import { makeAddress, nameOf, type Address, type KindName } from "../../core/base/address.ts";
import { groupBy } from "../../core/base/group.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import { fieldKey, type Desired, type SpecValue } from "../../core/model/desired.ts";
import type { Value } from "../../core/model/value.ts";
import { readDesired } from "../../file/blocks/desired.ts";
import { findPart, type Part } from "../../file/write/find-part.ts";
import { writeParts } from "../../file/write/write-parts.ts";
import { hostIn, shapeIn, type WriteOptions, type Written } from "../../file/write/write.ts";

/** What is to be written, and by which rules it has to be taken. */
export type ValidInput = {
  readonly resources: readonly Desired[];
  /** Objects that no block can be made of, with the reason. */
  readonly unsaid: ReadonlyMap<Address, string>;
  readonly options: WriteOptions;
  /** Bytes that one file may have; absent: what a reader takes. */
  readonly most: number | undefined;
  /** ISO date of today. */
  readonly today: string;
};

/** Files that no stage refuses, what they declare, and what was left out of them. */
export type ValidFiles = {
  readonly parts: readonly [Written, ...Written[]];
  readonly resources: readonly Desired[];
  readonly problems: readonly Problem[];
};

/**
 * Writes the files and reads them again: what an account holds and no file may say (a name with a line break, the size of a disk
 * that only old databases have) is left out, and a comment says so in its place. An export that is refused would be of no use
 * to anybody, and what is left out stays in the account as it is. First an item of a list goes, then its field, then the block.
 */
export function writeValid({ resources: given, unsaid, options, most, today }: ValidInput): ValidFiles {
  const before = [...unsaid].map(([address, reason]) => tellWhole(address, reason));
  let { resources, told } = leaveOut(given, [], before, options);
  for (;;) {
    const whole = told.filter(({ isWhole }) => isWhole).map(lineOf);
    const remarks = groupBy(
      told.filter(({ isWhole }) => !isWhole),
      ({ address }) => address,
    );
    const parts = writeParts(
      resources,
      {
        ...options,
        comment: [...(options.comment ?? []), ...whole],
        remarks: new Map([...remarks].map(([address, list]) => [address, list.map(lineOf)])),
      },
      most,
    );
    const sources = parts.map(({ text }, index) => ({ name: fileName(index), text }));
    const errors = readDesired(sources, { kinds: options.kinds, today }).problems.filter(
      ({ severity }) => severity === "error",
    );
    if (errors.length === 0) return { parts, resources, problems: told.map(asProblem) };
    const refused = findRefused(parts, errors, options);
    if (refused.length === 0) throw new ProblemError(errors);
    ({ resources, told } = leaveOut(resources, refused, told, options));
  }
}

function lineOf({ what, reason }: Told): string {
  return `${what} is left out: ${reason}`;
}

function fileName(index: number): string {
  return index === 0 ? "export" : `export-${index + 1}`;
}

type Refused = Part & { readonly reason: string };

function findRefused(
  parts: readonly Written[],
  errors: readonly Problem[],
  { kinds }: WriteOptions,
): readonly Refused[] {
  return parts.flatMap((part, index) => {
    const own = errors.filter(({ where }) => where?.file === fileName(index));
    if (own.length === 0) return [];
    const find = findPart(part, kinds);
    return own.flatMap(({ where, message }) => {
      const found = where && find(where);
      // Where the other one of two stands is of no use to anybody: the lines are those of a text that nobody sees.
      return found ? [{ ...found, reason: message.replace(/; the first is at \S+\.$/u, ".") }] : [];
    });
  });
}

type Told = {
  readonly address: Address;
  readonly what: string;
  readonly reason: string;
  readonly isWhole: boolean;
};

/** Leaves out what is refused, and what cannot be written without it. `before`: what was left out already. */
function leaveOut(
  resources: readonly Desired[],
  refused: readonly Refused[],
  before: readonly Told[],
  options: WriteOptions,
): { readonly resources: readonly Desired[]; readonly told: readonly Told[] } {
  const byAddress = new Map(resources.map((one) => [one.address, one]));
  const [parts, blocks] = [true, false].map((isOne) =>
    refused.filter((one) => isPart(byAddress.get(one.address)!, one) === isOne),
  );
  const whole = new Map(blocks!.toReversed().map(({ address, reason }) => [address, reason]));
  // A block that cannot be without a field goes for what was wrong with the field.
  for (const { address, reason } of before.toReversed()) if (whole.has(address)) whole.set(address, reason);
  const gone = withHosted(resources, whole, options);
  const items = groupBy(parts!, ({ address }) => address);
  const kept = resources.filter(({ address }) => !gone.has(address));
  const there = new Set(kept.map(({ address }) => address));
  const left = kept.map((before) => {
    const desired = gone.size === 0 ? before : askFor(before, new Set(gone.keys()), options);
    const { environment } = desired;
    const out = environment && !there.has(environment) ? withoutEnvironment(desired) : desired;
    return (items.get(desired.address) ?? []).reduce(
      (one, part) => without(one, desired, part, options),
      out,
    );
  });
  const told = [
    ...before.filter(({ address }) => !gone.has(address)),
    ...[...gone].map(([address, reason]) => tellWhole(address, reason)),
    ...[...items]
      .filter(([address]) => !gone.has(address))
      .flatMap(([address, list]) => tellParts(byAddress.get(address)!, list, options)),
  ];
  return { resources: left, told };
}

function tellWhole(address: Address, reason: string): Told {
  return { address, what: address, reason, isWhole: true };
}

function tellParts(desired: Desired, parts: readonly Refused[], options: WriteOptions): readonly Told[] {
  const reasons = new Map<string, string>();
  for (const part of parts) {
    const what = fieldKey(part.field!, entryOf(desired, part, options));
    if (!reasons.has(what)) reasons.set(what, part.reason);
  }
  const { address } = desired;
  return [...reasons].map(([what, reason]) => ({ address, what, reason, isWhole: false }));
}

/** Whether a field, or an item of one, can go alone: not what a block is known by, and not what is gone already. */
function isPart({ spec }: Desired, { field }: Part): boolean {
  return (
    field !== undefined &&
    field !== "name" &&
    field !== "type" &&
    field !== "lifecycle" &&
    Object.hasOwn(spec, field)
  );
}

/**
 * Those that go, with what stands in one of them or in one that was never there: the disk of a service, the environments of a
 * project. What is in an environment stays.
 */
function withHosted(
  resources: readonly Desired[],
  whole: ReadonlyMap<Address, string>,
  { kinds }: WriteOptions,
): ReadonlyMap<Address, string> {
  const gone = new Map(whole);
  const there = new Set(resources.map(({ address }) => address).filter((address) => !gone.has(address)));
  for (let before = -1; before !== gone.size;) {
    before = gone.size;
    for (const desired of resources) {
      const { address } = desired;
      const why = gone.has(address) ? undefined : findLost(desired, there, kinds);
      if (why === undefined) continue;
      gone.set(address, why);
      there.delete(address);
    }
  }
  return gone;
}

/** Why a block cannot be written without others: what it stands in, or what tells it from another one of its name. */
function findLost(
  desired: Desired,
  there: ReadonlySet<Address>,
  kinds: WriteOptions["kinds"],
): string | undefined {
  const { address, kind, name, environment } = desired;
  const shape = shapeIn(desired, kinds);
  if (shape?.inside !== undefined) {
    const host = makeAddress(shape.inside as KindName, hostIn(desired, shape));
    return there.has(host) ? undefined : `it stands in ${host}, which is left out.`;
  }
  const isAlone = address === makeAddress(kind, name);
  if (!environment || isAlone || there.has(environment)) return undefined;
  return `${environment}, which tells it from others of its name, is left out.`;
}

/** What was taken from a resource that is left out is asked for: a reference would lead nowhere, and the value is there. */
function askFor(desired: Desired, gone: ReadonlySet<Address>, { kinds }: WriteOptions): Desired {
  const { fields = {} } = kinds.find(({ name }) => name === desired.kind) ?? {};
  const spec = Object.entries(desired.spec).map(([name, value]): [string, SpecValue] => {
    const field = fields[name];
    if (!field?.value || !field.entries || field.addressMember !== undefined || !isObject(value))
      return [name, value];
    const entries = Object.entries(value as { readonly [entry: string]: Value });
    const asked = entries.map(([entry, one]): [string, Value] =>
      one.from === "output" && gone.has(one.of) ? [entry, { from: "asked" }] : [entry, one],
    );
    return [name, Object.fromEntries(asked)];
  });
  return { ...desired, spec: Object.fromEntries(spec) };
}

function withoutEnvironment({ environment: _environment, spec, ...desired }: Desired): Desired {
  const { environment: _field, ...fields } = spec;
  return { ...desired, spec: fields };
}

/** A resource without a part. `before`: as it was written, by which the part was found. */
function without(desired: Desired, before: Desired, part: Refused, options: WriteOptions): Desired {
  const field = part.field!;
  const entry = entryOf(before, part, options);
  const now = desired.spec[field];
  if (entry === undefined || now === undefined) return withField(desired, field, undefined);
  const name = isObject(now) && Object.hasOwn(now, entry) ? field : linksOf(before, options);
  const { [entry]: _gone, ...others } = (desired.spec[name] ?? {}) as { readonly [entry: string]: Json };
  return withField(desired, name, others);
}

function withField(desired: Desired, field: string, value: SpecValue | undefined): Desired {
  const { [field]: _before, ...others } = desired.spec;
  return { ...desired, spec: value === undefined ? others : { ...others, [field]: value } };
}

/**
 * The key of the entry that an item of a written list is. `undefined`: the whole field has to go, since without an item it would
 * ask for something else: who may connect, in which order routes are tried.
 */
function entryOf(desired: Desired, { field = "", written }: Part, options: WriteOptions): string | undefined {
  const { spec } = desired;
  const value = spec[field];
  if (!isObject(value)) return undefined;
  const entries: object = value;
  if (typeof written === "string") return Object.hasOwn(entries, written) ? written : undefined;
  if (!isObject(written)) return undefined;
  const { fromGroup, key, path, name = "" } = written as { readonly [member: string]: string };
  if (fromGroup !== undefined)
    return Object.keys((spec[linksOf(desired, options)] ?? {}) as object).find(
      (group) => nameOf(group as Address) === fromGroup,
    );
  const entry = key ?? (path === undefined ? name : `${path} ${name}`);
  return entry !== undefined && Object.hasOwn(entries, entry) ? entry : undefined;
}

/** The field for links to groups, which are written among the variables. */
function linksOf({ kind }: Desired, { kinds }: WriteOptions): string {
  return kinds.find(({ name }) => name === kind)?.links ?? "";
}

function asProblem({ address, what, reason, isWhole }: Told): Problem {
  return problem(
    "warning",
    "not-exported",
    `${isWhole ? what : `${what} of ${address}`} was left out, because no file may say it: ${reason}`,
    "It stays in the account as it is. A comment in the file says so too.",
    { address },
  );
}
