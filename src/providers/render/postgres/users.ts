import type { FieldChange } from "../../../core/change.ts";
import type { Desired } from "../../../core/desired.ts";
import { isObject } from "../../../core/json.ts";
import type { Reader, Write, WriteDraft } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import { budgets } from "../budgets.ts";

/** What names the default user, which is the newest (Render's description). */
export const ofDefaultUser = ["connectionString", "connectionPoolString", "user", "password"] as const;

/** The user that the database was made with is a field of its own and can never go. */
export async function readUsers(reader: Reader, found: Found): Promise<Found["spec"]> {
  const answer = await reader.get(`/postgres/${encodeURIComponent(found.id)}/credentials`);
  const users = Array.isArray(answer) ? answer.filter(isObject).map((user) => String(user["username"])) : [];
  const further = users.filter((name) => name !== found.outputs["user"]).sort();
  return { users: Object.fromEntries(further.map((name) => [name, true])) };
}

/** Its password is made by Render; the newest user becomes the default one (Render's description). */
export function userDrafts(
  desired: Desired,
  changed: readonly Pick<FieldChange, "entry" | "removed">[],
): readonly WriteDraft[] {
  const collection = `/postgres/{${desired.address}}/credentials`;
  return changed.map(({ entry = "", removed }) => {
    const write: Write = removed
      ? { method: "DELETE", path: `${collection}/${encodeURIComponent(entry)}`, budgets: budgets.write }
      : { method: "POST", path: collection, body: { username: entry }, budgets: budgets.write };
    return { part: `users.${entry}`, write, fields: [`users.${entry}`], deploys: false };
  });
}
