import { valueHole } from "../../../core/body.ts";
import type { Desired, Spec } from "../../../core/desired.ts";
import type { FieldTable } from "../../../core/field.ts";
import type { Kind, Reader, WriteDraft } from "../../../core/kind.ts";
import type { Found, LiveSpec } from "../../../core/live.ts";
import type { Value } from "../../../core/value.ts";
import { budgets } from "../budgets.ts";
import { at, readFields, wordOf, type Mappings } from "../mapping.ts";
import { asObject } from "../names.ts";
import { metricsStreamFields, metricsStreamShapes } from "./fields.ts";

const path = "/metrics-stream";
const onlyName = "workspace";

const mappings: Mappings = { provider: at("provider"), url: at("url") };

const fields: FieldTable = {
  ...metricsStreamFields,
  token: { ...metricsStreamFields["token"]!, writeOnly: true },
};

/** Where the metrics of a whole workspace go; there is one or none. */
export const metricsStream: Kind = {
  name: "render/metrics-stream",
  noun: "metrics stream",
  provider: "render",
  managed: true,
  shapes: metricsStreamShapes,
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
      write: { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.write },
      fields: [],
      deploys: false,
    },
  ],
  created: (_answer, _carried, sent) => ({ id: decodeURIComponent(sent.slice(path.length + 1)) }),
  summary: (spec) => `to ${wordOf(spec["provider"])}`,
};

/** The call replaces everything, so what the file does not say is sent as it is, and the token again (recorded). */
function putDraft(desired: Desired, part: string, owner: string, live: LiveSpec): WriteDraft {
  const spec: Spec = desired.spec;
  const token = spec["token"] as Value | undefined;
  const body = {
    provider: wordOf(spec["provider"]),
    url: wordOf(spec["url"] ?? live["url"] ?? ""),
    ...(token && { token: valueHole(token, desired.address, "token") }),
  };
  const written = Object.keys(fields).filter((field) => spec[field] !== undefined);
  return {
    part,
    write: { method: "PUT", path: `${path}/${owner}`, body, budgets: budgets.write },
    fields: written,
    deploys: false,
  };
}

/** 404 when there is none: no recording has an unset one. */
async function findStream(reader: Reader, ownerId: string): Promise<readonly Found[]> {
  const answer = await reader.get(`${path}/${encodeURIComponent(ownerId)}`);
  if (answer === undefined) return [];
  const raw = asObject(answer, path);
  if (typeof raw["provider"] !== "string" || raw["provider"] === "") return [];
  return [{ id: ownerId, name: onlyName, spec: readFields(mappings, raw), outputs: {}, raw }];
}
