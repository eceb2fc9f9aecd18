import type { FieldChange } from "../../../core/model/change.ts";
import type { Desired } from "../../../core/model/desired.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import { draft, type Write, type WriteDraft } from "../../../core/model/write.ts";
import type { Found } from "../../../core/model/live.ts";
import { budgets } from "../budgets.ts";
import { asObject, listOf, textOf } from "../names.ts";

/**
 * Reads the users of a database. `ownUsers` came with it and needs no declaration: the oldest, which the database was
 * made with. `user` is the oldest too, and not the one that the database shows: each further user becomes the default one
 * (Render's description), somebody's included.
 */
export async function readUsers(reader: Reader, found: Found): Promise<Found["spec"]> {
  const path = `/postgres/${encodeURIComponent(found.id)}/credentials`;
  const byAge = listOf(await reader.get(path), path)
    .map((item) => asObject(item, path))
    .map((row) => ({ name: textOf(row, "username", path), madeAt: Date.parse(String(row["createdAt"])) }))
    .sort((a, b) => a.madeAt - b.madeAt || 0);
  const names = byAge.map(({ name }) => name);
  const [oldest] = names;
  return {
    users: Object.fromEntries([...names].sort().map((name) => [name, true])),
    ownUsers: oldest === undefined ? [] : [oldest],
    ...(oldest !== undefined && { user: oldest }),
  };
}

/** The calls that make and delete further users. Render makes the password, and the newest user becomes the default one (Render's description). */
export function userDrafts(
  desired: Desired,
  changed: readonly Pick<FieldChange, "entry" | "removed">[],
): readonly WriteDraft[] {
  const collection = `/postgres/{${desired.address}}/credentials`;
  return changed.map(({ entry = "", removed }) => {
    const write: Write = removed
      ? { method: "DELETE", path: `${collection}/${encodeURIComponent(entry)}`, budgets: budgets.write }
      : { method: "POST", path: collection, body: { username: entry }, budgets: budgets.write };
    return draft(`users.${entry}`, write, [`users.${entry}`]);
  });
}
