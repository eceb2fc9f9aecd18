import type { Kind } from "../../../core/kind/kind.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import type { Found } from "../../../core/model/live.ts";
import { collectionAt } from "../collection.ts";
import { at, readFields, type MappingsOf } from "../mapping.ts";
import { notificationSettingsFields, notificationSettingsShapes } from "./fields.ts";

const path = "/notification-settings/owners";
const calls = collectionAt(path);
const onlyName = "workspace";

const mappings = {
  email: at("emailEnabled"),
  send: at("notificationsToSend"),
  previews: at("previewNotificationsEnabled"),
} satisfies MappingsOf<typeof notificationSettingsFields>;

/** The notification settings of the workspace. They exist from the start and can only be changed (recorded: notification settings). */
export const notificationSettings: Kind = {
  name: "render/notification-settings",
  noun: "notification settings",
  fixedName: "a workspace has one of it",
  provider: "render",
  managed: true,
  shapes: notificationSettingsShapes,
  fields: notificationSettingsFields,
  dataBearing: false,
  unique: "name",
  deferrable: [],
  permanent: true,

  list: async (reader, scope) => findSettings(reader, scope.ownerId),
  findByName: async (reader, scope) => findSettings(reader, scope.ownerId),
  findById: async (reader, id) => (await findSettings(reader, id))[0],
  facets: {},
  output: async () => undefined,
  refuseCreate: () => [],
  create: () => [],

  update: (desired, change) => calls.update(desired, change, mappings),
  remove: () => [],
  created: (_answer, _carried, sent) => ({ id: sent.slice(path.length + 1) }),
  summary: (spec) => (typeof spec["send"] === "string" ? `sends ${spec["send"]}` : ""),
};

/** The settings of a workspace, by the workspace's id. */
async function findSettings(reader: Reader, ownerId: string): Promise<readonly Found[]> {
  const raw = await calls.get(reader, ownerId);
  if (!raw) return [];
  return [{ id: ownerId, name: onlyName, spec: readFields(mappings, raw), outputs: {}, raw }];
}
