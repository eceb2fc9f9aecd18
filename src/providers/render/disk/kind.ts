import { makeAddress } from "../../../core/base/address.ts";
import type { Desired } from "../../../core/model/desired.ts";
import { isObject } from "../../../core/base/json.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Scope } from "../../../core/kind/scope.ts";
import type { Around, Refusal } from "../../../core/kind/refusal.ts";
import type { Found } from "../../../core/model/live.ts";
import { collectionAt } from "../collection.ts";
import {
  at,
  pick,
  readFields,
  wordOf,
  writeFields,
  type ApiObject,
  type BodyObject,
  type MappingsOf,
} from "../mapping.ts";
import { asObject, textOf } from "../names.ts";
import { findServices, listServices, plainName, wholeNames } from "../service/list.ts";
import { diskFields, diskShapes, diskRules } from "./fields.ts";
import { diskCharges } from "../prices/charges.ts";

const path = "/disks";
const calls = collectionAt(path);
/** The size in GB of a disk whose block has none, as with a Blueprint. The API's own default is 1 (both documented). */
const defaultSize = 10;

const mappings = { name: at("name"), mountPath: at("mountPath"), sizeGB: at("sizeGB") } satisfies MappingsOf<
  typeof diskFields
>;

/** A persistent disk. A service has one or none, so the service's name is the natural key; the service object shows its disk (recorded). */
export const disk: Kind = {
  name: "render/disk",
  noun: "disk",
  fixedName: "a disk has the name of its service, and moves with it",
  provider: "render",
  managed: true,
  shapes: diskShapes,
  rules: diskRules,
  fields: diskFields,
  charges: diskCharges,
  dataBearing: true,
  unique: "name",
  deferrable: [],

  async list(reader, scope, wanted) {
    const services = await listServices(reader, scope);
    const whole = await wholeNames(reader, scope, services, wanted);
    return services.flatMap((service) => foundOf(service, whole));
  },

  async findByName(reader, scope, names, wanted) {
    const plain = names.map((name) => plainName(name, wanted));
    const services = await findServices(reader, scope, [...new Set(plain)]);
    const whole = await wholeNames(reader, scope, services, wanted);
    return services.flatMap((service) => foundOf(service, whole)).filter(({ name }) => names.includes(name));
  },

  async findById(reader, id) {
    const found = await calls.get(reader, id);
    if (!found) return undefined;
    const service = await reader.get(`/services/${encodeURIComponent(textOf(found, "serviceId", path))}`);
    return service === undefined ? undefined : foundOf(asObject(service, "/services"))[0];
  },

  facets: {},
  output: async () => undefined,
  refuseCreate: refuseBesideInstances,
  partOf: (desired) => serviceOf(desired.name),
  createdWith: (desired) => serviceOf(desired.name),
  deployedWith: serviceOf,
  // Several instances cannot have a disk, nor can the free plan (documented).
  conflictsWith: ["numInstances", "scaling", "plan"],
  namedAfter: { kind: "render/service", rename: (own, from, to) => (own === from ? to : undefined) },

  create(desired) {
    const base = { serviceId: { hole: "id", of: serviceOf(desired.name) }, sizeGB: defaultSize } as const;
    return [calls.createDeclared(desired, { fields: diskFields, mappings }, base)];
  },

  update: (desired, change) => calls.update(desired, change, mappings),
  remove: calls.remove,
  created: calls.created,
  summary: (spec) => `${Number(spec["sizeGB"] ?? defaultSize)} GB · ${wordOf(spec["mountPath"])}`,
};

function serviceOf(name: string) {
  return makeAddress("render/service", name);
}

/** Refuses a disk for a service that cannot have one by the time the disk is made, for example with several instances (documented). */
function refuseBesideInstances(
  { address, name }: Desired,
  _scope: Scope,
  _carried: readonly Desired[],
  { declared, live, changes }: Around,
): readonly Refusal[] {
  const service = serviceOf(name);
  const isMade = changes.some((one) => one.address === service && one.action === "replace");
  const before = isMade ? undefined : live.get(service)?.found.spec;
  const { plan, scaling, numInstances } = { ...before, ...declared.get(service)?.spec };
  if (plan === "free") {
    const message = `${address} cannot be made: ${service} is on the free plan, which has no disks.`;
    return [{ code: "not-on-free", message, remedy: "Take it out, or choose a paid plan." }];
  }
  if (!isObject(scaling) && !(Number(numInstances ?? 1) > 1)) return [];
  const message = `${address} cannot be made: ${service} has several instances, and a disk belongs to a single one.`;
  const remedy = "Write `numInstances: 1` and `scaling: null` in its block.";
  return [{ code: "disk-and-scaling", message, remedy }];
}

/** The body of a disk, inside the creation of its service or with a service id in a creation of its own. */
export function diskBody(desired: Desired): BodyObject {
  return { sizeGB: defaultSize, ...writeFields(mappings, desired.spec, Object.keys(mappings)) };
}

function foundOf(service: ApiObject, whole?: ReadonlyMap<string, string>): readonly Found[] {
  const attached = pick(service, "serviceDetails.disk");
  if (!isObject(attached)) return [];
  const name = whole?.get(textOf(service, "id", "/services")) ?? textOf(service, "name", "/services");
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
