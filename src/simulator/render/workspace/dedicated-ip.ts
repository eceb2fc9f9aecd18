import { makeAddress, parseAddress } from "../../../core/base/address.ts";
import { defineTable } from "../../base/account.ts";
import { readBody, readText, readTexts, requireChoice, requireText, type Body } from "../../base/body.ts";
import { formatTime, formatTimeAtCreation, type Microseconds } from "../../base/clock.ts";
import { answerList, filterByValues, queryValues } from "../../base/list.ts";
import type { Loader } from "../../server/loader.ts";
import { findReachable, findWorkspace, listReachable, type OwnedRow } from "../../base/owned.ts";
import { randomInteger } from "../../base/random.ts";
import { answer, fail, noContent, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { environments } from "../project/environment-row.ts";
import { regions } from "../datastore/datastore.ts";

/**
 * A set of IP addresses that the traffic of a region leaves from. Without environments it is for the whole workspace
 * (described).
 */
type DedicatedIp = OwnedRow & {
  name: string;
  description: string;
  readonly region: string;
  environmentIds: string[];
  readonly ips: readonly string[];
  /** When a caller changed it last. What happens by itself after that follows from the clock. */
  updatedAt: Microseconds;
  environmentsChanged: boolean;
  readonly createdAt: Microseconds;
};

const dedicatedIps = defineTable<DedicatedIp>("dedicatedIps");

const one = "/dedicated-ips/{setId}";

/** The routes of dedicated IP addresses. */
export const dedicatedIpRoutes: readonly Route[] = [
  { method: "GET", path: "/dedicated-ips", budget: "render/read", handle: listSets },
  { method: "POST", path: "/dedicated-ips", budget: "render/write", handle: createSet },
  { method: "GET", path: one, budget: "render/read", handle: showSet },
  { method: "PATCH", path: one, budget: "render/write", handle: changeSet },
  { method: "DELETE", path: one, budget: "render/write", handle: deleteSet },
];

/**
 * The stages until a set runs, as shares of the whole time, as two of three recordings went: the status goes back to
 * `CREATING` once, and the addresses come long before the end. Each stage bumps `updatedAt`.
 */
const stages = [
  { from: 0, status: "CREATING", ips: false },
  { from: 0.012, status: "PENDING", ips: false },
  { from: 0.34, status: "PENDING", ips: true },
  { from: 0.65, status: "CREATING", ips: true },
  { from: 0.85, status: "PENDING", ips: true },
  { from: 1, status: "RUNNING", ips: true },
] as const;

/** A change of environments bumps the set a second time, a tenth of a second later (recorded). In microseconds. */
const settlingTime = 100_000;

/** Lists sets as a plain array; `ownerId` is required (described). */
function listSets(call: Call, world: World): Answer {
  if (!queryValues(call, "ownerId")) fail(400, "ownerId is required");
  const wanted = queryValues(call, "environmentId");
  const rows = listReachable(call, world, dedicatedIps).filter(
    (row) => !wanted || row.environmentIds.some((id) => wanted.includes(id)),
  );
  return answerList(call, world, {
    rows: filterByValues(call, rows, {}),
    view: (row) => viewSet(world, row),
  });
}

function createSet(call: Call, world: World): Answer {
  const body = readBody(call);
  const row = insertSet(world, {
    name: requireText(body, "name"),
    ownerId: findWorkspace(call, world, requireText(body, "ownerId")).id,
    region: requireChoice(body, "region", regions),
    description: readText(body, "description") ?? "",
    environmentIds: readEnvironmentIds(call, world, body) ?? [],
  });
  const time = formatTimeAtCreation(row.createdAt);
  return answer(201, {
    ...viewSet(world, row),
    status: "CREATING",
    ips: [],
    createdAt: time,
    updatedAt: time,
  });
}

type NewSet = Pick<DedicatedIp, "name" | "ownerId" | "region" | "description" | "environmentIds">;

function insertSet(world: World, fields: NewSet): DedicatedIp {
  const now = world.stamp();
  const first = randomInteger(world.random, 250);
  return world.account.insert(dedicatedIps, {
    ...fields,
    id: world.makeId("egs"),
    // Addresses from the range that is reserved for documentation.
    ips: [0, 1, 2].map((offset) => `192.0.2.${first + offset}`),
    environmentsChanged: false,
    createdAt: now,
    updatedAt: now,
  });
}

function showSet(call: Call, world: World): Answer {
  return answer(200, viewSet(world, findSet(call, world)));
}

function changeSet(call: Call, world: World): Answer {
  const row = findSet(call, world);
  const body = readBody(call);
  const environmentIds = readEnvironmentIds(call, world, body);
  Object.assign(row, {
    name: readText(body, "name") ?? row.name,
    description: readText(body, "description") ?? row.description,
    environmentIds: environmentIds ?? row.environmentIds,
    environmentsChanged: environmentIds !== undefined,
    updatedAt: world.stamp(),
  });
  return answer(200, viewSet(world, row));
}

function deleteSet(call: Call, world: World): Answer {
  world.account.remove(dedicatedIps, findSet(call, world).id);
  return noContent;
}

function findSet(call: Call, world: World): DedicatedIp {
  return findReachable(call, world, dedicatedIps, parameter(call, "setId"));
}

function readEnvironmentIds(call: Call, world: World, body: Body): string[] | undefined {
  return readTexts(body, "environmentIds")?.map((id) => findReachable(call, world, environments, id).id);
}

function viewSet(world: World, row: DedicatedIp) {
  const now = world.clock.now() * 1000;
  const total = world.switches.dedicatedIpMs * 1000;
  const reached = stages.findLast((stage) => row.createdAt + stage.from * total <= now) ?? stages[0];
  const settled =
    row.environmentsChanged && now >= row.updatedAt + settlingTime
      ? row.updatedAt + settlingTime
      : row.updatedAt;
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    ownerId: row.ownerId,
    region: row.region,
    environmentIds: [...row.environmentIds],
    ips: reached.ips ? [...row.ips] : [],
    status: reached.status,
    createdAt: formatTime(row.createdAt),
    updatedAt: formatTime(Math.max(settled, Math.floor(row.createdAt + reached.from * total))),
  };
}

/** Loads a set of a file. Its environments are named `project/environment`, or by their address. */
export const dedicatedIpLoader: Loader = {
  kind: "render/dedicated-ip",
  load({ address, name, spec }, { world, workspace, ids }) {
    const environmentIds = (readTexts(spec, "environments") ?? []).flatMap((text) => {
      const id = ids.get(makeAddress("render/environment", parseAddress(text)?.name ?? text));
      return id === undefined ? [] : [id];
    });
    const row = insertSet(world, {
      ownerId: workspace.id,
      name,
      region: requireChoice(spec, "region", regions),
      description: readText(spec, "description") ?? "",
      environmentIds,
    });
    ids.set(address, row.id);
  },
};
