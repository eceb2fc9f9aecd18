import type { JsonObject } from "../../../core/base/json.ts";
import { readBody, readInteger, readTexts, requireText } from "../../base/body.ts";
import { answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { scoped } from "../account/scope.ts";
import { formatSeconds, formatSecondsOrNull } from "../account/time.ts";
import {
  insertWebhook,
  listWebhooks,
  rendercadWebhooks,
  webhookEvents,
  type RendercadWebhookRow,
  type WebhookEvent,
} from "./webhook-row.ts";

const mostWebhooks = 5;

/** The routes of webhooks. */
export const rendercadWebhookRoutes: readonly Route[] = [
  { method: "GET", path: "/webhooks.php/list", budget: "rendercad/webhook-list", handle: showWebhooks },
  {
    method: "POST",
    path: "/webhooks.php/register",
    budget: "rendercad/webhook-write",
    handle: scoped("full-access", registerWebhook),
  },
  {
    method: "POST",
    path: "/webhooks.php/delete",
    budget: "rendercad/webhook-write",
    handle: scoped("full-access", deleteWebhook),
  },
];

function showWebhooks(call: Call, world: World): Answer {
  const rows = listWebhooks(world, call.user.id);
  return answer(200, {
    success: true,
    webhooks: rows.map((row) => ({
      ...viewWebhook(row),
      created_at: formatSeconds(row.createdAt),
      last_triggered_at: formatSecondsOrNull(row.lastTriggeredAt),
      last_success_at: formatSecondsOrNull(row.lastSuccessAt),
      failure_count: row.failureCount,
    })),
  });
}

/**
 * Makes a webhook. No other answer ever shows its secret (documented). How the sixth webhook is refused is not
 * documented.
 */
function registerWebhook(call: Call, world: World): Answer {
  const [url, events] = [readUrl(call), readEvents(call)];
  const existing = listWebhooks(world, call.user.id);
  if (existing.length >= mostWebhooks)
    fail(world.switches.rendercadCapStatus, `Maximum of ${mostWebhooks} webhooks reached`);
  if (world.switches.rendercadWebhookUrls === "unique" && existing.some((row) => row.url === url))
    fail(409, "A webhook with this url exists already");
  const row = insertWebhook(world, call.user, { url, events });
  return answer(200, {
    success: true,
    ...viewWebhook(row),
    secret: row.secret,
    created_at: formatSeconds(row.createdAt),
  });
}

function deleteWebhook(call: Call, world: World): Answer {
  const id = readInteger(readBody(call), "id") ?? fail(400, "id is required");
  const row = listWebhooks(world, call.user.id).find((webhook) => webhook.id === String(id));
  if (!row) fail(404, "Webhook not found");
  world.account.remove(rendercadWebhooks, row.id);
  return answer(200, { success: true, message: "Webhook deleted" });
}

function readUrl(call: Call): string {
  const url = requireText(readBody(call), "url");
  const isHttps = URL.canParse(url) && new URL(url).protocol === "https:";
  return isHttps ? url : fail(400, "url must be an HTTPS URL");
}

function readEvents(call: Call): WebhookEvent[] {
  const names = readTexts(readBody(call), "events") ?? [];
  if (names.length === 0) fail(400, "events is required");
  return names.map(
    (name) => webhookEvents.find((event) => event === name) ?? fail(400, `Invalid event: ${name}`),
  );
}

function viewWebhook(row: RendercadWebhookRow): JsonObject {
  return { id: Number(row.id), url: row.url, events: [...row.events], status: "active" };
}
