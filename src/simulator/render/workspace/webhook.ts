import { recordChange } from "../../server/audit.ts";
import {
  readBody,
  readBoolean,
  readText,
  readTexts,
  requireText,
  withoutAbsent,
  type Body,
} from "../../base/body.ts";
import { answerList, readQueryTime } from "../../base/list.ts";
import type { Loader } from "../../server/loader.ts";
import { findReachable, findWorkspace, listReachable } from "../../base/owned.ts";
import { generateSecretText } from "../../base/random.ts";
import { answer, fail, noContent, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import { formatTime } from "../../base/clock.ts";
import type { World } from "../../base/world.ts";
import { listDeliveriesOf, type HookDelivery } from "../event/delivery.ts";
import { eventTypes, newerEventTypes } from "../event/event-type.ts";
import { webhooks, type Webhook } from "./webhook-row.ts";

const one = "/webhooks/{webhookId}";

/** The routes of webhooks. */
export const webhookRoutes: readonly Route[] = [
  { method: "GET", path: "/webhooks", budget: "render/read", handle: listWebhooks },
  { method: "POST", path: "/webhooks", budget: "render/write", handle: createWebhook },
  { method: "GET", path: one, budget: "render/read", handle: showWebhook },
  { method: "PATCH", path: one, budget: "render/write", handle: changeWebhook },
  { method: "DELETE", path: one, budget: "render/write", handle: deleteWebhook },
  { method: "GET", path: `${one}/events`, budget: "render/read", handle: listEvents },
];

function listWebhooks(call: Call, world: World): Answer {
  const rows = listReachable(call, world, webhooks);
  return answerList(call, world, { rows, thing: "webhook", view: (row) => viewWebhook(world, row) });
}

function createWebhook(call: Call, world: World): Answer {
  const body = readBody(call);
  const { id: ownerId } = findWorkspace(call, world, requireText(body, "ownerId"));
  const row = insertWebhook(world, {
    ownerId,
    name: requireText(body, "name"),
    url: requireUrl(body),
    enabled: readBoolean(body, "enabled") ?? fail(400, "enabled is required"),
    eventFilter: readFilter(body) ?? null,
  });
  recordChange(call, world, "CreateWebhookEvent", { kind: "webhook", ...row });
  return answer(201, viewWebhook(world, row));
}

function insertWebhook(world: World, fields: Omit<Webhook, "id" | "secret">): Webhook {
  const secret = `whsec_${generateSecretText(world.random)}`;
  return world.account.insert(webhooks, { id: world.makeId("whk"), secret, ...fields });
}

function showWebhook(call: Call, world: World): Answer {
  return answer(200, viewWebhook(world, findWebhook(call, world)));
}

function changeWebhook(call: Call, world: World): Answer {
  const row = findWebhook(call, world);
  const body = readBody(call);
  const clears = body["eventFilter"] === null && world.switches.nullEventFilter === "clear";
  Object.assign(row, {
    name: readText(body, "name") ?? row.name,
    url: body["url"] === undefined ? row.url : requireUrl(body),
    enabled: readBoolean(body, "enabled") ?? row.enabled,
    eventFilter: clears ? null : (readFilter(body) ?? row.eventFilter),
  });
  recordChange(call, world, "UpdateWebhookEvent", { kind: "webhook", ...row });
  return answer(200, viewWebhook(world, row));
}

function deleteWebhook(call: Call, world: World): Answer {
  const row = findWebhook(call, world);
  world.account.remove(webhooks, row.id);
  recordChange(call, world, "DeleteWebhookEvent", { kind: "webhook", ...row });
  return noContent;
}

/** What was sent, the newest first; of several attempts the last one. */
function listEvents(call: Call, world: World): Answer {
  const webhook = findWebhook(call, world);
  const before = readQueryTime(call, "sentBefore") ?? Infinity;
  const after = readQueryTime(call, "sentAfter") ?? -Infinity;
  const rows = listDeliveriesOf(world, webhook.id).filter(
    ({ sentAt }) => sentAt !== undefined && sentAt * 1000 < before && sentAt * 1000 > after,
  );
  return answerList(call, world, { rows: rows.reverse(), thing: "webhookEvent", view: viewDelivery });
}

function viewDelivery({ id, eventId, eventType, sentAt, statusCode, responseBody, error }: HookDelivery) {
  return withoutAbsent({
    id,
    eventId,
    eventType,
    sentAt: formatTime((sentAt ?? 0) * 1000),
    statusCode,
    responseBody,
    error,
  });
}

function findWebhook(call: Call, world: World): Webhook {
  return findReachable(call, world, webhooks, parameter(call, "webhookId"));
}

function requireUrl(body: Body): string {
  const url = requireText(body, "url");
  return URL.canParse(url) ? url : fail(400, `invalid url: ${url}`);
}

/** Types of the description; what else is asked for is refused, since it would never come. */
function readFilter(body: Body): string[] | undefined {
  const filter = readTexts(body, "eventFilter");
  const wrong = filter?.find((event) => !eventTypes.includes(event) && !newerEventTypes.includes(event));
  return wrong === undefined ? filter : fail(400, `invalid event type: ${wrong}`);
}

/** A webhook, without its owner: the owner is only a filter of the list (recorded). */
function viewWebhook(world: World, row: Webhook) {
  const { id, name, url, enabled, eventFilter } = row;
  return {
    id,
    name,
    url,
    enabled,
    eventFilter,
    secret: world.switches.webhookSecret === "empty" ? "" : row.secret,
  };
}

/** Loads a webhook of a file. */
export const webhookLoader: Loader = {
  kind: "render/webhook",
  load({ address, name, spec }, { world, workspace, ids }) {
    const row = insertWebhook(world, {
      ownerId: workspace.id,
      name,
      url: requireUrl(spec),
      enabled: readBoolean(spec, "enabled") ?? true,
      eventFilter: readTexts(spec, "events") ?? [],
    });
    ids.set(address, row.id);
  },
  output(id, output, world) {
    const row = world.account.find(webhooks, id);
    const outputs: { readonly [name: string]: string | undefined } = {
      id: row?.id,
      signingSecret: row?.secret,
    };
    return outputs[output];
  },
};
