import { valueHole } from "../../../core/body.ts";
import type { Desired } from "../../../core/desired.ts";
import type { FieldTable } from "../../../core/field.ts";
import type { Kind, Write, WriteDraft } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import type { Value } from "../../../core/value.ts";
import { budgets } from "../budgets.ts";
import {
  at,
  merge,
  readFields,
  writeFields,
  type ApiObject,
  type BodyObject,
  type Mappings,
} from "../mapping.ts";
import { asObject, listByName, textOf } from "../names.ts";
import { registryCredentialFields, registryCredentialShapes } from "./fields.ts";

const path = "/registrycredentials";

const mappings: Mappings = { registry: at("registry"), username: at("username") };

const fields: FieldTable = {
  ...registryCredentialFields,
  authToken: { ...registryCredentialFields["authToken"]!, writeOnly: true },
};

/** A login at an image registry. The owner is a filter of the list and not in the answers (Render's description). */
export const registryCredential: Kind = {
  name: "render/registry-credential",
  noun: "registry credential",
  provider: "render",
  managed: true,
  shapes: registryCredentialShapes,
  fields,
  dataBearing: false,
  deferrable: [],

  // A plain array without cursors: a full answer is an incomplete read, which the reader refuses.
  async list(reader, scope) {
    const items = await reader.list(path, { ownerId: scope.ownerId }, null);
    return items.map((item) => foundOf(asObject(item, path)));
  },

  async findByName(reader, scope, names) {
    const query = { ownerId: scope.ownerId };
    return (await listByName(reader, { path, envelope: null, query }, names)).map(foundOf);
  },

  async findById(reader, id) {
    const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
    return answer === undefined ? undefined : foundOf(asObject(answer, path));
  },

  facets: {},
  output: async () => undefined,
  refuseCreate: () => [],

  create(desired, scope) {
    const body = merge({ ownerId: scope.ownerId }, credentialBody(desired));
    return [draft("resource", { method: "POST", path, body, budgets: budgets.write }, Object.keys(fields))];
  },

  // A change needs all four members again, the token too (Render's description); a rename is one already.
  update: (desired, change) =>
    change.fields.length === 0 || change.fields.some(({ field }) => field === "name")
      ? []
      : [patchDraft(desired, "settings", [...new Set(change.fields.map(({ field }) => field))])],
  rename: (desired) => patchDraft(desired, "name", Object.keys(fields)),

  remove: (address) => [
    {
      part: "resource",
      write: { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.write },
      fields: [],
      deploys: false,
    },
  ],
  created: (answer) => ({ id: textOf(asObject(answer, path), "id", path) }),
  summary: (spec) =>
    [spec["registry"], spec["username"]].filter((word) => typeof word === "string").join(" · "),
};

function credentialBody(desired: Desired): BodyObject {
  const token = desired.spec["authToken"] as Value;
  return merge(
    { name: desired.name, authToken: valueHole(token, desired.address, "authToken") },
    writeFields(mappings, desired.spec, Object.keys(mappings)),
  );
}

function patchDraft(desired: Desired, part: string, written: readonly string[]): WriteDraft {
  const target = `${path}/{${desired.address}}`;
  const write: Write = {
    method: "PATCH",
    path: target,
    body: credentialBody(desired),
    budgets: budgets.write,
  };
  return draft(part, write, written);
}

function draft(part: string, write: Write, written: readonly string[]): WriteDraft {
  return { part, write, fields: written, deploys: false };
}

function foundOf(item: ApiObject): Found {
  const name = textOf(item, "name", path);
  return { id: textOf(item, "id", path), name, spec: readFields(mappings, item), outputs: {}, raw: item };
}
