import type { FieldChange, Note, Shown, Verdict } from "./change.ts";
import { fieldKey, placeOf, type Desired, type SpecValue } from "./desired.ts";
import type { Field } from "./field.ts";
import { unknownDigest, type Owned } from "./inventory.ts";
import { canonical, isObject, sameJson, type Json } from "./json.ts";
import type { LiveValue } from "./live.ts";
import type { Problem } from "./problem.ts";
import { digestOf, fingerprint, type Digest, type DigestKey } from "./digest.ts";
import { Secret, sameSecret } from "./secret.ts";
import { describeValue, type Value } from "./value.ts";

/**
 * What a symbolic value is right now, for comparing: resolved in memory only. `later`: exists only after a step of this
 * run. `left`: generated or asked for and not ours to touch. `kept`: nobody can tell what it is, and something is live.
 * `missing`: its source is not there.
 */
export type Resolved =
  | {
      readonly state: "known";
      readonly secret: Secret;
      /** Somebody gave it: it is the value of a `sync: false`, or taken from one. */
      readonly asked?: true;
    }
  | { readonly state: "later" }
  | { readonly state: "left" }
  | { readonly state: "kept" }
  | { readonly state: "missing"; readonly problem: Problem };

/** Resolved values of one resource by field key. */
export type ResolvedValues = ReadonlyMap<string, Resolved>;

export type Comparison = {
  readonly desired: Desired;
  readonly owned: Owned | undefined;
  readonly resolved: ResolvedValues;
  readonly key: DigestKey;
  /** `--rewrite`: what no API shows is sent again. */
  readonly isRewritten?: boolean;
};

/** `same`: nothing to do; `stale`: the inventory does not know it yet, or (`moved`) remembers something else. */
export type Compared =
  | { readonly result: "same"; readonly stale: boolean; readonly moved?: boolean }
  | { readonly result: "differs"; readonly change: FieldChange }
  | { readonly result: "note"; readonly note: Note }
  /** Nobody can see it, and nothing is remembered of it: taken for equal from now on, and said. */
  | { readonly result: "unseen"; readonly note: Note }
  /** Asked for, and nobody gave it yet: `change` is written only if somebody does. */
  | { readonly result: "asked"; readonly note: Note; readonly change: FieldChange };

/** The digest that is remembered for a field once live equals the file; a value nobody compares is remembered by its source. */
export function digestDesired(
  comparison: Comparison,
  field: Field,
  name: string,
  entry: string | undefined,
  value: SpecValue,
): Digest | undefined {
  const key = fieldKey(name, entry);
  const place = { address: comparison.desired.address, field: key };
  if (!field.value) return digestOf(comparison.key, place, canonical(normalised(field, value as Json)));
  const resolved = comparison.resolved.get(key);
  if (resolved?.state === "known") return digestOf(comparison.key, place, resolved.secret);
  if (resolved?.state === "kept") return digestOf(comparison.key, place, resolved.state);
  const source = value as Value;
  if (source.from === "generated" || source.from === "asked")
    return digestOf(comparison.key, place, source.from);
  return undefined;
}

export function compareField(
  comparison: Comparison,
  field: Field,
  at: { readonly name: string; readonly entry?: string },
  value: SpecValue,
  live: LiveValue | undefined,
): Compared {
  return field.value
    ? compareValue(comparison, field, at, value as Value, live)
    : comparePlain(comparison, field, at, value as Json, live as Json | undefined);
}

function comparePlain(
  comparison: Comparison,
  field: Field,
  at: { readonly name: string; readonly entry?: string },
  value: Json,
  live: Json | undefined,
): Compared {
  const key = fieldKey(at.name, at.entry);
  const wanted = normalised(field, value);
  const present = live === undefined ? undefined : projected(wanted, normalised(field, live));
  const remembered = rememberedOf(comparison, key);
  const digest = digestDesired(comparison, field, at.name, at.entry, value);
  if (isSamePlain(field, wanted, present))
    return {
      result: "same",
      stale: remembered !== digest,
      moved: remembered !== undefined && remembered !== digest,
    };
  const place = { address: comparison.desired.address, field: key };
  const liveDigest = present === undefined ? undefined : digestOf(comparison.key, place, canonical(present));
  const change = changeOf(comparison, field, at, {
    before: live === undefined ? { show: "absent" } : { show: "public", value: projected(value, live) },
    after: { show: "public", value },
    verdict: judge(remembered, digest, liveDigest),
  });
  const replaces = present !== undefined && field.replaces?.(wanted, present) === true;
  return { result: "differs", change: { ...change, forcesReplace: change.forcesReplace || replaces } };
}

function compareValue(
  comparison: Comparison,
  field: Field,
  at: { readonly name: string; readonly entry?: string },
  value: Value,
  live: LiveValue | undefined,
): Compared {
  const key = fieldKey(at.name, at.entry);
  const place = { address: comparison.desired.address, field: key };
  const liveSecret = live instanceof Secret ? live : undefined;
  const resolved = comparison.resolved.get(key) ?? { state: "later" };
  const remembered = rememberedOf(comparison, key);
  const digest = digestDesired(comparison, field, at.name, at.entry, value);
  if (field.writeOnly && resolved.state === "known") return compareUnseen(comparison, field, at, value);
  // Asked for and not given, or a reference to such a value: what is live stays.
  if (resolved.state === "left" && value.from !== "generated") {
    if (liveSecret !== undefined || (field.writeOnly && remembered !== undefined))
      return { result: "same", stale: remembered === undefined };
    const note: Note = { note: "needs-value", field: at.name, entry: at.entry ?? at.name };
    return {
      result: "asked",
      note,
      change: changeOf(comparison, field, at, {
        before: { show: "absent" },
        after: showValue(value, undefined),
        verdict: "unknown",
      }),
    };
  }
  if (resolved.state === "kept") {
    if (remembered !== undefined) return { result: "same", stale: false };
    return {
      result: "unseen",
      note: unseenNote(at, "its value was shown once, so nobody can tell whether this is it"),
    };
  }
  if (value.from === "generated" && liveSecret !== undefined)
    return {
      result: "same",
      stale: remembered !== digest,
      moved: remembered !== undefined && remembered !== digest,
    };
  if (resolved.state === "missing") {
    const note = { note: "cannot-compare" as const, field: at.name, reason: resolved.problem.message };
    return { result: "note", note: at.entry === undefined ? note : { ...note, entry: at.entry } };
  }
  if (resolved.state === "known" && liveSecret !== undefined && sameSecret(resolved.secret, liveSecret)) {
    return {
      result: "same",
      stale: remembered !== digest,
      moved: remembered !== undefined && remembered !== digest,
    };
  }
  const liveDigest = liveSecret && digestOf(comparison.key, place, liveSecret);
  const before: Shown =
    liveDigest === undefined ? { show: "absent" } : { show: "secret", fingerprint: fingerprint(liveDigest) };
  const sides = { before, after: showValue(value, digest), verdict: judge(remembered, digest, liveDigest) };
  const change = changeOf(comparison, field, at, sides);
  const isAsked = resolved.state === "known" && resolved.asked === true && liveSecret === undefined;
  return { result: "differs", change: isAsked ? { ...change, asked: true } : change };
}

/**
 * A value that can be written and never read: the file moved when its digest did. Something that was not ours before is
 * taken to have it (product page, section 5: cannot be verified, not a change).
 */
function compareUnseen(
  comparison: Comparison,
  field: Field,
  at: { readonly name: string; readonly entry?: string },
  value: Value,
): Compared {
  const key = fieldKey(at.name, at.entry);
  const remembered = rememberedOf(comparison, key);
  const digest = digestDesired(comparison, field, at.name, at.entry, value);
  const { isRewritten = false } = comparison;
  if (remembered === digest && !isRewritten) return { result: "same", stale: false };
  const isKnown = comparison.owned !== undefined && comparison.owned.fields[key] !== unknownDigest;
  if (!isKnown && !isRewritten) {
    return { result: "unseen", note: unseenNote(at, "no API shows it, so it is taken to be the file's") };
  }
  const before: Shown =
    remembered === undefined ? { show: "absent" } : { show: "secret", fingerprint: fingerprint(remembered) };
  const verdict = remembered === undefined ? "unknown" : "file";
  return {
    result: "differs",
    change: changeOf(comparison, field, at, { before, after: showValue(value, digest), verdict }),
  };
}

/** A digest that was made with another key says nothing. */
function rememberedOf({ owned }: Comparison, key: string): Digest | undefined {
  const digest = owned?.fields[key];
  return digest === unknownDigest ? undefined : digest;
}

function unseenNote(at: { readonly name: string; readonly entry?: string }, reason: string): Note {
  const entry = at.entry === undefined ? {} : { entry: at.entry };
  return { note: "cannot-compare", field: at.name, ...entry, reason };
}

function changeOf(
  comparison: Comparison,
  field: Field,
  at: { readonly name: string; readonly entry?: string },
  sides: Pick<FieldChange, "before" | "after" | "verdict">,
): FieldChange {
  return {
    ...identify(comparison, at),
    ...sides,
    removed: false,
    forcesReplace: field.onChange === "replace",
  };
}

/** A declared value as a plan shows it: public text, else where it comes from, with four digits of its digest when known. */
export function showValue(value: Value, digest: Digest | undefined): Shown {
  switch (value.from) {
    case "literal":
      return { show: "public", value: value.text };
    case "secret-literal":
      return digest === undefined
        ? { show: "source", text: "in the file" }
        : { show: "secret", fingerprint: fingerprint(digest) };
    case "output":
      return {
        show: "source",
        text: value.output.startsWith("envVars.") ? `from ${value.of} ${value.output}` : `from ${value.of}`,
      };
    case "environment":
      return { show: "source", text: `from the environment, ${value.variable}` };
    case "file":
      return { show: "source", text: `from the file ${value.path}` };
    case "generated":
      return { show: "source", text: "generated once" };
    case "asked":
      return { show: "source", text: "asked for at apply" };
    default: {
      const described = describeValue(value satisfies never);
      return { show: "source", text: canonical(described) };
    }
  }
}

function identify(comparison: Comparison, at: { readonly name: string; readonly entry?: string }) {
  return {
    field: at.name,
    ...(at.entry !== undefined && { entry: at.entry }),
    where: placeOf(comparison.desired, at.name, at.entry),
  };
}

/** Product page, section 1: changed in the file, changed outside, or both; nothing remembered means nothing can be said. */
function judge(
  remembered: Digest | undefined,
  desired: Digest | undefined,
  live: Digest | undefined,
): Verdict {
  if (remembered === undefined) return "unknown";
  if (remembered === desired) return "outside";
  return remembered === live ? "file" : "both";
}

function normalised(field: Field, value: Json): Json {
  return field.normal && value !== null ? field.normal(value) : value;
}

function isSamePlain(field: Field, wanted: Json, live: Json | undefined): boolean {
  if (live !== undefined && field.same?.(wanted, live)) return true;
  return isEmpty(wanted) ? isCleared(live) : live !== undefined && sameJson(wanted, live);
}

/** An empty list is no such wish: nobody may connect is not what an absent one says. */
function isEmpty(wanted: Json): boolean {
  return !Array.isArray(wanted) && isCleared(wanted);
}

/** What a cleared or empty field reads back as differs by field: absent, null, "" or an empty list (recorded: services, Postgres). */
function isCleared(live: Json | undefined): boolean {
  if (live === undefined || live === null || live === "") return true;
  return Array.isArray(live)
    ? live.length === 0
    : isObject(live) && Object.values(live).every((member) => isCleared(member));
}

/** Members of an object that the file does not name are not ours: live is cut down to what is asked before comparing. */
function projected(wanted: Json, live: Json): Json {
  if (!isObject(wanted) || !isObject(live)) return live;
  const members = Object.entries(wanted).map(([key, member]) => {
    const inner = live[key];
    return [key, inner === undefined ? null : projected(member, inner)] as const;
  });
  return Object.fromEntries(members);
}
