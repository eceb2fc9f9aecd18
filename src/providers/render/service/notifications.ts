import type { Desired } from "../../../core/model/desired.ts";
import { isObject, type Json, type JsonObject } from "../../../core/base/json.ts";
import { sameWord } from "../../../core/base/text.ts";
import type { Scope } from "../../../core/kind/scope.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import { draft, type WriteDraft } from "../../../core/model/write.ts";
import type { Found } from "../../../core/model/live.ts";
import { budgets } from "../budgets.ts";
import { wordOf } from "../mapping.ts";

const path = "/notification-settings/overrides";
/** The settings of a service that were never changed. The list may leave such a service out. */
const untouched = { send: "default", previews: "default" } as const;

/** Reads the notifications of a service. */
export async function readNotifications(reader: Reader, found: Found, scope: Scope): Promise<Found["spec"]> {
  const overrides = await reader.list(path, { ownerId: scope.ownerId }, "override");
  const own = overrides.find((item) => isObject(item) && item["serviceId"] === found.id);
  if (!isObject(own)) return { notifications: untouched };
  const previews = own["previewNotificationsEnabled"];
  return {
    notifications: {
      send: wordOf(own["notificationsToSend"]),
      // A text with three values here, a boolean in the workspace's settings (recorded).
      previews: spellPreviews(previews),
    },
  };
}

function spellPreviews(shown: unknown): Json {
  if (shown === undefined || shown === null) return "default";
  if (sameWord(shown, "true")) return true;
  return sameWord(shown, "false") ? false : (shown as Json);
}

/** Whether null in the file and the live settings are the same: both members are `default` (recorded: the settings are never absent). */
export function isUntouched(desired: Json, live: Json): boolean {
  return desired === null && isObject(live) && live["send"] === "default" && live["previews"] === "default";
}

/** The call that sets the notifications of a service; none when the block does not say them. */
export function notificationDrafts(desired: Desired): readonly WriteDraft[] {
  const wanted = desired.spec["notifications"];
  if (wanted === undefined) return [];
  const { send, previews } = (wanted ?? untouched) as JsonObject;
  const body = {
    ...(send !== undefined && { notificationsToSend: send }),
    ...(previews !== undefined && { previewNotificationsEnabled: wordOf(previews) }),
  };
  const target = `${path}/services/{${desired.address}}`;
  const write = { method: "PATCH", path: target, body, budgets: budgets.write } as const;
  return [draft("notifications", write, ["notifications"])];
}
