import { makeAddress, nameOf, type Address } from "../../../core/address.ts";
import type { Desired } from "../../../core/desired.ts";
import { isObject } from "../../../core/json.ts";
import type { Declarations, Kind, Reader, Wanted } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import { budgets } from "../budgets.ts";
import { wordOf, type ApiObject } from "../mapping.ts";
import { asObject, textOf } from "../names.ts";
import { listServices } from "../service/list.ts";
import { customDomainFields, customDomainShapes } from "./fields.ts";
import { twinOf } from "./twin.ts";

const kindName = "render/custom-domain";

/**
 * A name that leads to a service. It can only be made and deleted, and it stands inside its service: its id here is the
 * path below `/services`.
 */
export const customDomain: Kind = {
  name: kindName,
  noun: "custom domain",
  provider: "render",
  managed: true,
  shapes: customDomainShapes,
  fields: customDomainFields,
  dataBearing: false,
  deferrable: [],

  async list(reader, scope, wanted) {
    const services = await listServices(reader, scope);
    const names = namesOfServices(services, wanted);
    const declaring = new Set(wanted.resources.flatMap(serviceWithDomains));
    const owning = new Set(ownedIds(wanted).map((id) => id.split("/")[0]));
    const isRead = (id: string, name: string): boolean => declaring.has(name) || owning.has(id);
    const read = [...names].filter(([id, name]) =>
      wanted.everything ? isPublic(services, id) : isRead(id, name),
    );
    return (await Promise.all(read.map(([id, name]) => listDomains(reader, { id, name }, {})))).flat();
  },

  async findByName(reader, scope, names, wanted) {
    const services = namesOfServices(await listServices(reader, scope), wanted);
    const asked = wanted.resources.filter((one) => one.kind === kindName && names.includes(one.name));
    const read = [...services].map(async ([id, name]) => {
      const own = asked.filter((one) => one.spec["service"] === name).map((one) => one.name);
      return own.length === 0 ? [] : listDomains(reader, { id, name }, { name: own });
    });
    return (await Promise.all(read)).flat();
  },

  async findById(reader, id) {
    const answer = await reader.get(`/services/${id}`);
    return answer === undefined
      ? undefined
      : foundOf(asObject(answer, "/services"), { id: id.split("/")[0]! });
  },

  facets: {},
  output: async () => undefined,
  refuseCreate: () => [],
  standsIn: serviceOf,
  carriedBy: firstOfTwins,
  claims: (resources) => {
    const exclusive = new Set(
      resources.filter((one) => one.spec["domainsExclusive"] === true).map((one) => one.name),
    );
    return exclusive.size === 0
      ? undefined
      : (found) => found.derivedFrom === undefined && exclusive.has(wordOf(found.spec["service"]));
  },
  remark: (found) => (found.outputs["verificationStatus"] === "unverified" ? "not verified yet" : undefined),

  create: (desired) => [
    {
      part: "resource",
      write: {
        method: "POST",
        path: `/services/{${serviceOf(desired)}}/custom-domains`,
        body: { name: desired.name },
        budgets: budgets.customDomain,
      },
      fields: ["service"],
      deploys: false,
    },
  ],
  update: () => [],
  remove: (address) => [
    {
      part: "resource",
      write: { method: "DELETE", path: `/services/{${address}}`, budgets: budgets.write },
      fields: [],
      deploys: false,
    },
  ],

  /** A list: the name that was asked for, and the twin that Render adds to it (documented). */
  created(answer, carried, path) {
    const rows = (Array.isArray(answer) ? answer : [answer]).filter(isObject);
    const idOf = (row: ApiObject): string => `${path.slice("/services/".length)}/${textOf(row, "id", path)}`;
    const first = rows.find((row) => row["redirectForName"] === "") ?? asObject(rows[0], path);
    const twins = carried.flatMap((one) => {
      const row = rows.find((candidate) => candidate["name"] === one.name);
      return row ? [[one.address, idOf(row)] as const] : [];
    });
    return { id: idOf(first), carried: Object.fromEntries(twins) };
  },

  summary: (spec) => `leads to ${makeAddress("render/service", wordOf(spec["service"]))}`,
};

/** Only web services and static sites have domains. */
function isPublic(services: readonly ApiObject[], id: string): boolean {
  const type = services.find((item) => item["id"] === id)?.["type"];
  return type === "web_service" || type === "static_site";
}

function serviceOf(desired: Desired): Address {
  return makeAddress("render/service", wordOf(desired.spec["service"]));
}

function serviceWithDomains(desired: Desired): readonly string[] {
  if (desired.kind === kindName) return [wordOf(desired.spec["service"])];
  return desired.spec["domainsExclusive"] === true ? [desired.name] : [];
}

function ownedIds({ inventory }: Wanted): readonly string[] {
  return Object.values(inventory.resources).flatMap((owned) => (owned.kind === kindName ? [owned.id] : []));
}

/** Id to name; a service that the file or the inventory knows by another name goes by that one. */
function namesOfServices(
  services: readonly ApiObject[],
  { inventory, resources }: Wanted,
): ReadonlyMap<string, string> {
  const renamed = new Map(
    resources.map(({ kind, lifecycle, name }) => [`${kind} ${lifecycle.renamedFrom}`, name]),
  );
  const live = services.map((item) => {
    const name = textOf(item, "name", "/services");
    return [textOf(item, "id", "/services"), renamed.get(`render/service ${name}`) ?? name] as const;
  });
  const ours = (
    Object.entries(inventory.resources) as [Address, { readonly kind: string; readonly id: string }][]
  )
    .filter(([, owned]) => owned.kind === "render/service")
    .map(([address, owned]) => [owned.id, nameOf(address)] as const);
  const ids = new Set(live.map(([id]) => id));
  return new Map([...live, ...ours.filter(([id]) => ids.has(id))]);
}

async function listDomains(
  reader: Reader,
  service: { readonly id: string; readonly name: string },
  query: { readonly name?: readonly string[] },
): Promise<readonly Found[]> {
  const path = `/services/${encodeURIComponent(service.id)}/custom-domains`;
  return (await reader.list(path, query, "customDomain")).map((item) =>
    foundOf(asObject(item, path), service),
  );
}

function foundOf(row: ApiObject, service: { readonly id: string; readonly name?: string }): Found {
  const { redirectForName, verificationStatus } = row;
  const path = `${service.id}/custom-domains`;
  return {
    id: `${path}/${textOf(row, "id", path)}`,
    name: textOf(row, "name", path),
    spec: service.name === undefined ? {} : { service: service.name },
    outputs: { verificationStatus: wordOf(verificationStatus) },
    raw: row,
    ...(typeof redirectForName === "string" && redirectForName !== "" && { derivedFrom: redirectForName }),
  };
}

/** Of an apex and its `www` on one service, the one that the file lists first brings the other. */
function firstOfTwins(desired: Desired, declared: Declarations): Address | undefined {
  const twin = twinOf(desired.name);
  const address = twin === undefined ? undefined : makeAddress(kindName, twin);
  const other = address && declared.get(address);
  if (!other || other.spec["service"] !== desired.spec["service"]) return undefined;
  const first = [...declared.keys()].find((one) => one === desired.address || one === address);
  return first === desired.address ? undefined : first;
}
