import { defineTable } from "../../base/account.ts";
import { readBody, readBoolean, readText, withoutAbsent } from "../../base/body.ts";
import { formatTime, type Microseconds } from "../../base/clock.ts";
import { answerList } from "../../base/list.ts";
import { findReachable, findWorkspace, listReachable, type OwnedRow } from "../../base/owned.ts";
import { answer, fail, noContent, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";

/**
 * A Blueprint. It is connected in the dashboard; the API cannot make one, and tests put them into the table. All of
 * this is described and not recorded.
 */
export type Blueprint = OwnedRow & {
  name: string;
  status: "created" | "paused" | "in_sync" | "syncing" | "error";
  autoSync: boolean;
  readonly repo: string;
  readonly branch: string;
  path: string;
  readonly lastSync?: Microseconds;
  /** The resources that it manages. */
  readonly resources: readonly { readonly id: string; readonly name: string; readonly type: string }[];
};

/** The table of Blueprints. */
export const blueprints = defineTable<Blueprint>("blueprints");

const one = "/blueprints/{blueprintId}";

/** The routes of Blueprints. */
export const blueprintRoutes: readonly Route[] = [
  { method: "GET", path: "/blueprints", budget: "render/read", handle: listBlueprints },
  { method: "POST", path: "/blueprints/validate", budget: "render/write", handle: validateFile },
  { method: "GET", path: one, budget: "render/read", handle: showBlueprint },
  { method: "PATCH", path: one, budget: "render/write", handle: changeBlueprint },
  { method: "DELETE", path: one, budget: "render/write", handle: disconnectBlueprint },
  { method: "GET", path: `${one}/syncs`, budget: "render/read", handle: listSyncs },
];

function listBlueprints(call: Call, world: World): Answer {
  const rows = listReachable(call, world, blueprints);
  return answerList(call, world, { rows, thing: "blueprint", view: viewBlueprint });
}

function showBlueprint(call: Call, world: World): Answer {
  const row = findBlueprint(call, world);
  return answer(200, {
    ...viewBlueprint(row),
    resources: row.resources.map((resource) => ({ ...resource })),
  });
}

function changeBlueprint(call: Call, world: World): Answer {
  const row = findBlueprint(call, world);
  const body = readBody(call);
  Object.assign(row, {
    name: readText(body, "name") ?? row.name,
    path: readText(body, "path") ?? row.path,
    autoSync: readBoolean(body, "autoSync") ?? row.autoSync,
  });
  return answer(200, viewBlueprint(row));
}

/** Disconnects a Blueprint. Its resources stay. */
function disconnectBlueprint(call: Call, world: World): Answer {
  world.account.remove(blueprints, findBlueprint(call, world).id);
  return noContent;
}

function listSyncs(call: Call, world: World): Answer {
  findBlueprint(call, world);
  return answerList(call, world, { rows: [], thing: "sync", view: () => null });
}

const largestFile = 10 * 1024 * 1024;

/**
 * 200 whatever the file is like, with what is wrong in it (described). What a valid file would create is listed in full: the
 * plan is of the file, not of what the account has already.
 */
function validateFile(call: Call, world: World): Answer {
  if (call.text.length > largestFile) fail(413, "blueprint file is too large");
  const field = (name: string): string | undefined =>
    new RegExp(`name="${name}"[^]*?\\r\\n\\r\\n([^]*?)\\r\\n--`).exec(call.text)?.[1];
  findWorkspace(call, world, field("ownerId") ?? fail(400, "ownerId is required"));
  const text = field("file") ?? fail(400, "file is required");
  const found = world.checkBlueprint?.(text);
  if (!found) return answer(200, { valid: true });
  const { problems, declared } = found;
  if (problems.length > 0)
    return answer(200, { valid: false, errors: problems.map((problem) => ({ ...problem })) });
  const totalActions = Object.values(declared).reduce((sum, names) => sum + names.length, 0);
  return answer(200, { valid: true, plan: { ...declared, totalActions } });
}

function findBlueprint(call: Call, world: World): Blueprint {
  return findReachable(call, world, blueprints, parameter(call, "blueprintId"));
}

function viewBlueprint(row: Blueprint) {
  return withoutAbsent({
    id: row.id,
    name: row.name,
    status: row.status,
    autoSync: row.autoSync,
    repo: row.repo,
    branch: row.branch,
    path: row.path,
    lastSync: row.lastSync === undefined ? undefined : formatTime(row.lastSync),
  });
}
