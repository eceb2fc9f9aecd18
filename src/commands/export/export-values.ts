import { matchesAny } from "../../core/base/glob.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { revealSecret, type Secret } from "../../core/base/secret.ts";
import { literal, type Value } from "../../core/model/value.ts";
import { findSecrecy, makeSecrecy } from "../../file/base/secrecy.ts";

const secrecy = makeSecrecy([], []);

/**
 * The one place where a live value may become text: a response header, which every visitor sees, or a variable that
 * `--literals` names and that does not look like a secret. Everything else stays where it is: `sync: false`.
 */
export function exportLiteral(
  place: { readonly field: string; readonly entry?: string; readonly address: string },
  live: Secret,
  literals: readonly string[],
  tell: (problem: Problem) => void,
): Value {
  if (place.field === "headers") return literal(revealSecret(live));
  const { entry, address } = place;
  if (entry === undefined || !matchesAny(literals, entry)) return { from: "asked" };
  const text = revealSecret(live);
  const why = findSecrecy(entry, text, secrecy);
  if (why === undefined) return literal(text);
  const message = `${entry} of ${address} was not written as a literal: it looks like a secret, ${why}.`;
  tell(
    problem(
      "warning",
      "literal-withheld",
      message,
      "It is sync: false in the file. If it is public, write it in by hand.",
      { address },
    ),
  );
  return { from: "asked" };
}

/** Whether a live value that was not written out could be: `--literals` with its key would. Says nothing else of the value. */
export function looksPublic(entry: string, live: Secret): boolean {
  return findSecrecy(entry, revealSecret(live), secrecy) === undefined;
}
