import type { Json } from "../../../core/base/json.ts";
import { cursorKey, encodeCursor } from "../../base/ids.ts";
import { answerList } from "../../base/list.ts";
import { answer, type Answer, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";

/** Variables and secret files share one table of cursors (recorded). */
const entryCursors = "environment entries";

type Entry = { readonly id: string };
type Shown<Row> = { readonly thing: "envVar" | "secretFile"; readonly view: (row: Row) => Json };

/** A page of a service's entries, the newest first (recorded). */
export function answerEntries<Row extends Entry>(
  call: Call,
  world: World,
  rows: readonly Row[],
  { thing, view }: Shown<Row>,
): Answer {
  return answerList(call, world, { rows: rows.toReversed(), thing, cursorTable: entryCursors, view });
}

/** The answer to a PUT of all entries: in the order of the request, where a later read has the newest first (recorded). */
export function answerReplaced<Row extends Entry>(rows: readonly Row[], { thing, view }: Shown<Row>): Answer {
  return answer(
    200,
    rows.map((row) => ({ [thing]: view(row), cursor: encodeCursor(entryCursors, cursorKey(row.id)) })),
  );
}
