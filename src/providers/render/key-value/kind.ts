import { sameWord } from "../../../core/base/text.ts";
import type { FieldTable } from "../../../core/model/field.ts";
import type { Json } from "../../../core/base/json.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import type { Found } from "../../../core/model/live.ts";
import { Secret } from "../../../core/base/secret.ts";
import { budgets } from "../budgets.ts";
import { collectionAt } from "../collection.ts";
import { availability, suspensionDraft } from "../datastore.ts";
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
  type MappingsOf,
} from "../mapping.ts";
import { asObject, isOfOwner, listByName, textOf } from "../names.ts";
import { changesLogStream, logStreamDrafts, readLogStream, losesStream } from "../log-stream/override.ts";
import { environmentField, membershipOf, moveDrafts, placeIn } from "../membership.ts";
import { keyValueFields, keyValueShapes, keyValueRules } from "./fields.ts";
import { restorableAddresses } from "../restorable.ts";
import { keyValueCharges } from "../prices/charges.ts";

const path = "/key-value";
const calls = collectionAt(path);

const mappings = {
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
} satisfies MappingsOf<typeof keyValueFields>;

const fields: FieldTable = {
  ...keyValueFields,
  ipAllowList: { ...keyValueFields.ipAllowList, normal: normalAllowList },
  environment: environmentField,
};

/** A Key Value instance (ids begin with `red-`). `/key-value` also shows instances that were made as Redis (recorded: redis). */
export const keyValue: Kind = {
  name: "render/key-value",
  noun: "Key Value instance",
  provider: "render",
  managed: true,
  perEnvironment: true,
  rules: keyValueRules,
  shapes: keyValueShapes,
  fields,
  charges: keyValueCharges,
  dataBearing: true,
  holdsData: isPersistent,
  // "Changing persistenceMode restarts the instance; to or from off loses the data" (Render's documentation of Key Value).
  emptiedBy: ({ fields }) =>
    fields.flatMap(({ field, after }) =>
      after.show === "public" && sameWord(after.value, keepsNothing[field] ?? "") ? [field] : [],
    ),
  unique: "none",
  deferrable: [],

  async list(reader, scope) {
    const items = await calls.list(reader, scope, "keyValue");
    return items.filter((item) => isOfOwner(item, scope)).map(foundOf);
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
    const item = await calls.get(reader, id);
    return item && foundOf(item);
  },

  facets: { logStream: readLogStream },
  output: keyValueOutput,
  restorable: () => [{ output: "connectionString" }, ...restorableAddresses],
  refuseCreate: () => [],

  create(desired, scope) {
    // The API wants a plan; the Blueprint's default is `starter`.
    const body = merge(
      { name: desired.name, ownerId: scope.ownerId, plan: "starter" },
      writeFields(mappings, desired.spec, Object.keys(mappings)),
      membershipOf(desired),
    );
    // A new instance runs, so a call of its own is needed only to suspend it.
    const carried = [
      ...[...Object.keys(mappings), "environment"].filter((field) => desired.spec[field] !== undefined),
      ...(desired.spec["suspended"] === false ? ["suspended"] : []),
    ];
    const suspended = desired.spec["suspended"] === true ? [suspensionDraft(path, desired)] : [];
    return [calls.create(body, carried, budgets.create), ...logStreamDrafts(desired), ...suspended];
  },

  update(desired, change) {
    const drafts = [...calls.update(desired, change, mappings)];
    drafts.push(...moveDrafts(desired, change));
    if (changesLogStream(change)) drafts.push(...logStreamDrafts(desired));
    if (change.fields.some((field) => field.field === "suspended"))
      drafts.push(suspensionDraft(path, desired));
    return drafts;
  },

  remove: calls.remove,
  created: calls.created,
  losesWhenReplaced: async (_reader, replaced) => losesStream(replaced),
  rename: ({ address, name: own }, name = own) => calls.rename(address, name),

  readiness: availability(path, 20_000),

  summary(spec) {
    return [spec["plan"] ?? "starter", spec["region"]].filter((word) => typeof word === "string").join(" · ");
  },
};

/** With these values an instance keeps nothing on a disk; the free plan cannot (recorded: key value). */
const keepsNothing: { readonly [field: string]: string | undefined } = {
  persistenceMode: "off",
  plan: "free",
};

/** Whether the instance keeps data on a disk: not on the free plan, nor when that is turned off (recorded: key value). When the API does not say, it counts as kept. */
function isPersistent({ raw, spec }: Found): boolean {
  return raw["plan"] !== "free" && spec["persistenceMode"] !== "off";
}

function foundOf(item: ApiObject): Found {
  const id = textOf(item, "id", path);
  return {
    id,
    name: textOf(item, "name", path),
    // A database has a member `suspended`; a Key Value instance only a status (recorded: key value; Render's
    // description).
    spec: { ...readFields(mappings, item), suspended: sameWord(item["status"], "suspended") },
    // The internal URL is `redis://<id>:6379` (recorded: key value).
    outputs: { host: id, port: "6379", hostport: `${id}:6379` },
    raw: item,
    ...placeIn(item),
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
