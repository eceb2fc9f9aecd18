import type { Address } from "../../core/base/address.ts";
import type { DataExport, DataExports } from "../../core/kind/data-exports.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Outcome } from "../../core/run/journal.ts";
import type { Readiness } from "../../core/kind/readiness.ts";
import type { ExportWait, WriteStep } from "../../core/model/plan.ts";
import { problem, type Problem, type ProblemError } from "../../core/base/problem.ts";
import type { Secret } from "../../core/base/secret.ts";
import { interrupted } from "../../http/client.ts";
import { CallError } from "../../http/failure.ts";
import { pausesBetweenLooks } from "../../core/diff/uncertain.ts";
import { lookAgain } from "../read/look-again.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { type KeptFile, stepFailed } from "../memory/perform-input.ts";

/*
 * A database is exported before it is deleted, and the export is downloaded to a file of the user: Render's documentation does
 * not say whether an export outlives its database. Each run makes an export of its own, since an older one lacks the newest data.
 */

type Done = Extract<Outcome, { status: "done" }>;

type Exporting = Pick<RunMemory, "input" | "reach" | "resources" | "replacements" | "begun">;

const downloads = 3;

/** Notes, right before the call that begins an export, which exports exist already: none of them is this run's. */
export async function noteExports(memory: Exporting, step: WriteStep): Promise<void> {
  if (step.verb !== "export") return;
  const there = await listExports(memory, step);
  const ids = there.map(({ id }) => id);
  memory.begun.noteExports(idOf(memory, step), ids);
}

/** Whether a call whose answer was lost has begun an export all the same. */
export async function hasBegun(
  memory: Exporting,
  step: WriteStep,
  sentAt: Millis | undefined,
): Promise<boolean> {
  if (step.verb !== "export" || sentAt === undefined) return false;
  const { world } = memory.input;
  const look = async () => ((await listFresh(memory, step)).length > 0 ? true : undefined);
  return (await lookAgain(world, pausesBetweenLooks(sentAt, world.now()), look)) ?? false;
}

/** The error for an export that the API refuses. It names `--no-export`, with which the database is deleted without one. */
export function adviseNoExport(
  { reach, resources }: Pick<RunMemory, "reach" | "resources">,
  step: WriteStep,
  error: CallError,
): ProblemError {
  const { address } = step;
  const { status = 0 } = error;
  if (step.verb !== "export" || status < 400 || status >= 500 || [401, 402, 404, 429].includes(status))
    return error;
  const said = error.problems[0]?.message ?? "";
  return stepFailed(
    address,
    "export-refused",
    `${reach.kind(address).noun} ${resources.nameOf(address)} could not be exported before it goes: ${said}`,
    "Nothing was deleted. If its data may be lost, run again with --no-export.",
  );
}

/** How to wait for an export: it is ready when an export that did not exist before has a URL. */
export function exportReadiness(memory: Exporting, step: ExportWait): Readiness {
  const { typical, timeout } = exportsOf(memory, step.address);
  return {
    until: step.until,
    typical,
    timeout,
    check: async () => ((await freshUrl(memory, step)) ? "ready" : "waiting"),
  };
}

/** Downloads the export, in up to three tries. The deletion goes on only when the whole file is on the disk; else it throws `export-not-kept`. */
export async function keepExport(memory: Exporting, step: ExportWait): Promise<Done> {
  const { address } = step;
  const { world, keepExport: keep } = memory.input;
  const name = memory.resources.nameOf(address);
  let reason = "";
  for (let attempt = 1; attempt <= downloads; attempt += 1) {
    // The URL of an export is valid for a while only, so it is asked for anew each time.
    const url = await freshUrl(memory, step);
    const kept = url ? await keep({ name, url }) : { failed: "it is gone" };
    const owned = memory.resources.owned(address) ?? null;
    if (kept === "rehearsed") return { status: "done", owned };
    if ("file" in kept) return { status: "done", owned, warning: tellWhere(address, kept) };
    if (world.stop.aborted) throw interrupted();
    reason = kept.failed;
    if (attempt < downloads) await world.sleep(1_000 * 2 ** attempt);
  }
  throw stepFailed(
    address,
    "export-not-kept",
    `The export of ${address} did not become a file: ${reason}.`,
    "Nothing was deleted. Run again: it is exported once more.",
  );
}

function tellWhere(address: Address, { file, bytes }: KeptFile): Problem {
  const message = `What ${address} held before it went is in ${file} (${bytes} bytes).`;
  const remedy =
    "Nobody else keeps it. It is a pg_dump in directory format: unpack it with tar, and give the folder to pg_restore.";
  return problem("note", "exported", message, remedy, { address });
}

type Exported = Pick<WriteStep | ExportWait, "address" | "former">;

async function freshUrl(memory: Exporting, step: Exported): Promise<Secret | undefined> {
  return (await listFresh(memory, step)).find(({ url }) => url !== undefined)?.url;
}

/** The exports that this run has begun. */
async function listFresh(memory: Exporting, step: Exported): Promise<readonly DataExport[]> {
  const database = idOf(memory, step);
  return (await listExports(memory, step)).filter(({ id }) => memory.begun.isOwnExport(database, id));
}

function listExports(memory: Exporting, step: Exported): Promise<readonly DataExport[]> {
  const reader = memory.reach.readerOf(step.address);
  return exportsOf(memory, step.address).list(reader, idOf(memory, step));
}

/** The id of the database to export. One that is being replaced has already stepped aside and is not at its address any more. */
function idOf({ resources, replacements }: Exporting, { address, former }: Exported): string {
  return former === undefined ? resources.idOf(address) : replacements.former(address, former).id;
}

function exportsOf({ reach }: Exporting, address: Address): DataExports {
  const { dataExports, name } = reach.kind(address);
  if (!dataExports) throw new Error(`${name}: cannot be exported`);
  return dataExports;
}
