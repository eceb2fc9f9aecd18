import { valueHole } from "../../../core/body.ts";
import type { Desired, Spec } from "../../../core/desired.ts";
import type { FieldTable } from "../../../core/field.ts";
import type { Kind, Reader, WriteDraft } from "../../../core/kind.ts";
import type { Found, LiveSpec } from "../../../core/live.ts";
import type { Value } from "../../../core/value.ts";
import { budgets } from "../budgets.ts";
import { at, readFields, wordOf, type Mappings } from "../mapping.ts";
import { asObject } from "../names.ts";
import { logStreamFields, logStreamShapes } from "./fields.ts";

const path = "/logs/streams/owner";
const onlyName = "workspace";

const mappings: Mappings = { preview: at("preview"), endpoint: at("endpoint") };

const fields: FieldTable = {
  ...logStreamFields,
  token: { ...logStreamFields["token"]!, writeOnly: true },
};

/** Where the logs of a whole workspace go; there is one or none. What single resources do is a field of theirs. */
export const logStream: Kind = {
  name: "render/log-stream",
  noun: "log stream",
  provider: "render",
  managed: true,
  shapes: logStreamShapes,
  fields,
  dataBearing: false,
  deferrable: [],

  list: async (reader, scope) => findStream(reader, scope.ownerId),
  findByName: async (reader, scope) => findStream(reader, scope.ownerId),
  findById: async (reader, id) => (await findStream(reader, id))[0],
  facets: {},
  output: async () => undefined,
  refuseCreate: () => [],
  create: (desired, scope) => [putDraft(desired, "resource", scope.ownerId, {})],
  update: (desired, change, live) =>
    change.fields.length === 0
      ? []
      : [putDraft(desired, "settings", `{${desired.address}}`, live.found.spec)],
  remove: (address) => [
    {
      part: "resource",
      write: { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.log },
      fields: [],
      deploys: false,
    },
  ],
  created: (_answer, _carried, sent) => ({ id: decodeURIComponent(sent.slice(path.length + 1)) }),
  summary: (spec) => `to ${wordOf(spec["endpoint"])}`,
};

/** The call replaces everything, so what the file does not say is sent as it is, and the token again (recorded). */
function putDraft(desired: Desired, part: string, owner: string, live: LiveSpec): WriteDraft {
  const spec: Spec = desired.spec;
  const token = spec["token"] as Value | undefined;
  const body = {
    preview: wordOf(spec["preview"] ?? live["preview"] ?? "send"),
    endpoint: wordOf(spec["endpoint"]),
    ...(token && { token: valueHole(token, desired.address, "token") }),
  };
  const written = Object.keys(fields).filter((field) => spec[field] !== undefined);
  return {
    part,
    write: { method: "PUT", path: `${path}/${owner}`, body, budgets: budgets.log },
    fields: written,
    deploys: false,
  };
}

/** 404, or an empty endpoint, when there is none: no recording has an unset one. */
async function findStream(reader: Reader, ownerId: string): Promise<readonly Found[]> {
  const answer = await reader.get(`${path}/${encodeURIComponent(ownerId)}`);
  if (answer === undefined) return [];
  const raw = asObject(answer, path);
  if (typeof raw["endpoint"] !== "string" || raw["endpoint"] === "") return [];
  return [{ id: ownerId, name: onlyName, spec: readFields(mappings, raw), outputs: {}, raw }];
}
