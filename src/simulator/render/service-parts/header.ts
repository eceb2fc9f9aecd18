import { readBody, readBodyList, readText, requireText, type Body } from "../../base/body.ts";
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
import { findService, type HeaderRow, type ServiceRow } from "../service/service-row.ts";

/** Makes the row of a header. */
export function makeHeader(world: World, input: Body): HeaderRow {
  return {
    id: world.makeId("hdr"),
    path: requireText(input, "path"),
    name: requireText(input, "name"),
    value: readText(input, "value") ?? "",
  };
}

function viewHeader(row: HeaderRow): { id: string; path: string; name: string; value: string } {
  return { id: row.id, path: row.path, name: row.name, value: row.value };
}

/**
 * The static site that the path names; answers 400 for any other service, since only static sites have headers and
 * routes.
 */
export function findStaticSite(call: Call, world: World): ServiceRow {
  const service = findService(call, world);
  return service.type === "static_site" ? service : fail(400, `${service.id} is not a static site`);
}

const collection = "/services/{id}/headers";

/** The routes of headers. */
export const headerRoutes: readonly Route[] = [
  {
    method: "GET",
    path: collection,
    budget: "render/read",
    handle(call, world): Answer {
      const rows = filterByValues(call, findStaticSite(call, world).headers.toReversed(), {
        path: (row) => row.path,
        name: (row) => row.name,
        value: (row) => row.value,
      });
      return answerList(call, world, { rows, thing: "header", view: viewHeader });
    },
  },
  {
    method: "POST",
    path: collection,
    budget: "render/write",
    handle(call, world): Answer {
      const site = findStaticSite(call, world);
      const row = makeHeader(world, readBody(call));
      site.headers.push(row);
      return answer(201, viewHeader(row));
    },
  },
  {
    method: "PUT",
    path: collection,
    budget: "render/write",
    handle(call, world): Answer {
      const site = findStaticSite(call, world);
      const rows = readBodyList(call).map((input) => makeHeader(world, input));
      for (const row of site.headers) world.account.forgetLater(row.id);
      site.headers = rows;
      // Each PUT gives new ids, and the answer has no envelope; for an empty list it is `null` (recorded).
      return answer(200, rows.length === 0 ? null : rows.map(viewHeader));
    },
  },
  {
    method: "DELETE",
    path: `${collection}/{header}`,
    budget: "render/write",
    handle(call, world): Answer {
      const site = findStaticSite(call, world);
      const id = parameter(call, "header");
      if (!site.headers.some((row) => row.id === id)) failNotFound(id);
      site.headers = site.headers.filter((row) => row.id !== id);
      world.account.forgetLater(id);
      return noContent;
    },
  },
];
