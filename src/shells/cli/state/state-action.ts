import type { Deps } from "../../../commands/base/deps.ts";
import type { FileInput } from "../../../commands/files/load.ts";
import { adoptById } from "../../../commands/state/state-adopt.ts";
import { adoptFromTerraform, type Adopted } from "../../../commands/state/state-adopt-terraform.ts";
import { showOwned, showStanding } from "../../../commands/state/state-show.ts";
import { breakLock, repairState, forgetOwned, moveOwned, readOwning } from "../../../commands/state/state.ts";
import type { Address } from "../../../core/base/address.ts";
import { problem, ProblemError } from "../../../core/base/problem.ts";
import { escapeText } from "../../../views/base/escape.ts";
import { printDocument } from "../../../views/json/document.ts";
import { renderProblems } from "../../../views/base/problems.ts";
import { renderStanding, renderStandingJson } from "../../../views/run/state-show.ts";
import { renderOwned, renderOwnedJson, renderOwning, renderOwningJson } from "../../../views/run/state.ts";
import { writeCommand } from "../base/command-line.ts";
import type { CommonOptions } from "../base/common-options.ts";
import { exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";

export type AdoptOptions = CommonOptions & { readonly fromTerraform?: string };

export function listState(options: CommonOptions, shell: Shell): Promise<number> {
  return run(options, shell, async (input, deps) => {
    const { inventory, place } = await readOwning(input, deps);
    return options.json
      ? renderOwningJson(inventory, place)
      : renderOwning(inventory, place, findScreen(shell.stdout, shell.env, options));
  });
}

export function showState(
  address: Address | undefined,
  options: CommonOptions,
  shell: Shell,
): Promise<number> {
  return run(options, shell, async (input, deps) => {
    const screen = findScreen(shell.stdout, shell.env, options);
    if (address === undefined) {
      const standing = await showStanding(input, deps);
      const resume = writeCommand("trueup apply --resume", options);
      return options.json ? renderStandingJson(standing, resume) : renderStanding(standing, resume, screen);
    }
    const shown = await showOwned(address, input, deps);
    return options.json ? renderOwnedJson(address, shown) : renderOwned(address, shown, screen);
  });
}

export function adoptState(
  { address, id }: { readonly address: Address | undefined; readonly id: string | undefined },
  options: AdoptOptions,
  shell: Shell,
): Promise<number> {
  return run(options, shell, async (input, deps) => {
    const { fromTerraform } = options;
    if (fromTerraform !== undefined && address === undefined) {
      return tellAdopted(await adoptFromTerraform(fromTerraform, input, deps), options, shell);
    }
    if (address === undefined || id === undefined || fromTerraform !== undefined) throw adoptUsage();
    const owned = await adoptById(address, id, input, deps);
    return options.json
      ? renderOwnedJson(address, { owned })
      : `${escapeText(address)} is ${escapeText(owned.id)} from now on.\n`;
  });
}

export function forgetState(address: Address, options: CommonOptions, shell: Shell): Promise<number> {
  return run(options, shell, async (input, deps) => {
    const owned = await forgetOwned(address, input, deps);
    return options.json
      ? renderOwnedJson(address, owned ? { owned } : {})
      : `${escapeText(owned ? `${address} (${owned.id})` : address)} is not owned any more; it stays as it is.\n`;
  });
}

export function moveState(from: Address, to: Address, options: CommonOptions, shell: Shell): Promise<number> {
  return run(options, shell, async (input, deps) => {
    const owned = await moveOwned(from, to, input, deps);
    return options.json
      ? renderOwnedJson(to, { owned })
      : `${escapeText(from)} is ${escapeText(to)} from now on (${escapeText(owned.id)}).\n`;
  });
}

export function unlockState(
  options: CommonOptions & { readonly force: boolean },
  shell: Shell,
): Promise<number> {
  return run(options, shell, async (input, deps) => {
    const lease = await breakLock({ ...input, force: options.force }, deps);
    if (options.json) return printDocument("unlocked", "done", { holder: lease?.holder ?? null });
    if (!lease) return "The state was not locked.\n";
    const { user, host, pid, since } = lease.holder;
    return `${escapeText(`The lock of ${user} on ${host} (process ${pid}, since ${since}) is broken.`)}\n`;
  });
}

export function repair(options: CommonOptions, shell: Shell): Promise<number> {
  return run(options, shell, async (input, deps) => {
    const { place, repaired } = await repairState(input, deps);
    if (options.json) return printDocument("repaired", "done", { place, repaired });
    if (repaired.length === 0) return `${escapeText(place)}: nothing is damaged.\n`;
    const lines = repaired.map(({ name, aside, kept }) => {
      const rest = kept === undefined ? "" : `, ${kept === 1 ? "1 line stays" : `${kept} lines stay`}`;
      return `  ${escapeText(`${name} is now ${aside}${rest}`)}\n`;
    });
    return `${lines.join("")}Now run trueup plan; what was owned and is not any more is adopted by name.\n`;
  });
}

function tellAdopted({ adopted, problems }: Adopted, options: CommonOptions, shell: Shell): string {
  if (options.json) return printDocument("adopted", "done", { adopted, problems });
  shell.stderr.write(renderProblems(problems, findScreen(shell.stderr, shell.env, options)));
  const lines = adopted.map(
    ({ source, address, id }) => `  ${escapeText(`${address} is ${source} (${id})`)}\n`,
  );
  return `${lines.join("")}${adopted.length} adopted, ${problems.length} left alone.\n`;
}

function adoptUsage(): ProblemError {
  const remedy = "Give an address and an id, or --from-terraform FILE alone.";
  return new ProblemError([problem("error", "usage", "It is not clear what to adopt.", remedy)]);
}

async function run(
  options: CommonOptions,
  shell: Shell,
  work: (input: FileInput, deps: Deps) => Promise<string>,
): Promise<number> {
  const session = await openSession(options, shell);
  try {
    const { file: files, overlay: overlays, label, fileId } = options;
    const input = {
      files,
      overlays,
      ...(label !== undefined && { label }),
      ...(fileId !== undefined && { fileId }),
    };
    const text = await work(input, session.deps);
    shell.stdout.write(text);
    return exitCodes.done;
  } catch (error) {
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}
