import {
  readBody,
  readBodyList,
  readInteger,
  requireChoice,
  requireText,
  type Body,
} from "../../base/body.ts";
import { answerList, filterByValues } from "../../base/list.ts";
import {
  answer,
  fail,
  failNotFound,
  noContent,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { findStaticSite } from "./header.ts";
import type { RouteRow, ServiceRow } from "../service/service-row.ts";

/** Makes the row of a redirect or rewrite. */
export function makeRoute(world: World, input: Body): RouteRow {
  return {
    id: world.makeId("rdr"),
    type: requireChoice(input, "type", ["redirect", "rewrite"] as const),
    source: requireText(input, "source"),
    destination: requireText(input, "destination"),
  };
}

/** A route. Its place in the list is its priority: 0 is tried first (recorded). */
function viewRoute(site: ServiceRow, row: RouteRow): { [field: string]: string | number } {
  const { id, type, source, destination } = row;
  return { id, type, source, destination, priority: site.routes.indexOf(row) };
}

function readPriority(call: Call, site: ServiceRow): number | undefined {
  return readInteger(readBody(call), "priority", { least: 0, most: Math.max(0, site.routes.length) });
}

const collection = "/services/{id}/routes";

/** The routes of redirects and rewrites. */
export const siteRouteRoutes: readonly Route[] = [
  {
    method: "GET",
    path: collection,
    budget: "render/read",
    handle(call, world): Answer {
      const site = findStaticSite(call, world);
      const rows = filterByValues(call, site.routes, {
        type: (row) => row.type,
        source: (row) => row.source,
        destination: (row) => row.destination,
      });
      return answerList(call, world, { rows, thing: "route", view: (row) => viewRoute(site, row) });
    },
  },
  {
    method: "POST",
    path: collection,
    budget: "render/write",
    handle(call, world): Answer {
      const site = findStaticSite(call, world);
      const row = makeRoute(world, readBody(call));
      site.routes.splice(readPriority(call, site) ?? site.routes.length, 0, row);
      return answer(201, viewRoute(site, row));
    },
  },
  {
    method: "PUT",
    path: collection,
    budget: "render/write",
    handle(call, world): Answer {
      const site = findStaticSite(call, world);
      const rows = readBodyList(call).map((input) => makeRoute(world, input));
      for (const row of site.routes) world.account.forgetLater(row.id);
      site.routes = rows;
      // As for headers: new ids, no envelope, `null` for an empty list (recorded).
      return answer(200, rows.length === 0 ? null : rows.map((row) => viewRoute(site, row)));
    },
  },
  {
    method: "PATCH",
    path: `${collection}/{route}`,
    budget: "render/write",
    handle(call, world): Answer {
      const site = findStaticSite(call, world);
      return answer(200, moveRoute(call, site, findRoute(call, site)));
    },
  },
  {
    // Described without a word about which rule is meant, and with `headers` around the answer: a slip that newer tools do not share.
    method: "PATCH",
    path: collection,
    budget: "render/write",
    handle(call, world): Answer {
      const site = findStaticSite(call, world);
      const [row, another] = site.routes;
      if (!row || another)
        fail(400, `the site has ${site.routes.length} routes: name one, ${call.path}/rdr-...`);
      return answer(200, { headers: moveRoute(call, site, row) });
    },
  },
  {
    method: "DELETE",
    path: `${collection}/{route}`,
    budget: "render/write",
    handle(call, world): Answer {
      const site = findStaticSite(call, world);
      const row = findRoute(call, site);
      site.routes = site.routes.filter((other) => other !== row);
      world.account.forgetLater(row.id);
      return noContent;
    },
  },
];

/** To another priority; the rules behind it make room. */
function moveRoute(call: Call, site: ServiceRow, row: RouteRow): { [field: string]: string | number } {
  const priority = readPriority(call, site) ?? fail(400, "priority is required");
  site.routes = site.routes.filter((other) => other !== row);
  site.routes.splice(priority, 0, row);
  return viewRoute(site, row);
}

function findRoute(call: Call, site: ServiceRow): RouteRow {
  const id = parameter(call, "route");
  return site.routes.find((row) => row.id === id) ?? failNotFound(id);
}
