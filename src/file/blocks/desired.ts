import type { DesiredState } from "../../core/model/desired.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import type { Problem } from "../../core/base/problem.ts";
import { assembleState } from "./assemble.ts";
import { checkerOf } from "../base/check-schema.ts";
import { joinConsents, nameFormer } from "./consents.ts";
import { aboutBlueprint } from "../base/context.ts";
import type { Masks, Stretch } from "../base/frame.ts";
import { findMasks } from "../base/masks.ts";
import { memberOf, toJson, type Node } from "../base/node.ts";
import { parseSource } from "../read/parse.ts";
import { overlayFiles } from "../read/overlay-files.ts";
import { RemarkCollector, type Tell } from "../base/remark.ts";
import { joinSettings, readRoot } from "./root.ts";
import { globsOf, makeSecrecy, type Secrecy } from "../base/secrecy.ts";
import { openSource, type OpenSource, type Source } from "../base/source.ts";

/** What reading needs besides the files. */
export type FileOptions = {
  /** Every kind that may stand in a file, whether trueup manages it or only understands it. */
  readonly kinds: readonly FileKind[];
  /** ISO date of today. Consents have a last day. */
  readonly today: string;
  /** Overlays, applied to the one file in this order. */
  readonly overlays?: readonly Source[];
  /** Names that files which are not read have in other environments: `render/service api`. */
  readonly shared?: ReadonlySet<string>;
};

/**
 * What reading gave. The specs of the state have this form, for every kind:
 *
 * - fields have the names of Blueprints, and no old spelling is left;
 * - words such as plans are spelled as the table of the kind has them; texts are texts, also where the file has a
 *   number;
 * - a field that no API has, or that belongs to another shape, is left out;
 * - an absent field stays absent, `null` means "clear it";
 * - a value is a `Value` whose reference is resolved to an address; a registry credential is its name;
 * - a list of entries is a map: `envVars` and `secretFiles` by name, `headers` by "path name", `users` by name to
 *   true, `groupLinks` by address to true; null and an empty list are an empty map;
 * - `routes` stay a list in their order;
 * - a disk, a domain and an environment are resources of their own.
 */
export type FileResult = {
  /** `undefined` exactly when there is an error. */
  readonly state: DesiredState | undefined;
  readonly problems: readonly Problem[];
};

/**
 * Reads all files: the desired state that they ask for together, and every problem that they have. It does not throw,
 * whatever the files hold. Without an error, the state carries the same problems, which are then warnings and notes.
 */
export function readDesired(sources: readonly Source[], options: FileOptions): FileResult {
  const remarks = new RemarkCollector();
  const { tell } = remarks;
  const given = new Map<string, OpenSource>();
  const open = (source: Source): readonly OpenSource[] => openOnce(openSource(source), given, tell);
  const opened = sources.flatMap(open);
  const overlays = (options.overlays ?? []).flatMap(open);
  const parsed = [...opened, ...overlays].map((source) => ({ source, root: parseSource(source, tell) }));
  const files = applyOverlays(parsed.slice(0, opened.length), parsed.slice(opened.length), tell);
  const secrecy = readSecrecy([...parsed, ...files].flatMap(({ root }) => root ?? []));
  const checker = checkerOf(options.kinds);
  const readings = files.flatMap(({ source, root }) =>
    root
      ? [readRoot(root, { ...options, secrecy, checker, tell, ...aboutBlueprint(source.name, tell) })]
      : [],
  );
  const settings = joinSettings(readings, tell);
  const drafts = readings.flatMap((reading) => reading.drafts);
  const { kinds, shared } = options;
  const around = {
    kinds,
    files: [...opened, ...overlays].map(({ name }) => name),
    ...(shared && { shared }),
    tell,
  };
  const blocks = assembleState(drafts, settings, around);
  const declared = new Set(blocks.resources.map(({ address }) => address));
  const consents = joinConsents(
    readings.map((reading) => reading.consents),
    declared,
    around,
  );
  const resources = nameFormer(blocks.resources, consents.moved);
  const state = { ...blocks, resources, ...consents };
  const problems = remarks.settle(
    makeMasks(parsed, secrecy),
    [...opened, ...overlays].map(({ name }) => name),
  );
  if (problems.some((problem) => problem.severity === "error")) return { state: undefined, problems };
  return { state: { ...state, problems }, problems };
}

type Parsed = { readonly source: OpenSource; readonly root: Node | undefined };

/** The files as the overlays change them. An overlay that cannot be applied leaves nothing to read. */
function applyOverlays(files: readonly Parsed[], overlays: readonly Parsed[], tell: Tell): readonly Parsed[] {
  if (overlays.length === 0 || files.length === 0) return files;
  const unread = files.map(({ source }) => ({ source, root: undefined }));
  let bases = files.flatMap(({ source: { name }, root }) => (root ? [{ name, root }] : []));
  if (bases.length < files.length) return unread;
  for (const { root } of overlays) {
    const changed = root && overlayFiles(bases, root, tell);
    if (!changed) return unread;
    bases = [...changed];
  }
  return files.map(({ source }, index) => ({ source, root: bases[index]?.root }));
}

/** A source that was not opened before, by whatever name; one that was is told, and not read a second time. */
function openOnce(source: OpenSource, given: Map<string, OpenSource>, tell: Tell): readonly OpenSource[] {
  const path = source.name.replaceAll(/\/(?:\.?\/)+/gu, "/").replace(/^(?:\.\/)+/u, "");
  const first = given.get(path);
  given.set(path, first ?? source);
  if (!first) return [source];
  tell({
    code: "file-twice",
    severity: "error",
    message: `${source.name} is given twice${first.name === source.name ? "" : `, also as ${first.name}`}.`,
    remedy: "Pass each file once.",
    place: { source: first, start: 0, end: 0 },
  });
  return [];
}

/**
 * Reads `settings` for what is secret, before everything else and without complaint: no problem may be told before it
 * is known what it must not show.
 */
export function readSecrecy(roots: readonly Node[]): Secrecy {
  const globs = (key: string) =>
    roots.flatMap((root) => {
      const node = memberOf(memberOf(root, "settings"), key);
      return node ? globsOf(toJson(node)) : [];
    });
  return makeSecrecy(globs("secretKeys"), globs("publicKeys"));
}

function makeMasks(parsed: readonly Parsed[], secrecy: Secrecy) {
  return (source: OpenSource, areas: readonly Stretch[]): Masks => {
    const root = parsed.find((file) => file.source === source)?.root;
    return root ? findMasks(root, secrecy, areas) : "everything";
  };
}
