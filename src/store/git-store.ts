import { join } from "node:path";
import { problem, ProblemError } from "../core/problem.ts";
import type { World } from "../world/world.ts";
import type { Attempt, Backend, Documents } from "./backend.ts";
import { listFiles, readIfThere } from "./durable-file.ts";
import { GitCheckout } from "./git-checkout.ts";
import type { GitEnvironment } from "./git-command.ts";
import { GitHold, readLock, writeLock } from "./git-hold.ts";
import { findRemote } from "./git-remote.ts";
import { leaseLength } from "./lease.ts";
import { partitionFolder } from "./partition-folder.ts";
import { openPartition, type PartitionOptions } from "./partition.ts";
import { keyMissing } from "./state-key.ts";
import type { Holder, Lease, Store } from "./store.ts";

export type GitStoreOptions = PartitionOptions & {
  /** Lies in the checkout whose `origin` has the branch. */
  readonly folder: string;
  readonly label: string;
  readonly environment: GitEnvironment;
  /** Default `trueup-state`. */
  readonly branch?: string;
  /** Folder of the branch; default its root. */
  readonly path?: string;
};

/**
 * State on an orphan branch of the repository that the file is in, for runs on machines that keep nothing. A push is the
 * compare-and-swap; histories are never merged: a write that lost is made again on top of the newer commit, once it is
 * sure that the lock in it is still its own.
 */
export function openGitStore(options: GitStoreOptions): Store {
  return openPartition(gitBackend(options), options);
}

/** Each look costs a call over the network. */
const patience = 10_000;
const pushTries = 10;

function gitBackend(options: GitStoreOptions): Backend {
  const { environment, label, world } = options;
  const branch = checkName(options.branch ?? "trueup-state", "state.branch");
  const inner = join(checkName(options.path ?? ".", "state.path"), partitionFolder(label));
  const open = async (): Promise<GitCheckout> =>
    GitCheckout.open(await findRemote(options.folder, environment), branch, environment);
  return {
    place: `${branch}:${inner}`,
    patience,
    async read() {
      const checkout = await open();
      try {
        return await readAll(join(checkout.folder, inner));
      } finally {
        await checkout.close();
      }
    },
    async lease() {
      const checkout = await open();
      try {
        return await readLock(join(checkout.folder, inner));
      } finally {
        await checkout.close();
      }
    },
    async tryLock(holder): Promise<Attempt> {
      const checkout = await open();
      try {
        const lease = await takeLock(checkout, inner, holder, world);
        if (lease === undefined)
          return { taken: true, hold: new GitHold({ checkout, inner, holder, world }) };
        await checkout.close();
        return { taken: false, lease };
      } catch (error) {
        await checkout.close();
        throw error;
      }
    },
    async breakLock() {
      const checkout = await open();
      try {
        return await breakLock(checkout, inner, world);
      } finally {
        await checkout.close();
      }
    },
    key: () => Promise.reject(keyMissing()),
    makeKey: () => Promise.reject(keyMissing()),
  };
}

/** `undefined` when the lock was taken, else who has it. */
async function takeLock(
  checkout: GitCheckout,
  inner: string,
  holder: Holder,
  world: World,
): Promise<Lease | undefined> {
  const folder = join(checkout.folder, inner);
  for (let attempt = 1; ; attempt += 1) {
    const lease = await readLock(folder);
    if (lease && lease.expires > world.now()) return lease;
    await writeLock(folder, { holder, expires: world.now() + leaseLength });
    await explainBranch(checkout);
    const over = lease
      ? [
          `Taken over from run ${lease.holder.run}, whose lease ended at ${new Date(lease.expires).toISOString()}.`,
        ]
      : [];
    if ((await checkout.push(`Lock: ${holder.user}, run ${holder.run}`, over)) === "pushed") return undefined;
    await pauseBeforeRetry(checkout, attempt, world);
  }
}

async function breakLock(checkout: GitCheckout, inner: string, world: World): Promise<Lease | undefined> {
  const folder = join(checkout.folder, inner);
  for (let attempt = 1; ; attempt += 1) {
    const lease = await readLock(folder);
    if (!lease) return undefined;
    await writeLock(folder, undefined);
    if ((await checkout.push(`Take the lock away from run ${lease.holder.run}`, [])) === "pushed")
      return lease;
    await pauseBeforeRetry(checkout, attempt, world);
  }
}

/** Another label's run pushed first: with this many in a row something else is wrong. */
export async function pauseBeforeRetry(checkout: GitCheckout, attempt: number, world: World): Promise<void> {
  if (attempt >= pushTries) {
    const message = `The state branch moved ${pushTries} times while this run wanted to write to it.`;
    throw new ProblemError([
      problem("error", "state-busy", message, "Run again when fewer runs share the branch."),
    ]);
  }
  await world.sleep(100 * attempt * (0.5 + world.random()));
  await checkout.refresh();
}
