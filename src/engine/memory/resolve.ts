import { kindOf, type Address } from "../../core/base/address.ts";
import type { Resolved, ResolvedValues } from "../../core/compare/comparison.ts";
import { fieldKey, whereIn, type Desired } from "../../core/model/desired.ts";
import { valuesDeclared } from "../../core/model/declared.ts";
import { declaredVariable, listLinks } from "../../core/rotation/destinations.ts";
import { describeSource, findEmptySource } from "../../core/guards/empty-source.ts";
import type { ShownOnceValue } from "../../core/rotation/deliveries.ts";
import type { Kind, Kinds } from "../../core/kind/kind.ts";
import type { Reader } from "../../core/kind/reader.ts";
import { liveSecret, type Found } from "../../core/model/live.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import { type Value, variableOf } from "../../core/model/value.ts";

/** Where values come from that do not stand in the file. */
export type Sources = {
  /** The value of an environment variable where trueup runs; `undefined` when it is not set. */
  readonly environment: (variable: string) => Secret | undefined;
  /** The content of a file, or the problem why it cannot be had. */
  readonly file: (path: string, raw: boolean) => Secret | Problem;
  /** The value given by a person for `sync: false`, by address and key; `undefined` when none was given. */
  readonly asked: (address: Address, entry: string) => Secret | undefined;
  /** `--replace-values`: a value that a person gave replaces a live one. */
  readonly replaceAsked: boolean;
};

type MaybePromise<T> = T | Promise<T>;

/** What values are resolved from. */
export type ResolveInput = {
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly kinds: Kinds;
  /** Reads the outputs of an object. */
  readonly readerOf: (address: Address) => Reader;
  readonly sources: Sources;
  /** The live object of an address, when there is one that is not deleted by this plan. */
  readonly found: (address: Address) => Found | undefined;
  /** Addresses whose object is replaced: the new object takes over the entries, and its outputs are known only later. */
  readonly leaving?: ReadonlySet<Address>;
  /** Whether a step of the plan will change one of these fields of an address. Absent: this is the run, and each step comes in its turn. */
  readonly isUnsettled?: (address: Address, fields: readonly string[]) => boolean;
  /** The value of an output that the API shows only once, as far as it is known: from where it was delivered, or a sealed copy. */
  readonly shownOnce: (
    address: Address,
    output: string,
  ) => MaybePromise<ShownOnceValue | { readonly state: "later" } | undefined>;
};

/** Resolves every declared value, by address and by field key (`envVars.KEY`). The values stay in memory and are written nowhere. */
export async function resolveAll(input: ResolveInput): Promise<ReadonlyMap<Address, ResolvedValues>> {
  const pairs = [...input.desired].map(async ([address, desired]) => {
    const values = valuesDeclared(desired, input.kinds.get(desired.kind)?.fields);
    const resolved = values.map(
      async ({ key, name, entry, value }) =>
        [key, await resolveValue(input, { address, name, entry }, value)] as const,
    );
    return [address, new Map(await Promise.all(resolved))] as const;
  });
  return new Map(await Promise.all(pairs));
}

/** A field of a resource, or an entry of one: the place that a value is for. */
type Spot = {
  readonly address: Address;
  readonly name: string;
  readonly entry?: string | undefined;
};

/**
 * Resolves the value of one field or entry. The answer is `known` with the value, `later` (a step makes it), `untouched` or
 * `kept` (what is live stays), or `missing` with the problem to show. `passed`: the references that led here, so that a circle
 * is told instead of followed.
 */
export async function resolveValue(
  input: ResolveInput,
  spot: Spot,
  value: Value,
  passed: ReadonlySet<string> = new Set(),
): Promise<Resolved> {
  switch (value.from) {
    case "literal":
      return { state: "known", secret: new Secret(value.text) };
    case "secret-literal":
      return { state: "known", secret: value.secret };
    case "environment": {
      const secret = input.sources.environment(value.variable);
      return secret
        ? knownUnlessEmpty(input, spot, value, secret)
        : { state: "missing", problem: missingVariable(input, spot, value.variable) };
    }
    case "file": {
      const secret = input.sources.file(value.path, value.raw);
      return secret instanceof Secret
        ? knownUnlessEmpty(input, spot, value, secret)
        : { state: "missing", problem: secret };
    }
    case "generated":
      return liveSecret(input.found(spot.address), spot) ? { state: "untouched" } : { state: "later" };
    case "asked": {
      const given = input.sources.asked(spot.address, spot.entry ?? spot.name);
      return given && (input.sources.replaceAsked || !liveSecret(input.found(spot.address), spot))
        ? { ...knownUnlessEmpty(input, spot, value, given), asked: true }
        : { state: "untouched" };
    }
    case "output":
      return withPath(await resolveOutput(input, spot, value, passed), value.path);
    default:
      return { state: "missing", problem: notManaged(input, spot, value) };
  }
}

function knownUnlessEmpty(
  input: ResolveInput,
  spot: Spot,
  value: Value,
  secret: Secret,
): Extract<Resolved, { state: "known" | "missing" }> {
  const what = describeSource(value) ?? "its source";
  const place = { key: fieldKey(spot.name, spot.entry), what, ...whereOf(input, spot) };
  const empty = findEmptySource(value, secret, place);
  return empty ? { state: "missing", problem: empty } : { state: "known", secret };
}

/** A public address with the path behind it. */
function withPath(resolved: Resolved, path: string | undefined): Resolved {
  if (path === undefined || resolved.state !== "known" || resolved.text === undefined) return resolved;
  const text = `${resolved.text}${path}`;
  return { ...resolved, text, secret: new Secret(text) };
}

/**
 * Resolves a reference to an output of another resource. An output of a resource that does not exist yet comes `later`. A
 * variable of a declared service has the value that the file says; a variable of any other service has its live value.
 */
async function resolveOutput(
  input: ResolveInput,
  spot: Spot,
  value: Value & { from: "output" },
  passed: ReadonlySet<string>,
): Promise<Resolved> {
  const step = `${value.of} ${value.output}`;
  if (passed.has(step)) return { state: "missing", problem: circular(input, spot, [...passed, step]) };
  const entry = variableOf(value.output);
  const declared = entry === undefined ? undefined : declaredVariable(input, value.of, entry);
  if (declared) {
    const there: Spot = { address: declared.address, name: declared.field, entry };
    const resolved = await resolveValue(input, there, declared.value, new Set([...passed, step]));
    if (resolved.state !== "untouched") return resolved;
    const live = liveSecret(input.found(there.address), there);
    if (live) return { state: "known", secret: live, live: true };
    return declared.value.from === "generated" ? { state: "later" } : { state: "untouched" };
  }
  if (input.kinds.get(kindOf(value.of))?.shownOnce?.includes(value.output))
    return resolveShownOnce(input, spot, value);
  const found = input.found(value.of);
  const desired = input.desired.get(value.of);
  const kind = input.kinds.get(kindOf(value.of));
  const isChanged = (live: Found): boolean =>
    input.isUnsettled?.(value.of, kind?.unsettledBy?.(value.output, live) ?? []) === true;
  if (!found || isChanged(found) || input.leaving?.has(value.of)) {
    const comes = !desired || kind?.yields?.(desired, value.output) !== false;
    return comes ? { state: "later" } : { state: "missing", problem: noOutput(input, spot, value) };
  }
  const output =
    (await kind?.output(input.readerOf(value.of), found, value.output)) ??
    (await readLinked(input, desired, value.output));
  if (output === undefined) return { state: "missing", problem: noOutput(input, spot, value) };
  if (typeof output === "string")
    return {
      state: "known",
      secret: new Secret(output),
      text: output,
      ...(kind?.dataBearing && { live: true }),
    };
  if (output instanceof Secret) return { state: "known", secret: output, live: true };
  return { state: "missing", problem: { ...output, ...whereOf(input, spot) } as Problem };
}

/** A variable of a group that a block links and no file declares: what the block names is looked up live. */
async function readLinked(
  { kinds, readerOf, found }: ResolveInput,
  desired: Desired | undefined,
  output: string,
): Promise<Awaited<ReturnType<Kind["output"]>>> {
  if (!desired || variableOf(output) === undefined) return undefined;
  for (const link of listLinks(desired, kinds)) {
    const group = found(link);
    const kind = kinds.get(kindOf(link));
    const value = group && (await kind?.output(readerOf(link), group, output));
    if (value !== undefined) return value;
  }
  return undefined;
}

/**
 * Resolves a value that its API showed once. While it is not known, a place that holds something keeps that (`kept`), and a
 * place that holds nothing cannot be given it (`missing`).
 */
async function resolveShownOnce(
  input: ResolveInput,
  spot: Spot,
  value: Value & { from: "output" },
): Promise<Resolved> {
  const known = await input.shownOnce(value.of, value.output);
  switch (known?.state) {
    case "known":
      return known;
    case "unknown":
      return liveSecret(input.found(spot.address), spot)
        ? { state: "kept" }
        : { state: "missing", problem: notDelivered(input, spot, value) };
    case "later":
    case "sealed":
    case "lost":
    case undefined:
      return { state: "later" };
    default:
      return known satisfies never;
  }
}

function whereOf(input: ResolveInput, spot: Spot) {
  const desired = input.desired.get(spot.address);
  return { address: spot.address, where: desired && whereIn(desired, spot.name, spot.entry) };
}

function missingVariable(input: ResolveInput, spot: Spot, variable: string): Problem {
  const message = `${fieldKey(spot.name, spot.entry)} of ${spot.address} takes its value from the environment variable ${variable}, which is not set.`;
  return problem(
    "error",
    "missing-variable",
    message,
    `Set ${variable} where trueup runs, and run again.`,
    whereOf(input, spot),
  );
}

/** Made by somebody else, or by a run whose state is gone: its value was shown once, and not to us. */
function notDelivered(input: ResolveInput, spot: Spot, value: Value & { from: "output" }): Problem {
  const message = `${fieldKey(spot.name, spot.entry)} of ${spot.address} needs the ${value.output} of ${value.of}, which RENDERCAD showed once, when it was made, and not to this state: it must be rotated to be delivered.`;
  const remedy = `Whoever uses it now has to take the new one. If that is meant: trueup rotate ${value.of}, or --rewrite ${value.of}.`;
  return problem("refusal", "must-rotate", message, remedy, whereOf(input, spot));
}

function noOutput(input: ResolveInput, spot: Spot, value: Value & { from: "output" }): Problem {
  const message = `${fieldKey(spot.name, spot.entry)} of ${spot.address} refers to ${value.output} of ${value.of}, which has no such output.`;
  return problem(
    "error",
    "unknown-output",
    message,
    "Correct the property or the key, or declare there what makes it: the variable, the pool.",
    whereOf(input, spot),
  );
}

function circular(input: ResolveInput, spot: Spot, path: readonly string[]): Problem {
  const message = `${fieldKey(spot.name, spot.entry)} of ${spot.address} refers to itself: ${path.join(" -> ")}.`;
  return problem(
    "error",
    "circular-value",
    message,
    "Write the value in one of these places.",
    whereOf(input, spot),
  );
}

function notManaged(input: ResolveInput, spot: Spot, value: { readonly from: string }): Problem {
  const message = `${fieldKey(spot.name, spot.entry)} of ${spot.address} comes from ${value.from}, which trueup does not manage yet.`;
  return problem(
    "error",
    "source-not-managed",
    message,
    "Take the value from another source for now.",
    whereOf(input, spot),
  );
}
