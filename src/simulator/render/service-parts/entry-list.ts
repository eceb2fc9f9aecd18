import type { Json } from "../../../core/base/json.ts";
import { readBodyList, type Body } from "../../base/body.ts";
import { cursorKey, encodeCursor } from "../../base/ids.ts";
import { answerList } from "../../base/list.ts";
import {
  answer,
  failNotFound,
  noContent,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { findService, type ServiceRow } from "../service/service-row.ts";

/** Variables and secret files share one table of cursors (recorded). */
const entryCursors = "environment entries";

/** A list of named entries that a service has: its variables or its secret files. */
type EntryList<Row extends { readonly id: string }> = {
  /** The path below the service: `env-vars`. */
  readonly path: "env-vars" | "secret-files";
  /** The key of an entry's envelope in lists. */
  readonly thing: "envVar" | "secretFile";
  readonly view: (row: Row) => Json;
  readonly rowsOf: (service: ServiceRow) => Row[];
  readonly nameOf: (row: Row) => string;
  /** The rows for the bodies of a PUT of the whole list; `current` has those that they replace. */
  readonly makeAll: (world: World, inputs: readonly Body[], current: readonly Row[]) => Row[];
  /** Writes a line of the audit log; absent: the log has no lines about such entries. */
  readonly record?: (call: Call, world: World, verb: "Update" | "Delete", service: ServiceRow) => void;
};

/**
 * The routes of such a list: `/services/{id}/env-vars` and `/services/{id}/env-vars/{name}`. The PUT of one entry is
 * not among them, since it differs.
 */
export function entryRoutes<Row extends { readonly id: string }>(list: EntryList<Row>): readonly Route[] {
  const collection = `/services/{id}/${list.path}`;
  const single = `${collection}/{name}`;
  return [
    {
      method: "GET",
      path: collection,
      budget: "render/read",
      handle: (call, world) => listEntries(call, world, list),
    },
    {
      method: "PUT",
      path: collection,
      budget: "render/write",
      handle: (call, world) => replaceEntries(call, world, list),
    },
    {
      method: "GET",
      path: single,
      budget: "render/read",
      handle: (call, world) => answer(200, list.view(findEntry(call, findService(call, world), list))),
    },
    {
      method: "DELETE",
      path: single,
      budget: "render/write",
      handle: (call, world) => deleteEntry(call, world, list),
    },
  ];
}

/** Answers a page of the entries, the newest first (recorded). */
function listEntries<Row extends { readonly id: string }>(
  call: Call,
  world: World,
  { thing, view, rowsOf }: EntryList<Row>,
): Answer {
  const rows = rowsOf(findService(call, world)).toReversed();
  return answerList(call, world, { rows, thing, cursorTable: entryCursors, view });
}

/**
 * Replaces all entries. The answer has them in the order of the request, while a later read has the newest first
 * (recorded).
 */
function replaceEntries<Row extends { readonly id: string }>(
  call: Call,
  world: World,
  { thing, view, rowsOf, makeAll, record }: EntryList<Row>,
): Answer {
  const service = findService(call, world);
  const rows = rowsOf(service);
  const made = makeAll(world, readBodyList(call), rows);
  for (const row of rows.splice(0, rows.length, ...made)) world.account.forgetLater(row.id);
  record?.(call, world, "Update", service);
  return answer(
    200,
    made.map((row) => ({ [thing]: view(row), cursor: encodeCursor(entryCursors, cursorKey(row.id)) })),
  );
}

function deleteEntry<Row extends { readonly id: string }>(
  call: Call,
  world: World,
  list: EntryList<Row>,
): Answer {
  const service = findService(call, world);
  const row = findEntry(call, service, list);
  const rows = list.rowsOf(service);
  rows.splice(rows.indexOf(row), 1);
  world.account.forgetLater(row.id);
  list.record?.(call, world, "Delete", service);
  return noContent;
}

function findEntry<Row extends { readonly id: string }>(
  call: Call,
  service: ServiceRow,
  { rowsOf, nameOf }: EntryList<Row>,
): Row {
  const name = parameter(call, "name");
  return rowsOf(service).find((row) => nameOf(row) === name) ?? failNotFound(name);
}
