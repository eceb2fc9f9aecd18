import type { Desired, DesiredState } from "../../src/core/model/desired.ts";
import type { Problem } from "../../src/core/base/problem.ts";
import { readDesired, type FileResult } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";

export const today = "2026-11-22";

/** As if every kind were managed already: what the file means does not depend on what plans act on. */
export const allKinds = fileKinds.map((kind) => ({ ...kind, managed: true }));

export function readText(text: string, name = "trueup.yaml"): FileResult {
  return readDesired([{ name, text }], { kinds: allKinds, today });
}

/** For texts that must load. */
export function stateOf(text: string): DesiredState {
  const { state, problems } = readText(text);
  if (!state) throw new Error(problems.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return state;
}

/** The single resource of the text, or the one with the address. */
export function resourceOf(text: string, address?: string): Desired {
  const { resources } = stateOf(text);
  const found = address === undefined ? resources[0] : resources.find((one) => one.address === address);
  if (!found)
    throw new Error(`no ${address ?? "resource"} in ${resources.map((one) => one.address).join(", ")}`);
  return found;
}

/** `severity code line:column`, as short as a test can read it. */
export function toldBy(result: { readonly problems: readonly Problem[] }): readonly string[] {
  return result.problems.map(
    ({ severity, code, where }) => `${severity} ${code} ${where?.line ?? 0}:${where?.column ?? 0}`,
  );
}
