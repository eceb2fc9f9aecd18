import { readFileSync } from "node:fs";
import type { Problem } from "../../../core/base/problem.ts";
import { addFrames } from "../../../file/blocks/add-frames.ts";

/**
 * The lines of the file that problems are about, beside them. `files`: what the command was given, whose settings say what is
 * secret. A file that cannot be read gives no frame.
 */
export function framed(problems: readonly Problem[], files: readonly string[]): readonly Problem[] {
  const bare = problems.flatMap(({ where, frame }) => (where && frame === undefined ? [where.file] : []));
  if (bare.length === 0) return problems;
  const sources = [...new Set([...files, ...bare])].flatMap((name) => {
    const text = readText(name);
    return text === undefined ? [] : [{ name, text }];
  });
  return addFrames(problems, sources);
}

function readText(name: string): string | undefined {
  try {
    return readFileSync(name, "utf8");
  } catch {
    return undefined;
  }
}
