import { defineTable, type Row, type User } from "../account.ts";
import { readBody, readInteger, readTexts, requireText } from "../body.ts";
import { randomText } from "../random.ts";
import { answer, fail, type Answer, type Call, type Route } from "../route.ts";
import type { World } from "../world.ts";
import { formatSeconds, nextNumber, requireScope } from "./token-row.ts";

export type RendercadWebhookRow = Row & {
  readonly userId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly secret: string;
  readonly createdAt: number;
};

export const rendercadWebhooks = defineTable<RendercadWebhookRow>("rendercad webhooks");

const most = 5;
const known = new Set([
  "render.completed",
  "render.failed",
  "video.completed",
  "video.failed",
  "credits.exhausted",
]);

export const rendercadWebhookRoutes: readonly Route[] = [
  { method: "GET", path: "/webhooks.php/list", budget: "rendercad/webhook-list", handle: listAll },
  { method: "POST", path: "/webhooks.php/register", budget: "rendercad/webhook-write", handle: register },
  {
    method: "POST",
    path: "/webhooks.php/delete",
    budget: "rendercad/webhook-write",
    handle(call, world): Answer {
      requireScope(call, world, "full-access");
      const id = readInteger(readBody(call), "id") ?? fail(400, "id is required");
      const row = listOwn(call, world).find((webhook) => webhook.id === String(id));
      if (!row) fail(404, "Webhook not found");
      world.account.remove(rendercadWebhooks, row.id);
      return answer(200, { success: true, message: "Webhook deleted" });
    },
  },
];

export function insertWebhook(
  world: World,
  user: User,
  fields: { readonly url: string; readonly events: readonly string[] },
): RendercadWebhookRow {
  return world.account.insert(rendercadWebhooks, {
    id: nextNumber(world, rendercadWebhooks),
    userId: user.id,
    ...fields,
    secret: `whsec_${randomText(world.random, 32)}`,
    createdAt: world.clock.now(),
  });
}

/** The only answer that ever shows the secret. */
function register(call: Call, world: World): Answer {
  requireScope(call, world, "full-access");
  const body = readBody(call);
  const url = requireText(body, "url");
  if (!URL.canParse(url) || new URL(url).protocol !== "https:") fail(400, "url must be an HTTPS URL");
  const events = readTexts(body, "events") ?? [];
  const unknown = events.find((event) => !known.has(event));
  if (events.length === 0) fail(400, "events is required");
  if (unknown !== undefined) fail(400, `Invalid event: ${unknown}`);
  if (listOwn(call, world).length >= most) fail(409, `Maximum of ${most} webhooks reached`);
  const row = insertWebhook(world, call.user, { url, events });
  return answer(200, {
    success: true,
    id: Number(row.id),
    url: row.url,
    events: [...row.events],
    status: "active",
    secret: row.secret,
    created_at: formatSeconds(row.createdAt),
  });
}

function listAll(call: Call, world: World): Answer {
  return answer(200, {
    success: true,
    webhooks: listOwn(call, world).map((row) => ({
      id: Number(row.id),
      url: row.url,
      events: [...row.events],
      status: "active",
      created_at: formatSeconds(row.createdAt),
      last_triggered_at: null,
      last_success_at: null,
      failure_count: 0,
    })),
  });
}

function listOwn(call: Call, world: World): RendercadWebhookRow[] {
  return world.account.list(rendercadWebhooks).filter((row) => row.userId === call.user.id);
}
