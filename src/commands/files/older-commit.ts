import type { Commit, FileRecords } from "../../core/model/inventory.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import type { Checkout } from "../base/checkout.ts";
import type { GivenFile } from "./identify-files.ts";

/**
 * An older commit is not applied over a newer one (product page, section 8): a job of last week that somebody starts again
 * would take back, and delete, what was made since. A file is judged by the commit that was last applied of it, under any
 * name it had. Branches that went apart pass: neither is the older one. A revert is a commit of its own and passes.
 */
export async function refuseOlder(
  given: readonly GivenFile[],
  files: FileRecords,
): Promise<readonly Problem[]> {
  const refusals = await Promise.all(
    given.map(async ({ id, name, head, checkout }): Promise<readonly Problem[]> => {
      const applied = files[id]?.commit;
      if (!head || !checkout || !applied) return [];
      const proof = await proveOlder(checkout, head, applied);
      return proof === undefined ? [] : [olderCommit(name, head, applied, proof)];
    }),
  );
  return refusals.flat();
}

/** `undefined`: it is not older, or neither history nor dates say so. */
async function proveOlder(checkout: Checkout, head: Commit, applied: Commit): Promise<string | undefined> {
  if (head.id === applied.id) return undefined;
  const isOlder = await checkout.isAncestor(head.id, applied.id);
  if (isOlder !== undefined) return isOlder ? "is an ancestor of it" : undefined;
  if (await checkout.isAncestor(applied.id, head.id)) return undefined;
  return head.at < applied.at ? "has an earlier date, and its history is not at hand" : undefined;
}

function olderCommit(name: string, head: Commit, applied: Commit, proof: string): Problem {
  const message = `${name} was last applied at commit ${short(applied)} (${day(applied)}), and ${short(head)} (${day(head)}), which is checked out, ${proof}: what was made since would be taken back.`;
  const remedy =
    "Run again with the newest commit. To go back on purpose revert the commit, which makes a new one, or give --allow-older.";
  return problem("refusal", "older-commit", message, remedy, { answer: { flags: ["--allow-older"] } });
}

function short({ id }: Commit): string {
  return id.slice(0, 12);
}

function day({ at }: Commit): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`;
}
