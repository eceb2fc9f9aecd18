import { problem, type Problem } from "../base/problem.ts";
import { isBlankSecret, type Secret } from "../base/secret.ts";
import type { Value } from "../model/value.ts";

/**
 * A source that is there and empty is nearly always a mistake: a secret that a fork's job does not get, a file that a failed
 * command left. Nothing but white space counts as empty too. It would wipe a live secret, so it is an error of `apply`
 * unless `allowEmpty: true` stands beside it.
 *
 * `what` names where the value is taken from, in a sentence: "the environment variable TOKEN". `undefined`: it may be used.
 */
export function findEmptySource(
  value: Value,
  secret: Secret,
  place: { readonly key: string; readonly what: string } & NonNullable<Parameters<typeof problem>[4]>,
): Problem | undefined {
  const { key, what, ...more } = place;
  const isMeant = "allowEmpty" in value && value.allowEmpty;
  if (isMeant || !isBlankSecret(secret)) return undefined;
  const message = `${key} of ${more.address} takes its value from ${what}, which is there and empty.`;
  const remedy =
    "Give it a value, and run again; if an empty one is meant, write `allowEmpty: true` beside the source.";
  return problem("error", "empty-source", message, remedy, more);
}

/** The source of a value in words, for sources that may be empty by mistake; `undefined` for all others. */
export function describeSource(value: Value): string | undefined {
  switch (value.from) {
    case "environment":
      return `the environment variable ${value.variable}`;
    case "file":
      return `the file ${value.path}`;
    case "asked":
      return "what was given for it (--values)";
    case "literal":
    case "secret-literal":
    case "output":
    case "generated":
      return undefined;
    default:
      return value satisfies never;
  }
}
