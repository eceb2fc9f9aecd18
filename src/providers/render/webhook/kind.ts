import type { FieldTable } from "../../../core/model/field.ts";
import type { Json } from "../../../core/base/json.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Found } from "../../../core/model/live.ts";
import { problem } from "../../../core/base/problem.ts";
import { Secret } from "../../../core/base/secret.ts";
import { collectionAt } from "../collection.ts";
import { at, readFields, wordOf, type ApiObject, type MappingsOf } from "../mapping.ts";
import { textOf } from "../names.ts";
import { webhookFields, webhookShapes } from "./fields.ts";

const path = "/webhooks";
const calls = collectionAt(path);

const mappings = {
  url: at("url"),
  enabled: at("enabled"),
  // Null and empty both mean all events (recorded: webhook).
  events: {
    read: (object) => (object["eventFilter"] ?? []) as Json,
    write: (value) => ({ eventFilter: value ?? [] }),
  },
} satisfies MappingsOf<typeof webhookFields>;

const fields: FieldTable = {
  ...webhookFields,
  events: { ...webhookFields.events, normal: sortEvents },
};

/** A webhook of the workspace. The list can be filtered by owner, but answers do not show the owner (recorded: webhook). */
export const webhook: Kind = {
  name: "render/webhook",
  noun: "webhook",
  provider: "render",
  managed: true,
  shapes: webhookShapes,
  fields,
  dataBearing: false,
  unique: "none",
  deferrable: [],

  async list(reader, scope) {
    return (await calls.list(reader, scope, "webhook")).map(foundOf);
  },

  // The list has no filter by name (Render's description).
  async findByName(reader, scope, names) {
    const found = (await calls.list(reader, scope, "webhook")).map(foundOf);
    return found.filter(({ name }) => names.includes(name));
  },

  async findById(reader, id) {
    const item = await calls.get(reader, id);
    return item && foundOf(item);
  },

  facets: {},

  // An empty secret, as recorded in 2025, would let anybody sign, so it is never given to anything.
  restorable: () => [{ output: "signingSecret" }],
  async output(_reader, found, output) {
    if (output === "id") return found.id;
    const secret = found.raw["secret"];
    if (output !== "signingSecret" || typeof secret !== "string") return undefined;
    if (secret !== "") return new Secret(secret);
    const message = `Render shows an empty signing secret for the webhook ${found.name}, and anybody could sign with that.`;
    return problem(
      "refusal",
      "webhook-secret-empty",
      message,
      "Take the secret from Render's dashboard, with `sync: false`.",
    );
  },

  refuseCreate: () => [],

  create(desired, scope) {
    const base = { ownerId: scope.ownerId, name: desired.name, enabled: true, eventFilter: [] };
    return [calls.createDeclared(desired, { fields, mappings }, base)];
  },

  update: (desired, change) => calls.update(desired, change, mappings),
  rename: ({ address, name }) => calls.rename(address, name),

  remove: calls.remove,
  created: calls.created,

  summary(spec) {
    const events = Array.isArray(spec["events"]) ? spec["events"].length : 0;
    return `${wordOf(spec["url"])} · ${events === 0 ? "all events" : events === 1 ? "1 event" : `${events} events`}`;
  },
};

/** A filter is a set: neither order nor repetition means anything. */
function sortEvents(events: Json): Json {
  return Array.isArray(events) ? [...new Set(events as readonly string[])].sort() : events;
}

function foundOf(item: ApiObject): Found {
  const name = textOf(item, "name", path);
  return { id: textOf(item, "id", path), name, spec: readFields(mappings, item), outputs: {}, raw: item };
}
