import { realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { parseAddress } from "../../core/base/address.ts";
import { whereIn, type DesiredState } from "../../core/model/desired.ts";
import { valuesDeclared } from "../../core/model/declared.ts";
import { matchesAny } from "../../core/base/glob.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import type { Sources } from "../../engine/memory/resolve.ts";
import { kinds } from "../../providers/kinds.ts";
import { isInside, repositoryRoot } from "../../store/file/state-folder.ts";
import type { Deps, Environment } from "../base/deps.ts";
import { readValueFile } from "../base/sealed-file.ts";

/** What was typed about where values come from. */
export type SourceInput = {
  /** `--values FILE`: dotenv lines for `sync: false` variables. */
  readonly values?: string;
  readonly replaceValues: boolean;
  /** `--allow-env GLOB`, in addition to TRUEUP_ALLOW_ENV; none: every variable but the reserved ones. */
  readonly allowEnv: readonly string[];
};

type SourceDeps = Pick<Deps, "environment" | "folder" | "readFile">;

/** Where values come from, and the keys of `--values` as they stand there: `KEY`, or `ADDRESS KEY`. */
export type GivenSources = Sources & { readonly given: readonly string[] };

/** Where values come from, read before anything is compared. Nothing of it is kept. */
export async function makeSources(
  input: SourceInput,
  deps: SourceDeps,
  state: DesiredState,
): Promise<GivenSources> {
  const given = input.values === undefined ? new Map<string, Secret>() : await readValues(input.values, deps);
  const files = await readValueFiles(deps, state);
  return {
    environment: (variable) => readVariable(deps.environment, variable, input.allowEnv),
    file: (path, raw) => files.get(fileKey(path, raw)) ?? fileProblem(path, "was not read"),
    asked: (address, entry) => given.get(`${address} ${entry}`) ?? given.get(entry),
    replaceAsked: input.replaceValues,
    given: [...given.keys()],
  };
}

/** Keys that hold the credentials of this very run can never be read into a value (product page, section 6). */
const reserved = ["RENDER_", "RENDERCAD_", "GITHUB_", "ACTIONS_", "TRUEUP_"];

function readVariable(
  environment: Environment,
  variable: string,
  allowed: readonly string[],
): Secret | undefined {
  if (reserved.some((prefix) => variable.toUpperCase().startsWith(prefix))) return undefined;
  const globs = [
    ...allowed,
    ...(environment["TRUEUP_ALLOW_ENV"] ?? "").split(/[,\s]+/u).filter((glob) => glob !== ""),
  ];
  if (globs.length > 0 && !matchesAny(globs, variable)) return undefined;
  const text = environment[variable];
  return text === undefined ? undefined : new Secret(text.replace(finalBreak, ""));
}

/** One final line break of a variable is dropped, as `$(command)` of a shell does; a file keeps it with `raw`. */
const finalBreak = /\r?\n$/u;

/** A warning for every value whose variable ends with a line break, which is dropped. */
export function remarkLineBreaks(environment: Environment, state: DesiredState): readonly Problem[] {
  return state.resources.flatMap((desired) =>
    valuesDeclared(desired, kinds.get(desired.kind)?.fields).flatMap(({ key, name, entry, value }) => {
      if (value.from !== "environment" || !finalBreak.test(environment[value.variable] ?? "")) return [];
      const { address } = desired;
      const message = `${key} of ${address} takes its value from the environment variable ${value.variable}, which ends with a line break: that is dropped.`;
      const remedy =
        "Set the variable without it. A text that has to end so comes from a file, with `raw: true`.";
      const where = whereIn(desired, name, entry);
      return [problem("warning", "line-break-dropped", message, remedy, { where, address })];
    }),
  );
}

/** dotenv, encrypted with age or not: `KEY=value`, `ADDRESS KEY=value` for one resource only, quotes optional, `#` starts a comment line. */
async function readValues(name: string, deps: SourceDeps): Promise<ReadonlyMap<string, Secret>> {
  const text = await readValueFile(deps, resolve(deps.folder, name), name);
  if (text === undefined)
    throw new ProblemError([
      problem("error", "no-file", `The file ${name} is not there.`, "Correct the name after --values."),
    ]);
  const values = new Map<string, Secret>();
  const problems: Problem[] = [];
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const match = /^(?:export\s+)?(?:(\S+)\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/u.exec(line.trim());
    const address = match?.[1];
    if (!match || (address !== undefined && !parseAddress(address))) {
      const where = { file: name, line: index + 1, column: 1 };
      problems.push(
        problem("error", "values-syntax", "This line is not KEY=value or ADDRESS KEY=value.", "Correct it.", {
          where,
        }),
      );
      continue;
    }
    values.set(address === undefined ? match[2]! : `${address} ${match[2]!}`, new Secret(unquote(match[3]!)));
  }
  if (problems.length > 0) throw new ProblemError(problems);
  return values;
}

function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/u.exec(text);
  if (!quoted) return text;
  return quoted[1] === '"' ? quoted[2]!.replaceAll("\\n", "\n").replaceAll('\\"', '"') : quoted[2]!;
}

/** Reads every file that a value names, so that resolving stays free of waiting. */
async function readValueFiles(
  deps: SourceDeps,
  state: DesiredState,
): Promise<ReadonlyMap<string, Secret | Problem>> {
  const wanted = new Map<string, { readonly path: string; readonly raw: boolean }>();
  for (const desired of state.resources)
    for (const { value } of valuesDeclared(desired, kinds.get(desired.kind)?.fields))
      if (value.from === "file") wanted.set(fileKey(value.path, value.raw), value);
  const root = await repositoryRoot(dirname(resolve(deps.folder, state.files[0] ?? ".")));
  const read = [...wanted].map(
    async ([key, { path, raw }]) => [key, await readInside(root, path, raw, deps)] as const,
  );
  return new Map(await Promise.all(read));
}

function fileKey(path: string, raw: boolean): string {
  return `${raw ? "raw" : "text"} ${path}`;
}

/** Inside the repository, through no link out of it, encrypted with age or not; one final newline is dropped unless `raw`. */
async function readInside(
  root: string,
  path: string,
  raw: boolean,
  deps: SourceDeps,
): Promise<Secret | Problem> {
  const full = resolve(root, path);
  if (isAbsolute(path) || !isInside(root, full)) return fileProblem(path, "lies outside the repository");
  if (!(await isThere(full))) return fileProblem(path, "is not there");
  if (!isInside(await realpath(root), await realpath(full)))
    return fileProblem(path, "is a link out of the repository");
  try {
    const text = await readValueFile(deps, full, path);
    if (text === undefined) return fileProblem(path, "is not there");
    return new Secret(raw ? text : text.replace(/\r?\n$/u, ""));
  } catch (error) {
    const [first] = error instanceof ProblemError ? error.problems : [];
    if (first) return first;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

function fileProblem(path: string, what: string): Problem {
  return problem(
    "error",
    "file-source",
    `The file ${path}, which a value is taken from, ${what}.`,
    "Correct fromFile: it is a path inside the repository, from its root.",
  );
}
