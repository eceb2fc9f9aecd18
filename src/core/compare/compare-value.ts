import type { Note, Shown } from "../model/change.ts";
import type { Compared, Comparison, Resolved } from "./comparison.ts";
import { fieldKey } from "../model/desired.ts";
import { digestOf, fingerprint, type Digest } from "../base/digest.ts";
import type { Field } from "../model/field.ts";
import { changeOf, digestDesired, judgeValue, rememberedOf, type Place } from "./field-change.ts";
import { unknownDigest } from "../model/inventory.ts";
import { canonical } from "../base/json.ts";
import type { LiveValue } from "../model/live.ts";
import { Secret, sameSecret } from "../base/secret.ts";
import { describeValue, type Value, variableOf } from "../model/value.ts";

/**
 * Compares a field, or an entry, whose content is a `Value`. What is known of the
 * value right now decides; the first line that fits counts:
 *
 *     the value                                    what comes of it
 *     known, of a field that no API shows          compared by digest with what was last sent (`compareUnseen`)
 *     `untouched`: asked for and not given         what is live stays (`compareUntouched`)
 *     `kept`: shown once, and not known            the same if something is remembered, else told as unseen
 *     generated, and one is live                   the same
 *     its source is missing                        a note that it cannot be compared
 *     known, and equal to live                     the same
 *     anything else                                a difference
 */
export function compareValue(
  comparison: Comparison,
  field: Field,
  at: Place,
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
  if (resolved.state === "untouched" && value.from !== "generated")
    return compareUntouched(comparison, field, at, { value, liveSecret });
  if (resolved.state === "kept") {
    if (remembered !== undefined) return { result: "same", stale: false };
    return {
      result: "unseen",
      note: unseenNote(at, "its value was shown once, so it cannot be compared with this one"),
    };
  }
  if (value.from === "generated" && liveSecret !== undefined)
    return {
      result: "same",
      stale: remembered !== digest,
      moved: remembered !== undefined && remembered !== digest,
    };
  if (resolved.state === "missing") return { result: "note", note: cannotCompare(at, resolved) };
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
  const verdict = judgeValue(comparison, key, value, { desired: digest, live: liveDigest });
  const sides = { before, after: showValue(value, digest), verdict };
  const change = changeOf(comparison, field, at, sides);
  const isAsked = resolved.state === "known" && resolved.asked === true && liveSecret === undefined;
  return { result: "differs", change: isAsked ? { ...change, asked: true } : change };
}

/** The note about a value whose source is not there. */
export function cannotCompare(at: Place, { problem }: Extract<Resolved, { state: "missing" }>): Note {
  const note = { note: "cannot-compare" as const, field: at.name, reason: problem.message };
  return at.entry === undefined ? note : { ...note, entry: at.entry };
}

/**
 * Compares a value that is asked for and not given, or a reference to such a value: what is live stays. A `sync: false`
 * value that was set or adopted is known by its keyed digest. When live has another one by now, that is told and left
 * alone; when live has none any more, that is a difference which needs a value.
 */
function compareUntouched(
  comparison: Comparison,
  field: Field,
  at: Place,
  { value, liveSecret }: { readonly value: Value; readonly liveSecret: Secret | undefined },
): Compared {
  const remembered = rememberedOf(comparison, fieldKey(at.name, at.entry));
  if (field.writeOnly)
    return remembered === undefined
      ? { result: "unseen", note: unseenNote(at, "no API shows it, so it stays as it is") }
      : { result: "same", stale: false };
  if (liveSecret !== undefined)
    return value.from === "asked" && remembered !== undefined
      ? compareAsked(comparison, at, { remembered, liveSecret })
      : { result: "same", stale: remembered === undefined };
  const isLost = value.from === "asked" && remembered !== undefined;
  const before: Shown = { show: "absent" };
  const sides = {
    before,
    after: showValue(value, undefined),
    verdict: isLost ? "outside" : "unknown",
  } as const;
  const change = changeOf(comparison, field, at, sides);
  const note: Note = {
    note: "needs-value",
    field: at.name,
    ...(at.entry !== undefined && { entry: at.entry }),
  };
  return isLost
    ? { result: "lost", note, change: { ...change, asked: true, unanswered: true } }
    : { result: "asked", note, change };
}

function compareAsked(
  { key, desired }: Comparison,
  at: Place,
  { remembered, liveSecret }: { readonly remembered: Digest; readonly liveSecret: Secret },
): Compared {
  const place = { address: desired.address, field: fieldKey(at.name, at.entry) };
  const live = digestOf(key, place, liveSecret);
  if (remembered === live) return { result: "same", stale: false };
  // Older inventories hold only that there was a value, and not its digest.
  if (remembered === digestOf(key, place, "asked")) return { result: "same", stale: true };
  const [before, after] = [fingerprint(remembered), fingerprint(live)];
  const note: Note = { note: "secret-changed", field: at.name, entry: at.entry ?? at.name, before, after };
  return { result: "note", note };
}

/**
 * Compares a value that can be written and never read, by the digest of what was last sent: where the file's digest is
 * another one, the file moved. An object that was not owned before is taken to have the file's value (product page,
 * section 5: cannot be verified, not a change).
 */
function compareUnseen(comparison: Comparison, field: Field, at: Place, value: Value): Compared {
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
  // What was last sent is all that is known of live; `--rewrite` sends it again.
  const verdict =
    remembered !== undefined && remembered === digest
      ? "file"
      : judgeValue(comparison, key, value, { desired: digest, live: remembered });
  return {
    result: "differs",
    change: changeOf(comparison, field, at, { before, after: showValue(value, digest), verdict }),
  };
}

function unseenNote(at: Place, reason: string): Note {
  const entry = at.entry === undefined ? {} : { entry: at.entry };
  return { note: "cannot-verify", field: at.name, ...entry, reason };
}

/** A declared value as a plan shows it: public text as it is, a secret of the file as four hex digits, else where it comes from. */
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
        text:
          variableOf(value.output) !== undefined ? `from ${value.of} ${value.output}` : `from ${value.of}`,
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
