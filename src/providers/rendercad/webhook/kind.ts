import { draft, type Body, type Write, type WriteDraft } from "../../../core/model/write.ts";
import type { Desired } from "../../../core/model/desired.ts";
import type { FieldTable } from "../../../core/model/field.ts";
import type { Json } from "../../../core/base/json.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import type { Found } from "../../../core/model/live.ts";
import { Secret } from "../../../core/base/secret.ts";
import { asObject, idOf, listObjects, textOf, type ApiObject } from "../answer.ts";
import { budgets } from "../budgets.ts";
import { rendercadWebhookFields, rendercadWebhookShapes } from "./fields.ts";
import { trimEnd } from "../../../core/base/text.ts";

const listPath = "/webhooks.php?action=list";
const registerPath = "/webhooks.php?action=register";

const fields: FieldTable = {
  ...rendercadWebhookFields,
  events: { ...rendercadWebhookFields.events, normal: sortEvents },
};

/** A webhook of RENDERCAD. It has no name in the API: it is recognised by its URL, and the name in the file is used for its address only. */
export const rendercadWebhook: Kind = {
  name: "rendercad/webhook",
  noun: "RENDERCAD webhook",
  provider: "rendercad",
  managed: true,
  most: 5,
  shapes: rendercadWebhookShapes,
  fields,
  dataBearing: false,
  unique: "none",
  deferrable: [],
  shownOnce: ["secret"],
  distinct: ["url"],
  identifies: (desired, found) => desired.spec["url"] === found.spec["url"],
  suggestName: ({ name: url }) => nameOf(url),

  list: (reader) => listWebhooks(reader),
  // The list cannot be asked for less than everything.
  findByName: (reader) => listWebhooks(reader),
  findById: async (reader, id) => (await listWebhooks(reader)).find((found) => found.id === id),
  onlyListed: true,
  facets: {},
  output: async (_reader, found, output) => (output === "id" ? found.id : undefined),

  rotation: { named: false, create: registerDraft },

  refuseCreate: () => [],
  create: (desired) => [registerDraft(desired)],
  update: () => [],
  remove: (address) => [
    draft(
      "resource",
      post("/webhooks.php?action=delete", { id: { hole: "id", of: address, as: "number" } }),
      [],
    ),
  ],

  created(answer) {
    const made = asObject(answer, registerPath);
    return {
      id: idOf(made, registerPath),
      shownOnce: { secret: new Secret(textOf(made, "secret", registerPath)) },
    };
  },

  remark: ({ raw: { status } }) =>
    typeof status === "string" && status !== "active"
      ? { text: `RENDERCAD says it is ${status}` }
      : undefined,
  summary({ url, events }) {
    const many = Array.isArray(events) ? events.length : 0;
    return `${typeof url === "string" ? url : ""} · ${many === 1 ? "1 event" : `${many} events`}`;
  },
};

async function listWebhooks(reader: Reader): Promise<readonly Found[]> {
  return (await listObjects(reader, listPath, "webhooks")).map(foundOf);
}

function foundOf(object: ApiObject): Found {
  const url = textOf(object, "url", listPath);
  return {
    id: idOf(object, listPath),
    name: url,
    spec: { url, events: (object["events"] ?? []) as Json },
    outputs: {},
    raw: object,
  };
}

function registerDraft({ spec }: Desired): WriteDraft {
  const body = { url: spec["url"] as Json, events: spec["events"] as Json };
  return draft("resource", post(registerPath, body), ["url", "events"]);
}

function post(path: string, body: Body): Write {
  return { method: "POST", path, body, budgets: budgets.webhooks };
}

/** Events in one order and without repetition, for comparison. */
function sortEvents(events: Json): Json {
  return Array.isArray(events) ? [...new Set(events as readonly string[])].sort() : events;
}

/** A name made of the URL without its scheme, to be read in an address: `hooks.acme.dev-rendercad`. */
function nameOf(url: string): string {
  const bare = url.replace(/^https?:\/\//u, "");
  return trimEnd(bare.replaceAll(/[^\w.-]+/gu, "-"), "-");
}
