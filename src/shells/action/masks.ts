import { matchesAny } from "../../core/base/glob.ts";
import type { Inputs } from "./inputs.ts";

type Environment = { readonly [name: string]: string | undefined };

/** Variables whose value is a secret of trueup's own. */
const own = ["RENDER_API_KEY", "RENDERCAD_API_TOKEN", "TRUEUP_STATE_KEY"];

/**
 * Every text that the log must never show: keys, and what the file may take from the environment. The runner masks line by line, so
 * a text of several lines is masked as such and by its lines.
 */
export function masksOf(
  inputs: Pick<Inputs, "keys" | "githubToken" | "allowEnv">,
  environment: Environment,
): readonly string[] {
  const { keys, githubToken, allowEnv } = inputs;
  const taken = Object.keys(environment).filter((name) => matchesAny(allowEnv, name));
  const texts = [...Object.values(keys), githubToken, ...[...own, ...taken].map((name) => environment[name])];
  const lines = texts.flatMap((text) => (text === undefined ? [] : [text, ...text.split(/\r?\n/u)]));
  // A mask of a letter or two would blacken every log, and hides nothing.
  return [...new Set(lines.map((line) => line.trim()))].filter((line) => line.length > 3);
}
