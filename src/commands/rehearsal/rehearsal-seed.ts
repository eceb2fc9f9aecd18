import { kindOf, makeAddress, type Address } from "../../core/base/address.ts";
import {
  defaultLifecycle,
  fieldKey,
  type Desired,
  type DesiredState,
  type SpecValue,
} from "../../core/model/desired.ts";
import { valuesDeclared } from "../../core/model/declared.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Found, LiveValue } from "../../core/model/live.ts";
import { digestOf } from "../../core/base/digest.ts";
import { Secret } from "../../core/base/secret.ts";
import { type Value, variableOutput } from "../../core/model/value.ts";
import type { Sources } from "../../engine/memory/resolve.ts";
import { kinds } from "../../providers/kinds.ts";
import type { Planned } from "../planning/plan-account.ts";

/**
 * A world to rehearse in: the live objects as a file that the simulator can load, the desired ones, and the sources of
 * their values. No value of the real world is in it: where live and file agree both have the same stand-in, where they
 * differ they differ.
 */
export type Seed = {
  readonly live: DesiredState;
  readonly desired: DesiredState;
  readonly sources: Sources;
  /** Field keys, by address, that the plan leaves as they are. */
  readonly unchanged: (address: Address, key: string) => boolean;
};

/** What a rehearsal of a plan starts from. The real values are looked at for being equal, and none of them is in it. */
export function makeSeed(planned: Planned): Seed {
  const changed = new Map(
    planned.plan.changes.map((change) => [
      change.address,
      new Set([...change.fields, ...change.optional].map(({ field, entry }) => fieldKey(field, entry))),
    ]),
  );
  const unchanged = (address: Address, key: string): boolean =>
    !(changed.get(address)?.has(key) || changed.get(address)?.has(key.split(".")[0]!));
  const resources = planned.start.state.resources.map(withStandIns);
  const { workspace: _theirs, ...settings } = planned.start.state.settings;
  const desired: DesiredState = { ...planned.start.state, resources, settings };
  const declared = new Map(resources.map((one) => [one.address, one]));
  const standIn = numberSecrets(planned);
  const shownOnce = findShownOnce(planned);
  const found = [...planned.account.found].filter(
    ([address, one]) => !comesWithAnother(address, one, planned),
  );
  const live = found.map(([address, one]) =>
    describeLive(address, one, (key, secret) => {
      const value = valueAt(declared.get(address), key);
      const isSame = value !== undefined && unchanged(address, key);
      const source = shownOnce(secret);
      if (source) return source;
      if (isSame && value.from === "asked" && planned.sources.replaceAsked)
        return { from: "literal", text: answerFor(address, key) };
      return isSame && value.from !== "asked" && value.from !== "generated"
        ? value
        : { from: "literal", text: standIn(secret) };
    }),
  );
  return {
    live: { ...desired, resources: live, targets: [] },
    desired,
    sources: standInSources(planned.sources),
    unchanged,
  };
}

/** Whether an object is made along with another one: the simulator makes the twin of a domain by itself. */
function comesWithAnother(address: Address, { derivedFrom }: Found, { account }: Planned): boolean {
  return derivedFrom !== undefined && account.found.has(makeAddress(kindOf(address), derivedFrom));
}

/** Equal secrets get equal numbers; nothing else of them is kept. */
function numberSecrets({ start }: Planned): (secret: Secret) => string {
  const { key } = start.remembered;
  const numbers = new Map<string, number>();
  return (secret) => {
    const digest = digestOf(key, { address: "", field: "rehearsal" }, secret);
    const number = numbers.get(digest) ?? numbers.size + 1;
    numbers.set(digest, number);
    return `live value ${number}`;
  };
}

/** A live value that an answer showed once is taken from the same output there, whatever the file says of it by now. */
function findShownOnce({ start, values }: Planned): (secret: Secret) => Value | undefined {
  const { key } = start.remembered;
  const place = { address: "", field: "rehearsal" } as const;
  const known = new Map(
    [...values.deliveries].flatMap(([of, delivery]) =>
      [...delivery.values].flatMap(([output, value]) =>
        value.state === "known"
          ? [[digestOf(key, place, value.secret), { from: "output", of, output } as const] as const]
          : [],
      ),
    ),
  );
  return (secret) => known.get(digestOf(key, place, secret));
}

type StandIn = (key: string, secret: Secret) => Value;

/** A live object as a block: it speaks the file's language already. */
function describeLive(address: Address, found: Found, standIn: StandIn): Desired {
  const kind = kinds.get(kindOf(address));
  const fields = Object.entries(found.spec).flatMap(
    ([name, value]): readonly (readonly [string, SpecValue])[] =>
      value === undefined || name === "environment"
        ? []
        : [[name, describeField(kind, name, value, standIn)]],
  );
  const environment = found.spec["environment"];
  return {
    address,
    kind: kindOf(address),
    name: found.name,
    spec: Object.fromEntries(fields),
    lifecycle: defaultLifecycle,
    ...(typeof environment === "string" &&
      environment.includes("/") && { environment: environment as Address }),
    where: { file: "live", line: 1, column: 1 },
    places: new Map(),
    needs: [],
  };
}

function describeField(kind: Kind | undefined, name: string, value: LiveValue, standIn: StandIn): SpecValue {
  if (value instanceof Secret) return standIn(name, value);
  if (!kind?.fields[name]?.entries || !isObject(value)) return value as Json;
  const entries = Object.entries(value).map(
    ([entry, one]) => [entry, one instanceof Secret ? standIn(fieldKey(name, entry), one) : one] as const,
  );
  return Object.fromEntries(entries);
}

function valueAt(desired: Desired | undefined, key: string): Value | undefined {
  const values = desired ? valuesDeclared(desired, kinds.get(desired.kind)?.fields) : [];
  return values.find((one) => one.key === key)?.value;
}

/** The same block with stand-ins for secrets that stand in the file itself. */
function withStandIns(desired: Desired): Desired {
  const replace = (key: string, value: unknown): unknown =>
    isObject(value) && value["from"] === "secret-literal" && value["secret"] instanceof Secret
      ? { from: "secret-literal", secret: new Secret(`secret of ${desired.address} ${key}`) }
      : value;
  const spec = Object.entries(desired.spec).map(([name, value]) => {
    if (!isObject(value) || typeof value["from"] === "string") return [name, replace(name, value)] as const;
    const entries = Object.entries(value).map(([entry, one]) => [entry, replace(fieldKey(name, entry), one)]);
    return [name, Object.fromEntries(entries) as unknown] as const;
  });
  return { ...desired, spec: Object.fromEntries(spec) as Desired["spec"] };
}

/** The words that the simulator's loader stands in for values of the same sources. */
function standInSources(sources: Sources): Sources {
  return {
    environment: (variable) => sources.environment(variable) && new Secret(`value of ${variable}`),
    file: (path, raw) => {
      const found = sources.file(path, raw);
      return found instanceof Secret ? new Secret(`content of ${path}`) : found;
    },
    asked: (address, entry) =>
      sources.asked(address, entry) && new Secret(answerFor(address, variableOutput(entry))),
    replaceAsked: sources.replaceAsked,
  };
}

function answerFor(address: Address, key: string): string {
  return `answer for ${address} ${key}`;
}
