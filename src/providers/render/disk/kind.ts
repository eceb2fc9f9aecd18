import { makeAddress } from "../../../core/address.ts";
import type { Desired } from "../../../core/desired.ts";
import { eachDeclared } from "../../../core/declared.ts";
import { isObject } from "../../../core/json.ts";
import type { Kind } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import { budgets } from "../budgets.ts";
import {
  at,
  merge,
  pick,
  readFields,
  wordOf,
  writeFields,
  type ApiObject,
  type BodyObject,
  type Mappings,
} from "../mapping.ts";
import { asObject, textOf } from "../names.ts";
import { findServices, listServices } from "../service/list.ts";
import { diskFields, diskShapes } from "./fields.ts";
import { diskRules } from "./rules.ts";

const path = "/disks";
/** What a Blueprint makes without a size; the API alone would make 1 (both documented). */
const defaultSize = 10;

const mappings: Mappings = { name: at("name"), mountPath: at("mountPath"), sizeGB: at("sizeGB") };

/** A service has one disk or none, so the service's name is its natural key; the service object shows it (recorded). */
export const disk: Kind = {
  name: "render/disk",
  noun: "disk",
  provider: "render",
  managed: true,
  shapes: diskShapes,
  rules: diskRules,
  fields: diskFields,
  dataBearing: true,
  deferrable: [],

  async list(reader, scope) {
    return (await listServices(reader, scope)).flatMap(foundOf);
  },

  async findByName(reader, scope, names) {
    return (await findServices(reader, scope, names)).flatMap(foundOf);
  },

  async findById(reader, id) {
    const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
    if (answer === undefined) return undefined;
    const found = asObject(answer, path);
    const service = await reader.get(`/services/${encodeURIComponent(textOf(found, "serviceId", path))}`);
    return service === undefined ? undefined : foundOf(asObject(service, "/services"))[0];
  },

  facets: {},
  output: async () => undefined,
  refuseCreate: () => [],
  standsIn: (desired) => serviceOf(desired.name),
  carriedBy: (desired) => serviceOf(desired.name),
  takesEffectIn: serviceOf,
  // Several instances cannot have a disk (documented).
  apartFrom: ["numInstances", "scaling"],
  namedAfter: { kind: "render/service", rename: (own, from, to) => (own === from ? to : undefined) },

  create(desired) {
    const body = merge({ serviceId: { hole: "id", of: serviceOf(desired.name) } }, diskBody(desired));
    const fields = eachDeclared(desired, diskFields).map(({ name }) => name);
    return [
      {
        part: "resource",
        write: { method: "POST", path, body, budgets: budgets.write },
        fields,
        deploys: false,
      },
    ];
  },

  update(desired, change) {
    const fields = change.fields.map(({ field }) => field);
    if (fields.length === 0) return [];
    const body = writeFields(mappings, desired.spec, fields);
    return [
      {
        part: "settings",
        write: { method: "PATCH", path: `${path}/{${desired.address}}`, body, budgets: budgets.write },
        fields,
        deploys: false,
      },
    ];
  },

  remove: (address) => [
    {
      part: "resource",
      write: { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.write },
      fields: [],
      deploys: false,
    },
  ],
  created: (answer) => ({ id: textOf(asObject(answer, path), "id", path) }),
  summary: (spec) => `${Number(spec["sizeGB"] ?? defaultSize)} GB · ${wordOf(spec["mountPath"])}`,
};

function serviceOf(name: string) {
  return makeAddress("render/service", name);
}

/** As it stands in the creation of its service, or beside a service id in its own. */
export function diskBody(desired: Desired): BodyObject {
  return { sizeGB: defaultSize, ...writeFields(mappings, desired.spec, Object.keys(mappings)) };
}

function foundOf(service: ApiObject): readonly Found[] {
  const attached = pick(service, "serviceDetails.disk");
  if (!isObject(attached)) return [];
  const name = textOf(service, "name", "/services");
  return [
    {
      id: textOf(attached, "id", path),
      name,
      spec: readFields(mappings, attached),
      outputs: {},
      raw: attached,
    },
  ];
}
