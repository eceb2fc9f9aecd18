import { makeAddress, type Address } from "../../../core/base/address.ts";
import type { FindEntry } from "../../../core/kind/reader.ts";
import type { JsonObject } from "../../../core/base/json.ts";
import type { Kind } from "../../../core/kind/kind.ts";
import { linkedServices, listEnvGroups } from "../env-group/kind.ts";
import { readLogStream } from "../log-stream/override.ts";
import { wordOf, type ApiObject } from "../mapping.ts";
import { asObject } from "../names.ts";
import { findEnvVar, findSecretFile, readEnvVars, readSecretFiles, valueMap } from "../value-lists.ts";
import { isStaticSite } from "./mapping.ts";
import { readNotifications } from "./notifications.ts";

/** The parts of a service that the service object does not show, each with its own read. A part is read only for services that need it. */
export const serviceFacets: Kind["facets"] = {
  envVars: async (reader, found) => ({ envVars: await readEnvVars(reader, found.id) }),
  secretFiles: async (reader, found) => ({ secretFiles: await readSecretFiles(reader, found.id) }),

  // Only a static site has headers and routes. For a service that is to become one the API would refuse these lists.
  headers: async (reader, found) => {
    if (!isStaticSite(found.raw)) return { headers: {} };
    const path = `/services/${encodeURIComponent(found.id)}/headers`;
    const items = (await reader.list(path, {}, "header")).map((item) => asObject(item, path));
    const seen = new Map<string, number>();
    const named = items.toReversed().map((item) => ({ ...item, entry: headerKey(item, seen) }));
    return { headers: valueMap(named, { path, key: "entry", value: "value" }) };
  },

  // In the order they are tried (recorded: static site).
  routes: async (reader, found) => {
    if (!isStaticSite(found.raw)) return { routes: [] };
    const path = `/services/${encodeURIComponent(found.id)}/routes`;
    const items = (await reader.list(path, {}, "route")).map((item) => asObject(item, path) as JsonObject);
    const routes = items.map(
      ({ type, source, destination }) => ({ type, source, destination }) as JsonObject,
    );
    return { routes };
  },

  notifications: readNotifications,
  logStream: readLogStream,

  // Links come with the list of groups, which is read once for all services.
  groupLinks: async (reader, found, scope, addressOf) => {
    const groups = (await listEnvGroups(reader, scope)).filter((group) =>
      linkedServices(group).includes(found.id),
    );
    const addresses = groups.map(
      (group) => addressOf?.(wordOf(group["id"])) ?? makeAddress("render/env-group", wordOf(group["name"])),
    );
    const places = groups.map((group, index) => [addresses[index], group["environmentId"]] as const);
    return {
      groupLinks: Object.fromEntries(addresses.map((address) => [address, true])),
      // Which of them belong to an environment: that is no field, and a move has to know it.
      groupPlaces: Object.fromEntries(places.filter(([, place]) => typeof place === "string")) as JsonObject,
    };
  },
};

/** The calls that read one entry of a list. For headers and routes the API has none. */
export const serviceEntries: FindEntry = {
  envVars: (reader, { id }, key) => findEnvVar(reader, `/services/${encodeURIComponent(id)}`, key),
  secretFiles: (reader, { id }, name) => findSecretFile(reader, `/services/${encodeURIComponent(id)}`, name),
  groupLinks: async (reader, found, group, idOf) => {
    const id = idOf(group as Address);
    const answer = id === undefined ? undefined : await reader.get(`/env-groups/${encodeURIComponent(id)}`);
    return answer !== undefined && linkedServices(asObject(answer, "/env-groups")).includes(found.id)
      ? true
      : undefined;
  },
};

/** The key of a header. Several may have the same path and name: a file can declare the first of them, and the others stay as they are. */
function headerKey(header: ApiObject, seen: Map<string, number>): string {
  const key = `${wordOf(header["path"])} ${wordOf(header["name"])}`;
  const count = (seen.get(key) ?? 0) + 1;
  seen.set(key, count);
  return count === 1 ? key : `${key}(${count})`;
}
