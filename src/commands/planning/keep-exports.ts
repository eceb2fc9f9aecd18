import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { answerDataLoss } from "../../core/consent/consent.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import type { Plan } from "../../core/model/plan.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import type { Secret } from "../../core/base/secret.ts";
import type { KeepExport } from "../../engine/memory/perform-input.ts";
import { openExportFile, type ExportFile } from "../../store/file/export-file.ts";
import { isLink } from "../../store/file/state-folder.ts";
import type { Downloaded } from "../../world/download.ts";
import type { Deps } from "../base/deps.ts";
import { trimEnd } from "../../core/base/text.ts";

/** What was typed about copies of databases that end. */
export type ExportInput = {
  /** `--no-export`: databases go without a copy. */
  readonly noExport?: boolean;
  /** `--export-to`: the folder of the copies; default `exports` beside the first file. */
  readonly exportTo?: string;
};

const standardFolder = "exports";
/** A gzipped tar of a pg_dump in directory format (documented). */
const type = ".dir.tar.gz";
const gzipMagic = [0x1f, 0x8b] as const;
const longestName = 100;

/** The folder of the copies as a plan shows it; `null`: nothing is copied. */
export function describeFolder({ noExport, exportTo }: ExportInput): string | null {
  return noExport ? null : `${trimEnd(exportTo ?? standardFolder, "/")}/`;
}

/** Variables that tell of a machine whose disk is thrown away after the job (each documented by its vendor). */
const forgetful = ["GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "BUILDKITE", "TF_BUILD", "CI"];

/** The plan with a refusal for each export of a run in CI: the runner is thrown away with the only copy of the data. */
export function guardExports(plan: Plan, { exportTo }: ExportInput, { environment, world }: Deps): Plan {
  const today = new Date(world.now()).toISOString().slice(0, 10);
  const isForgotten = forgetful.some((name) => /^(?:true|1)$/iu.test(environment[name] ?? ""));
  if (!isForgotten || exportTo !== undefined) return plan;
  const refusals = plan.changes.flatMap(({ address, where, exportedTo }): Problem[] => {
    if (exportedTo === undefined) return [];
    const message = `${address} is exported before it goes, and this run is in CI, where the folder ${exportedTo} is lost with the runner.`;
    const remedy =
      "Give --export-to a folder that a later step of the job keeps, as an artifact for example, or --no-export if the data may be lost.";
    const { block = "" } = answerDataLoss(address, { today }, "lost");
    const answer = { flags: ["--no-export"], block };
    return [problem("refusal", "export-lost", message, remedy, { where, address, answer })];
  });
  return refusals.length === 0 ? plan : { ...plan, refusals: [...plan.refusals, ...refusals] };
}

/** Keeps each export as `NAME-TIME.dir.tar.gz` in a folder of this machine. */
export function keepExports(state: DesiredState, { exportTo }: ExportInput, deps: Deps): KeepExport {
  const besideFile = dirname(resolve(deps.folder, state.files[0] ?? "trueup.yaml"));
  const folder = exportTo === undefined ? join(besideFile, standardFolder) : resolve(deps.folder, exportTo);
  return async ({ name, url }) => {
    const time = new Date(deps.world.now()).toISOString().replaceAll(/[-:]|\.\d+/gu, "");
    try {
      // A checkout may hold a link where the data would go; a folder that was asked for is the user's own choice.
      if (exportTo === undefined && (await isLink(folder))) return { failed: `${folder} is a link` };
      const file = await openExportFile(folder, `${safeName(name)}-${time}`, type);
      const filled = await fill(file, url, deps);
      if ("failed" in filled) return filled;
      return { file: shorten(await file.finish(), deps.folder), bytes: filled.bytes };
    } catch (error) {
      return { failed: describeDiskFailure(error, folder) };
    }
  };
}

/** Downloads an export into a file. When it does not come whole, or is no gzip archive (the page of a proxy), no file is left. */
async function fill(file: ExportFile, url: Secret, { download, world }: Deps): Promise<Downloaded> {
  const head: number[] = [];
  const sink = async (bytes: Uint8Array): Promise<void> => {
    head.push(...bytes.subarray(0, gzipMagic.length - head.length));
    await file.write(bytes);
  };
  const loaded = await download({ url, sink, stop: world.stop }).catch(async (error: unknown) => {
    await file.discard();
    throw error;
  });
  const isArchive = gzipMagic.every((byte, index) => head[index] === byte);
  const filled = "failed" in loaded || isArchive ? loaded : { failed: "what came is no gzip archive" };
  if ("failed" in filled) await file.discard();
  return filled;
}

/** What a rehearsal keeps of an export: nothing, and no file is written. */
export const keepNothing: KeepExport = () => Promise.resolve("rehearsed");

/** The name of a database as a part of a file name: percent-encoded, and not hidden. */
function safeName(name: string): string {
  return encodeURIComponent(name).slice(0, longestName).replace(/^\./u, "%2E");
}

/** What the system said of the folder, for the report. Any other error is a bug, and is thrown on. */
function describeDiskFailure(error: unknown, folder: string): string {
  if (error instanceof Error && "code" in error)
    return `${folder} cannot be written to (${String(error.code)})`;
  throw error;
}

function shorten(path: string, folder: string): string {
  const short = relative(folder, path);
  return short.startsWith("..") || isAbsolute(short) ? path : short;
}
