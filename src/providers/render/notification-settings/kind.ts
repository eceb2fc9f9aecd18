import type { Kind, Reader } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import { budgets } from "../budgets.ts";
import { at, readFields, writeFields, type Mappings } from "../mapping.ts";
import { asObject } from "../names.ts";
import { notificationSettingsFields, notificationSettingsShapes } from "./fields.ts";

const path = "/notification-settings/owners";
const onlyName = "workspace";

const mappings: Mappings = {
  email: at("emailEnabled"),
  send: at("notificationsToSend"),
  previews: at("previewNotificationsEnabled"),
};

/** Every workspace has them from the start; they are only ever changed (recorded: notification settings). */
export const notificationSettings: Kind = {
  name: "render/notification-settings",
  noun: "notification settings",
  provider: "render",
  managed: true,
  shapes: notificationSettingsShapes,
  fields: notificationSettingsFields,
  dataBearing: false,
  deferrable: [],
  permanent: true,

  list: async (reader, scope) => findSettings(reader, scope.ownerId),
  findByName: async (reader, scope) => findSettings(reader, scope.ownerId),
  findById: async (reader, id) => (await findSettings(reader, id))[0],
  facets: {},
  output: async () => undefined,
  refuseCreate: () => [],
  create: () => [],

  update(desired, change) {
    const changed = change.fields.map(({ field }) => field);
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

  remove: () => [],
  created: (_answer, _carried, sent) => ({ id: sent.slice(path.length + 1) }),
  summary: (spec) => (typeof spec["send"] === "string" ? `sends ${spec["send"]}` : ""),
};

/** One for each workspace, by its id. */
async function findSettings(reader: Reader, ownerId: string): Promise<readonly Found[]> {
  const answer = await reader.get(`${path}/${encodeURIComponent(ownerId)}`);
  if (answer === undefined) return [];
  const raw = asObject(answer, path);
  return [{ id: ownerId, name: onlyName, spec: readFields(mappings, raw), outputs: {}, raw }];
}
