import type { Desired } from "../../../core/model/desired.ts";
import type { FieldTable } from "../../../core/model/field.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import { type WriteDraft, valueHole } from "../../../core/model/write.ts";
import type { Found } from "../../../core/model/live.ts";
import type { Value } from "../../../core/model/value.ts";
import { collectionAt } from "../collection.ts";
import {
  at,
  merge,
  pick,
  readFields,
  writeFields,
  type ApiObject,
  type BodyObject,
  type MappingsOf,
} from "../mapping.ts";
import { listByName, textOf } from "../names.ts";
import { registryCredentialFields, registryCredentialShapes } from "./fields.ts";

const path = "/registrycredentials";
const calls = collectionAt(path);

const mappings = { registry: at("registry"), username: at("username") } satisfies MappingsOf<
  typeof registryCredentialFields
>;

const fields: FieldTable = {
  ...registryCredentialFields,
  authToken: { ...registryCredentialFields.authToken, writeOnly: true },
};

/** A sign-in at an image registry. The list can be filtered by owner, but answers do not show the owner (Render's description). */
export const registryCredential: Kind = {
  name: "render/registry-credential",
  noun: "registry credential",
  provider: "render",
  managed: true,
  shapes: registryCredentialShapes,
  fields,
  dataBearing: false,
  unique: "name",
  deferrable: [],

  // A plain array without cursors: a full answer is an incomplete read, which the reader refuses.
  async list(reader, scope) {
    return (await calls.list(reader, scope, null)).map(foundOf);
  },

  async findByName(reader, scope, names) {
    const query = { ownerId: scope.ownerId };
    return (await listByName(reader, { path, envelope: null, query }, names)).map(foundOf);
  },

  async findById(reader, id) {
    const item = await calls.get(reader, id);
    return item && foundOf(item);
  },

  facets: {},
  output: async () => undefined,
  refuseCreate: () => [],

  create(desired, scope) {
    const body = merge({ ownerId: scope.ownerId }, credentialBody(desired));
    return [calls.create(body, Object.keys(fields))];
  },

  // A change needs all four members again, the token too (Render's description); a rename is one already.
  update: (desired, change) =>
    change.fields.length === 0 || change.fields.some(({ field }) => field === "name")
      ? []
      : [patchDraft(desired, [...new Set(change.fields.map(({ field }) => field))])],
  rename: (desired) => ({ ...patchDraft(desired, Object.keys(fields)), part: "name" }),

  remove: calls.remove,
  // A service pulls with what it was deployed with (Render's description), which may not work any more.
  redeploys: ({ found }, all) =>
    [...all.values()]
      .filter(({ kind, found: { raw } }) => kind === "render/service" && pullsWith(raw, found.id))
      .map(({ found: { id, name } }) => ({ id, name })),
  created: calls.created,
  summary: (spec) =>
    [spec["registry"], spec["username"]].filter((word) => typeof word === "string").join(" · "),
};

/** Whether a service pulls images with the credential. Services with an image have it at the top, builds from a Dockerfile in their details (Render's description). */
function pullsWith(service: ApiObject, id: string): boolean {
  return ["registryCredential.id", "serviceDetails.envSpecificDetails.registryCredential.id"].some(
    (place) => pick(service, place) === id,
  );
}

function credentialBody(desired: Desired): BodyObject {
  const token = desired.spec["authToken"] as Value;
  return merge(
    { name: desired.name, authToken: valueHole(token, desired.address, "authToken") },
    writeFields(mappings, desired.spec, Object.keys(mappings)),
  );
}

function patchDraft(desired: Desired, written: readonly string[]): WriteDraft {
  return calls.patch(desired.address, credentialBody(desired), written);
}

function foundOf(item: ApiObject): Found {
  const name = textOf(item, "name", path);
  return { id: textOf(item, "id", path), name, spec: readFields(mappings, item), outputs: {}, raw: item };
}
