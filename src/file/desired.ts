import type { DesiredState } from "../core/desired.ts";
import type { FileKind } from "../core/kind.ts";
import type { Problem } from "../core/problem.ts";
import { assembleState } from "./assemble.ts";
import { SchemaChecker } from "./check-schema.ts";
import { makeTellOurs } from "./context.ts";
import type { Masks } from "./frame.ts";
import { findMasks } from "./masks.ts";
import { memberOf, toJson, type Node } from "./node.ts";
import { parseSource } from "./parse.ts";
import { settleRemarks, type Remark, type Tell } from "./remark.ts";
import { joinSettings, readRoot } from "./root.ts";
import { globsOf, makeSecrecy, type Secrecy } from "./secrecy.ts";
import { openSource, type OpenSource, type Place, type Source } from "./source.ts";

export type FileOptions = {
  /** Every kind that may stand in a file, managed or not. */
  readonly kinds: readonly FileKind[];
  /** ISO date, for consents that expire. */
  readonly today: string;
};

export type FileResult = {
  /** `undefined` exactly when there is an error. */
  readonly state: DesiredState | undefined;
  readonly problems: readonly Problem[];
};

/**
 * The desired state that all files together ask for, and every problem of all of them. Never throws for what a file
 * holds. Without an error the state carries the same problems, which are then warnings and notes.
 */
export function readDesired(sources: readonly Source[], options: FileOptions): FileResult {
  const remarks: Remark[] = [];
  const tell: Tell = (remark) => remarks.push(remark);
  const opened = sources.map((source) => openSource(source));
  tellSameNames(opened, tell);
  const parsed = opened.map((source) => ({ source, root: parseSource(source, tell) }));
  const secrecy = readSecrecy(parsed.flatMap(({ root }) => root ?? []));
  const checker = new SchemaChecker();
  const readings = parsed.flatMap(({ source, root }) =>
    root
      ? [readRoot(root, { ...options, secrecy, checker, tell, tellOurs: makeTellOurs(source.name, tell) })]
      : [],
  );
  const settings = joinSettings(readings, tell);
  const drafts = readings.flatMap((reading) => reading.drafts);
  const state = assembleState(drafts, settings, {
    kinds: options.kinds,
    files: sources.map(({ name }) => name),
    tell,
  });
  const problems = settleRemarks(
    remarks,
    makeMasks(parsed, secrecy),
    opened.map(({ name }) => name),
  );
  if (problems.some((problem) => problem.severity === "error")) return { state: undefined, problems };
  return { state: { ...state, problems }, problems };
}

function tellSameNames(sources: readonly OpenSource[], tell: Tell): void {
  const seen = new Set<string>();
  for (const source of sources) {
    if (seen.has(source.name)) {
      tell({
        code: "file-twice",
        severity: "error",
        message: `${source.name} is given twice.`,
        remedy: "Pass each file once.",
        place: { source, start: 0, end: 0 },
      });
    }
    seen.add(source.name);
  }
}

/** Read before everything else, and leniently: what is secret has to be known before anything is told. */
function readSecrecy(roots: readonly Node[]): Secrecy {
  const globs = (key: string) =>
    roots.flatMap((root) => {
      const node = memberOf(memberOf(root, "settings"), key);
      return node ? globsOf(toJson(node)) : [];
    });
  return makeSecrecy(globs("secretKeys"), globs("publicKeys"));
}

function makeMasks(
  parsed: readonly { readonly source: OpenSource; readonly root: Node | undefined }[],
  secrecy: Secrecy,
): (place: Place) => Masks {
  const known = new Map<OpenSource, Masks>();
  return ({ source }) => {
    const root = parsed.find((file) => file.source === source)?.root;
    const masks = known.get(source) ?? (root ? findMasks(root, secrecy) : "everything");
    known.set(source, masks);
    return masks;
  };
}
