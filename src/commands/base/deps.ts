import type { Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { RunEvent } from "../../core/run/report.ts";
import type { Secret } from "../../core/base/secret.ts";
import type { CallLine } from "../../http/client.ts";
import type { Store } from "../../store/base/store.ts";
import type { Download } from "../../world/download.ts";
import type { World } from "../../world/world.ts";
import type { Checkouts } from "./checkout.ts";

/** The process's environment, read once by the shell. */
export type Environment = { readonly [name: string]: string | undefined };

/** Reads of the accounts: those that are over, those that were asked for so far, and the time that the others take. */
type ReadsSoFar = { readonly done: number; readonly asked: number; readonly remaining: Millis };

/** What every command is given: the world, and the person or the machine it talks to. Commands print nothing themselves. */
export type Deps = {
  readonly world: World;
  readonly environment: Environment;
  /** Relative file names start here. */
  readonly folder: string;
  readonly version: string;
  /** `undefined` when the file is not there; throws when it cannot be read. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  /** https form of the `origin` of the checkout that the folder is in, when there is one. */
  readonly origin: () => Promise<string | undefined>;
  /** The commit that is checked out there, when there is one. */
  readonly commit: () => Promise<string | undefined>;
  /** `--max-wait`: the longest that one call may wait for a limit. */
  readonly maxWait?: Millis;
  /** Where the files of a run are, and what git knows of them. */
  readonly checkouts: Checkouts;
  readonly user: { readonly name: string; readonly host: string; readonly pid: number };
  readonly download: Download;
  /** What stands between a command and its state: absent but where a test lets a run die at one of its writes. */
  readonly wrapStore?: (store: Store) => Store;
  readonly log: (line: CallLine) => void;
  /** Told once the accounts are about to be read; `look` says how far that is, whenever somebody wants to know. */
  readonly reading?: (look: () => ReadsSoFar) => void;
  readonly events: (event: RunEvent) => void;
  /**
   * Told once by `apply`, before anything is refused, asked or written. `pullRequest`: the one that it is for, which a run that is
   * carried on knows from the one that began.
   */
  readonly planned: (plan: Plan, pullRequest?: number) => void;
  /** Asks a person to type `word` (`yes`, a number) for the plan that `planned` was told. `unable`: there is no terminal. */
  readonly confirm: (word: string) => Promise<"yes" | "no" | "unable">;
  /** Asks a person for one `sync: false` value, with hidden input. `undefined`: it was skipped, or there is no terminal. */
  readonly askValue: (address: Address, entry: string) => Promise<Secret | undefined>;
};

/** The text of a file as UTF-8; `undefined` when it is not there. */
export async function readText(deps: Pick<Deps, "readFile">, path: string): Promise<string | undefined> {
  const bytes = await deps.readFile(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
