import type { FieldTable } from "../../../core/field.ts";
import type { Json } from "../../../core/json.ts";
import type { Kind, Reader, Write, WriteDraft } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import { Secret } from "../../../core/secret.ts";
import { budgets } from "../budgets.ts";
import {
  allowListFromApi,
  allowListToApi,
  at,
  merge,
  normalAllowList,
  planFromApi,
  planToApi,
  readFields,
  writeFields,
  type ApiObject,
  type Mappings,
} from "../mapping.ts";
import { asObject, isOfOwner, listByName, textOf } from "../names.ts";
import { changesLogStream, logStreamDrafts, readLogStream } from "../log-stream/override.ts";
import { environmentField, membershipOf, moveDrafts } from "../membership.ts";
import { keyValueFields, keyValueShapes } from "./fields.ts";
import { keyValueRules } from "./rules.ts";

const path = "/key-value";

const mappings: Mappings = {
  plan: at("plan", { encode: planToApi, decode: planFromApi(" ") }),
  region: at("region"),
  // An empty list reads back as null (recorded: key value).
  ipAllowList: {
    read: (object) => allowListFromApi((object["ipAllowList"] ?? []) as Json),
    write: (value) => ({ ipAllowList: allowListToApi(value) }),
  },
  // Written at the top, read under `options` (recorded: key value).
  maxmemoryPolicy: at("maxmemoryPolicy", {
    readAt: "options.maxmemoryPolicy",
    encode: planToApi,
    decode: planFromApi("-"),
  }),
  persistenceMode: at("persistenceMode", {
    readAt: "options.persistenceMode",
    encode: planToApi,
    decode: planFromApi("-"),
  }),
};

const fields: FieldTable = {
  ...keyValueFields,
  ipAllowList: { ...keyValueFields["ipAllowList"]!, normal: normalAllowList },
  environment: environmentField,
};

/** `red-` objects: `/key-value` shows those that were made as Redis as well (recorded: redis). */
export const keyValue: Kind = {
  name: "render/key-value",
  noun: "Key Value instance",
  provider: "render",
  managed: true,
  perEnvironment: true,
  rules: keyValueRules,
  shapes: keyValueShapes,
  fields,
  dataBearing: true,
  deferrable: [],

  async list(reader, scope) {
    const items = await reader.list(path, { ownerId: scope.ownerId }, "keyValue");
    return items
      .map((item) => asObject(item, path))
      .filter((item) => isOfOwner(item, scope))
      .map(foundOf);
  },

  async findByName(reader, scope, names) {
    const items = await listByName(
      reader,
      { path, envelope: "keyValue", query: { ownerId: scope.ownerId } },
      names,
    );
    return items.filter((item) => isOfOwner(item, scope)).map(foundOf);
  },

  async findById(reader, id) {
    const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
    return answer === undefined ? undefined : foundOf(asObject(answer, path));
  },

  facets: { logStream: readLogStream },
  output: keyValueOutput,
  refuseCreate: () => [],

  create(desired, scope) {
    // The API wants a plan; the Blueprint's default is `starter`.
    const body = merge(
      { name: desired.name, ownerId: scope.ownerId, plan: "starter" },
      writeFields(mappings, desired.spec, Object.keys(mappings)),
      membershipOf(desired),
    );
    // What is new runs: only a suspension takes a call of its own.
    const carried = [
      ...[...Object.keys(mappings), "environment"].filter((field) => desired.spec[field] !== undefined),
      ...(desired.spec["suspended"] === false ? ["suspended"] : []),
    ];
    const first = draft("resource", { method: "POST", path, body, budgets: budgets.create }, carried);
    const suspended = desired.spec["suspended"] === true ? [suspendDraft(desired.address, true)] : [];
    return [first, ...logStreamDrafts(desired), ...suspended];
  },

  update(desired, change) {
    const changed = change.fields.map((field) => field.field).filter((field) => field in mappings);
    const drafts: WriteDraft[] = [];
    if (changed.length > 0) {
      const body = writeFields(mappings, desired.spec, new Set(changed));
      drafts.push(
        draft(
          "settings",
          { method: "PATCH", path: `${path}/{${desired.address}}`, body, budgets: budgets.write },
          changed,
        ),
      );
    }
    drafts.push(...moveDrafts(desired, change));
    if (changesLogStream(change)) drafts.push(...logStreamDrafts(desired));
    if (change.fields.some((field) => field.field === "suspended"))
      drafts.push(suspendDraft(desired.address, desired.spec["suspended"] === true));
    return drafts;
  },

  remove: (address) => [
    draft("resource", { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.write }, []),
  ],
  created: (answer) => ({ id: textOf(asObject(answer, path), "id", path) }),
  rename: (desired) =>
    draft(
      "name",
      {
        method: "PATCH",
        path: `${path}/{${desired.address}}`,
        body: { name: desired.name },
        budgets: budgets.write,
      },
      [],
    ),

  readiness: {
    until: "available",
    timeout: 15 * 60_000,
    typical: 20_000,
    isExpected: ({ spec }) => spec["suspended"] !== true,
    isAwaited: (found) => found.raw["status"] === "creating" || found.raw["status"] === "unknown",
    async check(reader, id) {
      const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
      if (answer === undefined) return { failed: "it is gone" };
      const status = asObject(answer, path)["status"];
      if (status === "available") return "ready";
      return status === "suspended" ? { failed: "it is suspended" } : "waiting";
    },
  },

  summary(spec) {
    return [spec["plan"] ?? "starter", spec["region"]].filter((word) => typeof word === "string").join(" · ");
  },
};

function draft(part: string, write: Write, written: readonly string[]): WriteDraft {
  return { part, write, fields: written, deploys: false };
}

function suspendDraft(address: Parameters<Kind["remove"]>[0], suspended: boolean): WriteDraft {
  return draft(
    "suspended",
    {
      method: "POST",
      path: `${path}/{${address}}/${suspended ? "suspend" : "resume"}`,
      budgets: budgets.write,
    },
    ["suspended"],
  );
}

function foundOf(item: ApiObject): Found {
  const id = textOf(item, "id", path);
  const environmentId = item["environmentId"];
  return {
    id,
    name: textOf(item, "name", path),
    // Unlike a database it has no member for it, only a status (recorded: key value; Render's description).
    spec: { ...readFields(mappings, item), suspended: item["status"] === "suspended" },
    // The internal URL is `redis://<id>:6379` (recorded: key value).
    outputs: { host: id, port: "6379", hostport: `${id}:6379` },
    raw: item,
    ...(typeof environmentId === "string" && environmentId !== "" && { environmentId }),
  };
}

async function keyValueOutput(
  reader: Reader,
  found: Found,
  output: string,
): Promise<Secret | string | undefined> {
  if (output !== "connectionString") return found.outputs[output];
  const answer = await reader.get(`${path}/${encodeURIComponent(found.id)}/connection-info`);
  const text = answer === undefined ? undefined : asObject(answer, path)["internalConnectionString"];
  return typeof text === "string" ? new Secret(text) : undefined;
}
