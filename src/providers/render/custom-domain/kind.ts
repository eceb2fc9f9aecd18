import { makeAddress, nameOf, type Address } from "../../../core/base/address.ts";
import type { Desired } from "../../../core/model/desired.ts";
import { isObject } from "../../../core/base/json.ts";
import { sameWord } from "../../../core/base/text.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import type { Declarations, Scope, Wanted } from "../../../core/kind/scope.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import { draft, type Write, type WriteDraft } from "../../../core/model/write.ts";
import type { Found } from "../../../core/model/live.ts";
import { budgets } from "../budgets.ts";
import { wordOf, type ApiObject } from "../mapping.ts";
import { asObject, textOf } from "../names.ts";
import { listServices, wholeNames } from "../service/list.ts";
import { outputsOf } from "../service/outputs.ts";
import { customDomainFields, customDomainShapes } from "./fields.ts";
import { remarkOnRecords } from "./records.ts";
import type { twinOf } from "./twin.ts";
import { customDomainCharges } from "../prices/charges.ts";

const kindName = "render/custom-domain";

/**
 * A domain name that leads to a service. The API can only make and delete it, and has it inside its service, so its id here is
 * the path below `/services`: `srv-1/custom-domains/cdm-2`.
 */
const customDomain: Kind = {
  name: kindName,
  noun: "custom domain",
  fixedName: "a domain is its name",
  provider: "render",
  managed: true,
  shapes: customDomainShapes,
  fields: customDomainFields,
  charges: customDomainCharges,
  dataBearing: false,
  unique: "name",
  deferrable: [],

  async list(reader, scope, wanted) {
    const places = await placesOf(reader, scope, wanted);
    const declaring = new Set(wanted.resources.flatMap(serviceWithDomains));
    const owning = new Set(ownedIds(wanted).map((id) => id.split("/")[0]));
    const isRead = ({ id, name }: Place): boolean => declaring.has(name) || owning.has(id);
    const read = places.filter((place) => (wanted.everything ? place.isPublic : isRead(place)));
    return (await Promise.all(read.map((place) => listDomains(reader, place, {})))).flat();
  },

  async findByName(reader, scope, names, wanted) {
    const asked = wanted.resources.filter((one) => one.kind === kindName && names.includes(one.name));
    const read = (await placesOf(reader, scope, wanted)).map(async (place) => {
      const own = asked.filter((one) => one.spec["service"] === place.name).map((one) => one.name);
      return own.length === 0 ? [] : listDomains(reader, place, { name: own });
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
  partOf: serviceOf,
  claims: (resources) => {
    const exclusive = new Set(
      resources.filter((one) => one.spec["domainsExclusive"] === true).map((one) => nameOf(one.address)),
    );
    return exclusive.size === 0
      ? undefined
      : (found) => found.derivedFrom === undefined && exclusive.has(wordOf(found.spec["service"]));
  },
  listedBy: {
    field: "domains",
    host: ({ spec }) => makeAddress("render/service", wordOf(spec["service"])),
  },
  remark(found, fields) {
    const isMoved = fields.some(({ field, forcesReplace }) => field === "service" && forcesReplace);
    return isMoved
      ? { text: "leads nowhere from its deletion until the new one is verified" }
      : remarkOnRecords(found);
  },

  create: (desired, _scope, _deferred, carried) => [
    draft(
      "resource",
      {
        method: "POST",
        path: `/services/{${serviceOf(desired)}}/custom-domains`,
        body: { name: desired.name },
        budgets: budgets.customDomain,
      },
      ["service"],
    ),
    verifyDraft(desired, "verify"),
    ...carried.map((twin) => verifyDraft(twin, `verify ${twin.name}`)),
  ],
  update: () => [],
  remove: (address) => [
    draft("resource", { method: "DELETE", path: `/services/{${address}}`, budgets: budgets.write }, []),
  ],

  /** The answer is a list: the domain that was asked for, and the twin that Render adds (documented). */
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

/**
 * The kind of custom domains. `findTwin` is handed in because it needs the list of public suffixes, which takes longer to load than
 * a file takes to read: code that only reads files gives a function without that list.
 */
export function makeCustomDomain(findTwin: typeof twinOf): Kind {
  return { ...customDomain, createdWith: (desired, declared) => firstOfTwins(desired, declared, findTwin) };
}

/**
 * The call that tells Render to check a domain's DNS records (documented). It is sent once: it costs one of fifty calls an hour, and
 * if the records are missing, only the owner of the domain knows when they will be there.
 */
function verifyDraft({ address }: Desired, part: string): WriteDraft {
  const write: Write = {
    method: "POST",
    path: `/services/{${address}}/verify`,
    budgets: budgets.customDomain,
  };
  return { ...draft(part, write, []), mayFail: true };
}

function serviceOf(desired: Desired): Address {
  return makeAddress("render/service", wordOf(desired.spec["service"]));
}

function serviceWithDomains(desired: Desired): readonly string[] {
  if (desired.kind === kindName) return [wordOf(desired.spec["service"])];
  return desired.spec["domainsExclusive"] === true ? [nameOf(desired.address)] : [];
}

function ownedIds({ inventory }: Wanted): readonly string[] {
  return Object.values(inventory.resources).flatMap((owned) => (owned.kind === kindName ? [owned.id] : []));
}

/** A service with its domains. Only web services and static sites can have domains. */
type Place = {
  readonly id: string;
  readonly name: string;
  readonly isPublic: boolean;
  /** The address to which the DNS records of the domains have to point. */
  readonly target: string | undefined;
};

/**
 * Services with the names that trueup knows them by. A service that a person renamed goes by its name in the file or
 * the inventory, unless it has stepped aside for another service, which has that name now.
 */
async function placesOf(reader: Reader, scope: Scope, wanted: Wanted): Promise<readonly Place[]> {
  const { inventory, resources } = wanted;
  const services = await listServices(reader, scope);
  const whole = await wholeNames(reader, scope, services, wanted);
  const renamed = new Map(
    resources.map(({ kind, lifecycle, name }) => [`${kind} ${lifecycle.renamedFrom}`, name]),
  );
  const formers = new Set(
    Object.values(inventory.pending ?? {}).flatMap((one) => (one.formers ?? []).map(({ id }) => id)),
  );
  const isLeft = (id: string, name: string): boolean =>
    formers.has(id) && services.some((one) => one["name"] === name && one["id"] !== id);
  const owned = new Map(
    (Object.entries(inventory.resources) as [Address, { readonly kind: string; readonly id: string }][])
      .filter(([address, { kind, id }]) => kind === "render/service" && !isLeft(id, nameOf(address)))
      .map(([address, { id }]) => [id, nameOf(address)]),
  );
  return services.map((item) => {
    const id = textOf(item, "id", "/services");
    const name = textOf(item, "name", "/services");
    return {
      id,
      name: owned.get(id) ?? whole.get(id) ?? renamed.get(`render/service ${name}`) ?? name,
      isPublic: ["web_service", "static_site"].some((type) => sameWord(item["type"], type)),
      target: outputsOf(item)["RENDER_EXTERNAL_HOSTNAME"],
    };
  });
}

async function listDomains(
  reader: Reader,
  place: Place,
  query: { readonly name?: readonly string[] },
): Promise<readonly Found[]> {
  const path = `/services/${encodeURIComponent(place.id)}/custom-domains`;
  return (await reader.list(path, query, "customDomain")).map((item) => foundOf(asObject(item, path), place));
}

function foundOf(row: ApiObject, { id, name, target }: Pick<Place, "id"> & Partial<Place>): Found {
  const { redirectForName } = row;
  const path = `${id}/custom-domains`;
  return {
    id: `${path}/${textOf(row, "id", path)}`,
    name: textOf(row, "name", path),
    spec: name === undefined ? {} : { service: name },
    outputs: {
      verificationStatus: wordOf(row["verificationStatus"]),
      domainType: wordOf(row["domainType"]),
      ...(target !== undefined && { target }),
    },
    raw: row,
    ...(typeof redirectForName === "string" && redirectForName !== "" && { derivedFrom: redirectForName }),
  };
}

/** The domain along with which Render makes this one. Of `example.com` and `www.example.com` in one service, the first in the file is created and brings the other. */
function firstOfTwins(
  desired: Desired,
  declared: Declarations,
  findTwin: typeof twinOf,
): Address | undefined {
  const twin = findTwin(desired.name);
  const address = twin === undefined ? undefined : makeAddress(kindName, twin);
  const other = address && declared.get(address);
  if (!other || other.spec["service"] !== desired.spec["service"]) return undefined;
  const first = [...declared.keys()].find((one) => one === desired.address || one === address);
  return first === desired.address ? undefined : first;
}
