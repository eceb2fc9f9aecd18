import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { World } from "../../world/world.ts";
import type { Attempt, Backend, Documents, Neighbour } from "../base/backend.ts";
import { readBranchLock, writeBranchLock } from "./branch-lock.ts";
import { documentNames } from "../base/documents.ts";
import { changeBranch } from "./change-branch.ts";
import { documentsIn, listNeighbours, readIfThere } from "../file/durable-file.ts";
import { GitCheckout } from "./git-checkout.ts";
import type { GitEnvironment } from "./git-command.ts";
import { GitHold } from "./git-hold.ts";
import { findRemote } from "./git-remote.ts";
import { leaseLength } from "../base/lease.ts";
import { identifyProcess } from "../file/process-identity.ts";
import { partitionFolder, simulatorFolder } from "../partition/partition-folder.ts";
import { openPartition, type PartitionOptions } from "../partition/partition.ts";
import { keyMissing } from "../base/state-key.ts";
import type { Holder, Lease, Store } from "../base/store.ts";

/** What a state in git is opened with. */
export type GitStoreOptions = PartitionOptions & {
  /** A folder in the checkout whose `origin` has the branch. */
  readonly folder: string;
  readonly label: string;
  readonly environment: GitEnvironment;
  /** The name of the branch; default `trueup-state`. */
  readonly branch?: string;
  /** The folder of the state in the branch; default its root. */
  readonly path?: string;
  /** The name of a simulator, when the run talks to one: its state lies apart from everything else on the branch. */
  readonly simulator?: string;
};

/**
 * Opens a state on a branch without common history with the code, in the repository that the file is in: for machines that keep
 * nothing, as in CI. A push is a compare-and-swap, and nothing is ever merged: a write that came second is made again on top of
 * the newer commit, after a check that the lock in it is still this run's.
 */
export function openGitStore(options: GitStoreOptions): Store {
  return openPartition(gitBackend(options), options);
}

/** Milliseconds between two looks at the lock: long, since each look is a call over the network. */
const patience = 10_000;

function gitBackend(options: GitStoreOptions): Backend {
  const { environment, label, world } = options;
  const branch = checkName(options.branch ?? "trueup-state", "state.branch");
  const inner = join(
    options.path === undefined ? "" : checkName(options.path, "state.path"),
    options.simulator === undefined ? "" : join(simulatorFolder, options.simulator),
    partitionFolder(label),
  );
  const open = async (): Promise<GitCheckout> =>
    GitCheckout.open(await findRemote(options.folder, environment), branch, environment);
  const withCheckout = async <T>(work: (checkout: GitCheckout) => Promise<T>): Promise<T> => {
    const checkout = await open();
    try {
      return await work(checkout);
    } finally {
      await checkout.close();
    }
  };
  return {
    place: `${branch}:${inner}`,
    patience,
    read: () => withCheckout((checkout) => readAhead(documentsIn(join(checkout.folder, inner)))),
    neighbours: () => withCheckout((checkout) => readNeighbours(checkout.folder, branch, inner)),
    lease: () => withCheckout((checkout) => readBranchLock(join(checkout.folder, inner))),
    breakLock: () => withCheckout((checkout) => breakLock(checkout, join(checkout.folder, inner), world)),
    async tryLock(holder): Promise<Attempt> {
      const checkout = await open();
      try {
        const other = await takeLock(checkout, join(checkout.folder, inner), holder, world);
        if (!other) return { taken: true, hold: new GitHold({ checkout, inner, holder, world }) };
        await checkout.close();
        return { taken: false, lease: other };
      } catch (error) {
        await checkout.close();
        throw error;
      }
    },
    add: (name, text, title) =>
      withCheckout((checkout) =>
        addDocument(checkout, join(checkout.folder, inner, name), { text, title, world }),
      ),
    key: () => Promise.reject(keyMissing()),
    makeKey: () => Promise.reject(keyMissing()),
  };
}

/** Takes the lock when it is free or expired; else answers with the lease of whoever has it. */
async function takeLock(
  checkout: GitCheckout,
  folder: string,
  holder: Holder,
  world: World,
): Promise<Lease | undefined> {
  let other: Lease | undefined;
  await changeBranch(checkout, world, async () => {
    const lock = await readBranchLock(folder);
    if (lock?.holder.run === holder.run) return undefined;
    other = lock && lock.expires > world.now() ? lock : undefined;
    if (other) return undefined;
    const identity = await identifyProcess(holder.pid);
    await writeBranchLock(folder, {
      holder,
      expires: world.now() + leaseLength,
      pushes: 1,
      ...(identity !== undefined && { process: identity }),
    });
    await explainBranch(checkout);
    const over = lock
      ? [
          `Taken over from run ${lock.holder.run} of ${lock.holder.user}, whose lease ended at ${new Date(lock.expires).toISOString()}.`,
        ]
      : [];
    return { title: `Lock: run ${holder.run} of ${holder.user}`, details: over };
  });
  return other;
}

async function breakLock(checkout: GitCheckout, folder: string, world: World): Promise<Lease | undefined> {
  let broken: Lease | undefined;
  await changeBranch(checkout, world, async () => {
    const lock = await readBranchLock(folder);
    if (!lock) return undefined;
    broken = lock;
    await writeBranchLock(folder, undefined);
    return { title: `Take the lock away from run ${lock.holder.run} of ${lock.holder.user}`, details: [] };
  });
  return broken;
}

/** A document that is there after the branch has moved was pushed by us, and the answer was lost; or by another job of the same plan. */
async function addDocument(
  checkout: GitCheckout,
  path: string,
  { text, title, world }: { readonly text: string; readonly title: string; readonly world: World },
): Promise<void> {
  await changeBranch(checkout, world, async () => {
    if ((await readIfThere(path)) !== undefined) return undefined;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await explainBranch(checkout);
    return { title, details: [] };
  });
}

/** Reads all documents of a partition into memory, since the checkout is removed afterwards. A partition is small. */
async function readAhead(documents: Documents): Promise<Documents> {
  const folders = new Map<string, readonly string[]>();
  const texts = new Map<string, string>();
  const visit = async (folder: string): Promise<void> => {
    const names = await documents.names(folder);
    folders.set(folder, names);
    for (const name of names) {
      const path = folder === "" ? name : `${folder}/${name}`;
      texts.set(path, (await documents.text(path)) ?? "");
    }
  };
  for (const folder of ["", documentNames.runs, documentNames.plans, "sealed"]) await visit(folder);
  return {
    text: (name) => Promise.resolve(texts.get(name)),
    names: (folder) => Promise.resolve(folders.get(folder) ?? []),
  };
}

async function readNeighbours(top: string, branch: string, inner: string): Promise<readonly Neighbour[]> {
  const neighbours = await listNeighbours(join(top, dirname(inner)), basename(inner));
  const read = neighbours.map(async ({ label, folder }) => ({
    label,
    place: `${branch}:${relative(top, folder)}`,
    documents: await readAhead(documentsIn(folder)),
  }));
  return Promise.all(read);
}

async function explainBranch(checkout: GitCheckout): Promise<void> {
  const path = join(checkout.folder, "README.md");
  if ((await readIfThere(path)) !== undefined) return;
  await writeFile(
    path,
    "# State of trueup\n\nWritten by `trueup apply`, one folder per label. Do not merge or edit this branch; see `trueup state --help`.\n",
  );
}

/** Throws `state-name` for a name that could be taken for an option of git or lead out of the folder: it stands in arguments and paths. */
function checkName(name: string, key: string): string {
  const isSafe = /^[A-Za-z0-9][\w./-]*$/u.test(name) && !/\.\.|\/\/|\.lock(?:\/|$)|[./]$/u.test(name);
  if (isSafe) return name;
  const remedy = "Use letters, digits, -, _, . and /, beginning with a letter or digit.";
  throw new ProblemError([
    problem(
      "error",
      "state-name",
      `${key} is ${JSON.stringify(name)}, which cannot name a branch or a folder of one.`,
      remedy,
    ),
  ]);
}
