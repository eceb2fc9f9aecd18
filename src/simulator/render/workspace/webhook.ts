import { defineTable } from "../../base/account.ts";
import { recordChange } from "../../server/audit.ts";
import { readBody, readBoolean, readText, readTexts, requireText, type Body } from "../../base/body.ts";
import { answerList } from "../../base/list.ts";
import type { Loader } from "../../server/loader.ts";
import { findReachable, findWorkspace, listReachable, type OwnedRow } from "../../base/owned.ts";
import { generateSecretText } from "../../base/random.ts";
import { answer, fail, noContent, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";

type Webhook = OwnedRow & {
  name: string;
  url: string;
  enabled: boolean;
  /** The events that are sent; an empty list and `null` mean all of them. `null` stays `null` (recorded). */
  eventFilter: string[] | null;
  readonly secret: string;
};

const webhooks = defineTable<Webhook>("webhooks");

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

/** Lists the events that were sent: none, because this simulator sends none. */
function listEvents(call: Call, world: World): Answer {
  findWebhook(call, world);
  return answerList(call, world, { rows: [], thing: "webhookEvent", view: () => null });
}

function findWebhook(call: Call, world: World): Webhook {
  return findReachable(call, world, webhooks, parameter(call, "webhookId"));
}

function requireUrl(body: Body): string {
  const url = requireText(body, "url");
  return URL.canParse(url) ? url : fail(400, `invalid url: ${url}`);
}

/** The events in a body. Names of events are words in lower case, joined by underscores (Render's description). */
function readFilter(body: Body): string[] | undefined {
  const filter = readTexts(body, "eventFilter");
  const wrong = filter?.find((event) => !/^[a-z]+(_[a-z]+)+$/.test(event));
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
