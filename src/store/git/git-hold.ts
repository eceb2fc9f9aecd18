import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { World } from "../../world/world.ts";
import type { Addition, Change, Documents, Hold } from "../base/backend.ts";
import { readBranchLock, writeBranchLock } from "./branch-lock.ts";
import { changeBranch } from "./change-branch.ts";
import { documentsIn, removeIfThere } from "../file/durable-file.ts";
import type { CommitMessage, GitCheckout } from "./git-checkout.ts";
import { leaseLength, lockLost } from "../base/lease.ts";
import type { Holder } from "../base/store.ts";

/** What a lock on a branch is made from. */
export type GitHoldOptions = {
  readonly checkout: GitCheckout;
  /** The folder of the partition within the branch. */
  readonly inner: string;
  readonly holder: Holder;
  readonly world: World;
};

type Edit = { readonly title?: string; readonly apply: (folder: string) => Promise<void> };

/**
 * The lock on a branch, while this run holds it. Edits are collected and pushed together: while a push is under way, all further
 * edits wait for the next one, so that many steps share a push, and none waits for more than two. Each push prolongs the lease.
 */
export class GitHold implements Hold {
  readonly documents: Documents;
  readonly #options: GitHoldOptions;
  readonly #folder: string;
  readonly #pending: Edit[] = [];
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  /** How many times this holder has pushed; the lock on the branch has the same number. A push whose answer was lost is recognised by it. */
  #pushes = 1;

  constructor(options: GitHoldOptions) {
    this.#options = options;
    this.#folder = join(options.checkout.folder, options.inner);
    const files = documentsIn(this.#folder);
    this.documents = {
      text: (name) => this.#running.then(() => files.text(name)),
      names: (inner) => this.#running.then(() => files.names(inner)),
    };
  }

  write(changes: readonly Change[], title: string): Promise<void> {
    this.#pending.push({ title, apply: (folder) => applyChanges(folder, changes) });
    return this.#push();
  }

  append({ name, lines, durable, title, also }: Addition): Promise<void> {
    const apply = async (folder: string): Promise<void> => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await appendFile(join(folder, name), lines);
      await applyChanges(folder, also);
    };
    this.#pending.push({ title, apply });
    return durable ? this.#push() : Promise.resolve();
  }

  renew(): Promise<void> {
    return this.#push();
  }

  async release(): Promise<void> {
    const { checkout, holder, world } = this.#options;
    let isTried = false;
    try {
      await this.#running;
      await changeBranch(checkout, world, async () => {
        // When the lock is not ours any more after a push that seemed to fail, that push had arrived.
        if (isTried && (await readBranchLock(this.#folder))?.holder.run !== holder.run) return undefined;
        await this.#requireOwn();
        isTried = true;
        const message = await this.#applyAll(this.#pending);
        await writeBranchLock(this.#folder, undefined);
        return { title: `Unlock: run ${holder.run}`, details: message };
      });
    } finally {
      await checkout.close();
    }
  }

  #push(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      const pushing = this.#pushPending();
      this.#running = pushing.catch(() => undefined);
      this.#next = undefined;
      return pushing;
    });
    return this.#next;
  }

  /** Pushes all pending edits. Edits of a push that failed stay pending, before those that come later. */
  async #pushPending(): Promise<void> {
    const { checkout, holder, world } = this.#options;
    const edits = [...this.#pending];
    const pushes = this.#pushes + 1;
    await changeBranch(checkout, world, async () => {
      const lock = await this.#requireOwn();
      if (lock.pushes >= pushes) return undefined;
      const titles = await this.#applyAll(edits);
      await writeBranchLock(this.#folder, {
        ...(lock.process !== undefined && { process: lock.process }),
        holder,
        expires: world.now() + leaseLength,
        pushes,
      });
      return describeEdits(holder.run, titles);
    });
    this.#pushes = pushes;
    this.#pending.splice(0, edits.length);
  }

  async #requireOwn() {
    const lock = await readBranchLock(this.#folder);
    if (lock?.holder.run === this.#options.holder.run) return lock;
    throw lockLost(
      lock ? `run ${lock.holder.run} of ${lock.holder.user} took it over` : "somebody took it away",
    );
  }

  async #applyAll(edits: readonly Edit[]): Promise<readonly string[]> {
    for (const edit of edits) await edit.apply(this.#folder);
    return edits.flatMap((edit) => edit.title ?? []);
  }
}

function describeEdits(run: string, titles: readonly string[]): CommitMessage {
  const [first, ...more] = titles;
  if (first === undefined) return { title: `Still at work: run ${run}`, details: [] };
  return more.length === 0
    ? { title: first, details: [] }
    : { title: `${first}, and ${more.length} more`, details: titles };
}

async function applyChanges(folder: string, changes: readonly Change[]): Promise<void> {
  for (const { name, text } of changes) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await (text === null ? removeIfThere(path) : writeFile(path, text));
  }
}
