import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export type SourceFile = {
  /** From the root of the repository: `src/core/model/plan.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
};

/** Every TypeScript file below a folder of the repository, sorted by path. */
export function readTree(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .sort()
    .map((path) => {
      const text = readFileSync(path, "utf8");
      return { path, text, lines: text.replace(/\n$/, "").split("\n") };
    });
}

export type Import = {
  /** `src/core/model/plan.ts`, `package.json`, or the name of a package: `node:fs`, `undici`. */
  readonly target: string;
  readonly names: readonly string[];
  /** Erased when compiled: nothing is loaded. */
  readonly isType: boolean;
  /** Loaded only when it is asked for. */
  readonly isLazy: boolean;
};

const statement = /^(?:import|export)\s+(type\s+)?(?:([^"';]*?)\s+from\s+)?"([^"]+)"/gm;
const call = /\bimport\("([^"]+)"\)/g;

export function importsOf(file: SourceFile): readonly Import[] {
  const statements = [...file.text.matchAll(statement)].map(([, type, names = "", from = ""]) => ({
    target: targetOf(file, from),
    names: names.replaceAll(/[{}*]/g, " ").split(",").map(nameOf).filter(Boolean),
    isType: type !== undefined || (names.trim().startsWith("{") && everyNameIsType(names)),
    isLazy: false,
  }));
  const calls = [...file.text.matchAll(call)].map(([, from = ""]) => ({
    target: targetOf(file, from),
    names: [],
    isType: false,
    isLazy: true,
  }));
  return [...statements, ...calls];
}

function nameOf(clause: string): string {
  return clause
    .trim()
    .replace(/^type\s+/, "")
    .replace(/\s+as\s+.*$/s, "");
}

function everyNameIsType(names: string): boolean {
  const inner = names.replaceAll(/[{}]/g, "").split(",");
  return inner.filter((clause) => clause.trim() !== "").every((clause) => clause.trim().startsWith("type "));
}

function targetOf(file: SourceFile, from: string): string {
  if (from.startsWith(".")) return normalize(join(dirname(file.path), from));
  if (from.startsWith("node:")) return from;
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}

export type FunctionSize = { readonly path: string; readonly name: string; readonly lines: number };

/** What can begin a function that the formatter lays out over several lines: a declaration, a method, an arrow with a name. */
const headers = [
  /^( *)(?:export )?(?:async )?function\*? (\w+)/,
  /^( +)(?:async |static |get |set |private )*(#?\w+)(?:<[^>]*>)?\(/,
  /^( *)(?:export )?const (\w+)[^=]*= (?:async )?(?:\(|\w+ =>)/,
];
const keywords = new Set(["if", "for", "while", "switch", "catch", "return", "super", "await", "throw"]);

/** Lines from header to closing brace. Relies on the formatter: a function ends at the brace below its first letter. */
export function functionsOf(file: SourceFile): readonly FunctionSize[] {
  return file.lines.flatMap((line, index): FunctionSize[] => {
    const match = headers.map((header) => header.exec(line)).find((found) => found !== null);
    const [, indent = "", name = ""] = match ?? [];
    if (!match || keywords.has(name)) return [];
    const end = findEnd(file.lines, index, indent);
    return end === undefined ? [] : [{ path: file.path, name, lines: end - index + 1 }];
  });
}

/** `undefined`: this was a call or an expression, not a function with a body. */
function findEnd(lines: readonly string[], start: number, indent: string): number | undefined {
  let hasBody = (lines[start] ?? "").endsWith("{");
  for (let index = start + 1; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line === "" || !line.startsWith(indent) || /\s/.test(line[indent.length] ?? "")) continue;
    const rest = line.slice(indent.length);
    if (rest.startsWith("}")) return hasBody && /^\}[,;]?$/.test(rest) ? index : undefined;
    if (!/^\).*\{$/.test(rest)) return undefined;
    hasBody = true;
  }
  return undefined;
}
