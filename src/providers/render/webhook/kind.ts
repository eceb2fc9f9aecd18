import { eachDeclared } from "../../../core/declared.ts";
import type { FieldTable } from "../../../core/field.ts";
import type { Json } from "../../../core/json.ts";
import type { Kind } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import { problem } from "../../../core/problem.ts";
import { Secret } from "../../../core/secret.ts";
import { budgets } from "../budgets.ts";
import { at, merge, readFields, wordOf, writeFields, type ApiObject, type Mappings } from "../mapping.ts";
import { asObject, textOf } from "../names.ts";
import { webhookFields, webhookShapes } from "./fields.ts";

const path = "/webhooks";

const mappings: Mappings = {
  url: at("url"),
  enabled: at("enabled"),
  // Null and empty both mean all events (recorded: webhook).
  events: {
    read: (object) => (object["eventFilter"] ?? []) as Json,
    write: (value) => ({ eventFilter: value ?? [] }),
  },
};

const fields: FieldTable = {
  ...webhookFields,
  events: { ...webhookFields["events"]!, normal: sortEvents },
};

/** The owner is a filter of the list and not in the answers (recorded: webhook). */
export const webhook: Kind = {
  name: "render/webhook",
  noun: "webhook",
  provider: "render",
  managed: true,
  shapes: webhookShapes,
  fields,
  dataBearing: false,
  deferrable: [],

  async list(reader, scope) {
    const items = await reader.list(path, { ownerId: scope.ownerId }, "webhook");
    return items.map((item) => foundOf(asObject(item, path)));
  },

  // The list has no filter by name (Render's description).
  async findByName(reader, scope, names) {
    const items = await reader.list(path, { ownerId: scope.ownerId }, "webhook");
    return items.map((item) => foundOf(asObject(item, path))).filter((found) => names.includes(found.name));
  },

  async findById(reader, id) {
    const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
    return answer === undefined ? undefined : foundOf(asObject(answer, path));
  },

  facets: {},

  // An empty secret would let anybody sign (recorded: 2025 it was empty), so it is never handed on.
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
    const body = merge(
      { ownerId: scope.ownerId, name: desired.name, enabled: true, eventFilter: [] },
      writeFields(mappings, desired.spec, Object.keys(mappings)),
    );
    const written = eachDeclared(desired, fields).map(({ name }) => name);
    return [
      {
        part: "resource",
        write: { method: "POST", path, body, budgets: budgets.write },
        fields: written,
        deploys: false,
      },
    ];
  },

  update(desired, change) {
    const changed = change.fields.map(({ field }) => field).filter((field) => field in mappings);
    if (changed.length === 0) return [];
    const body = writeFields(mappings, desired.spec, changed);
    const write = {
      method: "PATCH",
      path: `${path}/{${desired.address}}`,
      body,
      budgets: budgets.write,
    } as const;
    return [{ part: "settings", write, fields: changed, deploys: false }];
  },

  rename: (desired) => ({
    part: "name",
    write: {
      method: "PATCH",
      path: `${path}/{${desired.address}}`,
      body: { name: desired.name },
      budgets: budgets.write,
    },
    fields: [],
    deploys: false,
  }),

  remove: (address) => [
    {
      part: "resource",
      write: { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.write },
      fields: [],
      deploys: false,
    },
  ],
  created: (answer) => ({ id: textOf(asObject(answer, path), "id", path) }),

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
