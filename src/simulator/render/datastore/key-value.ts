import { canonical } from "../../../core/base/json.ts";
import { recordChange } from "../../server/audit.ts";
import { readBody, readChoice, readText, requireText, withoutAbsent, type Body } from "../../base/body.ts";
import { formatTime, formatTimeAtCreation } from "../../base/clock.ts";
import { answerList, filterByRowTimes, filterByValues } from "../../base/list.ts";
import { findReachable, findWorkspace, listReachable, viewOwner } from "../../base/owned.ts";
import {
  accepted,
  answer,
  fail,
  noContent,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { recordAvailability, recordKeyValueChanges } from "./datastore-events.ts";
import { availableAfter, makePassword, regions, statusOf } from "./datastore.ts";
import { readEnvironmentId } from "../project/environment-row.ts";
import { everywhere, readIpAllowList, replacesIpAllowList, viewIpAllowList } from "./ip-allow-list.ts";
import { keyValues, maxmemoryPolicies, persistenceModes, type KeyValue } from "./key-value-row.ts";
import { removeLogStreamOverride } from "../workspace/log-stream.ts";
import { viewInlineMaintenance } from "./maintenance.ts";

/**
 * A path under which Key Value instances are shown. `/redis` is the older one for the same objects; only the command
 * to connect has another name there (recorded).
 */
type Facade = { readonly base: "/key-value" | "/redis"; readonly thing: string; readonly command: string };
const facades: readonly Facade[] = [
  { base: "/key-value", thing: "keyValue", command: "cliCommand" },
  { base: "/redis", thing: "redis", command: "redisCLICommand" },
];

/** The routes of Key Value instances, under both of their paths. */
export const keyValueRoutes: readonly Route[] = facades.flatMap((facade): Route[] => {
  const one = `${facade.base}/{keyValueId}`;
  return [
    {
      method: "GET",
      path: facade.base,
      budget: "render/read",
      handle: (call, world) => listKeyValues(call, world, facade),
    },
    { method: "POST", path: facade.base, budget: "render/create", handle: createKeyValue },
    { method: "GET", path: one, budget: "render/read", handle: showKeyValue },
    { method: "PATCH", path: one, budget: "render/write", handle: changeKeyValue },
    { method: "DELETE", path: one, budget: "render/write", handle: deleteKeyValue },
    {
      method: "GET",
      path: `${one}/connection-info`,
      budget: "render/read",
      handle: (call, world) => answer(200, viewConnection(findKeyValue(call, world), facade)),
    },
    {
      method: "POST",
      path: `${one}/suspend`,
      budget: "render/write",
      handle: (call, world) => setSuspended(call, world, true),
    },
    {
      method: "POST",
      path: `${one}/resume`,
      budget: "render/write",
      handle: (call, world) => setSuspended(call, world, false),
    },
  ];
});

function listKeyValues(call: Call, world: World, facade: Facade): Answer {
  const named = filterByValues(call, listReachable(call, world, keyValues), {
    name: (row) => row.name,
    region: (row) => row.region,
    environmentId: (row) => row.environmentId,
  });
  const rows = filterByRowTimes(call, named);
  return answerList(call, world, {
    rows,
    thing: facade.thing,
    cursorTable: "keyValue",
    // In lists an instance has a link to the dashboard (described); alone it is recorded without.
    view: (row) => ({
      ...viewKeyValueInList(world, row),
      dashboardUrl: `https://dashboard.render.com/r/${row.id}`,
    }),
    createdAt: (row) => row.createdAt,
  });
}

function createKeyValue(call: Call, world: World): Answer {
  const body = readBody(call);
  const name = requireText(body, "name");
  const { id: ownerId } = findWorkspace(call, world, requireText(body, "ownerId"));
  const environmentId = readEnvironmentId(call, world, body, ownerId);
  const plan = requireText(body, "plan");
  const row = insertKeyValue(world, {
    ownerId,
    name,
    plan: checkPlan(plan),
    region: readChoice(body, "region", regions) ?? "oregon",
    ...(environmentId !== undefined && { environmentId }),
    ...readOptions(body, plan),
  });
  recordAvailability(world, row, "key_value_available");
  recordChange(call, world, "CreateRedisEvent", { kind: "redis", ...row });
  const time = formatTimeAtCreation(row.createdAt);
  return answer(201, { ...viewKeyValue(world, row), status: "unknown", createdAt: time, updatedAt: time });
}

type Options = Partial<Pick<KeyValue, "maxmemoryPolicy" | "persistenceMode" | "ipAllowList">>;
type NewKeyValue = Pick<KeyValue, "ownerId" | "name" | "plan" | "region" | "environmentId"> & Options;

/** Makes a Key Value instance. Answers 400 or 409 for what Render would refuse. */
export function insertKeyValue(world: World, fields: NewKeyValue): KeyValue {
  const now = world.stamp();
  return world.account.insert(keyValues, {
    id: world.makeId("red"),
    maxmemoryPolicy: "allkeys_lru",
    persistenceMode: defaultPersistence(fields.plan),
    ipAllowList: [everywhere],
    password: makePassword(world),
    suspended: false,
    availableAt: availableAfter(world, now),
    createdAt: now,
    updatedAt: now,
    ...fields,
  });
}

/** What an instance keeps by default: nothing on the free plan, else a journal (recorded). */
function defaultPersistence(plan: string): KeyValue["persistenceMode"] {
  return plan === "free" ? "off" : "journal_snapshot";
}

function checkPlan(plan: string): string {
  const known = /^(free|starter|standard|pro|pro_plus|pro_max|pro_ultra|custom.*|\d+(mb|g))$/i.test(plan);
  return known ? plan : fail(400, `invalid plan: ${plan}`);
}

/** The settings of an instance in a body, checked against its plan. */
export function readOptions(body: Body, plan: string): Options {
  const maxmemoryPolicy = readChoice(body, "maxmemoryPolicy", maxmemoryPolicies);
  const persistenceMode = readChoice(body, "persistenceMode", persistenceModes);
  const ipAllowList = readIpAllowList(body);
  if (plan === "free" && persistenceMode !== undefined && persistenceMode !== "off") {
    fail(400, "persistence is not available on plan free");
  }
  return {
    ...(maxmemoryPolicy !== undefined && { maxmemoryPolicy }),
    ...(persistenceMode !== undefined && { persistenceMode }),
    ...(ipAllowList !== undefined && { ipAllowList }),
  };
}

function showKeyValue(call: Call, world: World): Answer {
  return answer(200, viewKeyValue(world, findKeyValue(call, world)));
}

/**
 * Changes an instance. A change of the allow list alone does not bump `updatedAt`; leaving the free plan turns the
 * journal on (recorded).
 */
function changeKeyValue(call: Call, world: World): Answer {
  const row = findKeyValue(call, world);
  const body = readBody(call);
  const plan = checkPlan(readText(body, "plan") ?? row.plan);
  if (plan === "free" && row.plan !== "free") fail(400, "cannot downgrade to plan free");
  const options = readOptions(body, plan);
  const before = { ...row };
  const upgraded =
    row.plan === "free" && plan !== "free" ? { persistenceMode: defaultPersistence(plan) } : {};
  if (replacesIpAllowList(options, row)) {
    recordChange(call, world, "UpdateIPAllowListEvent", { kind: "redis", ...row });
  }
  Object.assign(row, { plan, name: readText(body, "name") ?? row.name }, upgraded, options);
  if (countedFields(row) !== countedFields(before)) row.updatedAt = world.stamp();
  recordKeyValueChanges(world, before, row);
  if (row.plan !== before.plan) {
    row.availableAt = availableAfter(world, row.updatedAt);
    recordAvailability(world, row, "key_value_available");
  }
  return answer(200, viewKeyValue(world, row));
}

function countedFields(row: KeyValue): string {
  return canonical([row.name, row.plan, row.maxmemoryPolicy, row.persistenceMode]);
}

function deleteKeyValue(call: Call, world: World): Answer {
  const row = findKeyValue(call, world);
  removeLogStreamOverride(world, row.id);
  world.account.remove(keyValues, row.id);
  recordChange(call, world, "DeleteRedisEvent", { kind: "redis", ...row });
  return noContent;
}

function setSuspended(call: Call, world: World, suspended: boolean): Answer {
  const row = findKeyValue(call, world);
  if (row.suspended !== suspended) row.updatedAt = world.stamp();
  row.suspended = suspended;
  return accepted;
}

function findKeyValue(call: Call, world: World): KeyValue {
  return findReachable(call, world, keyValues, parameter(call, "keyValueId"));
}

/** An instance as it is shown alone: with its next maintenance, which lists leave out (described). */
function viewKeyValue(world: World, row: KeyValue) {
  return withoutAbsent({
    ...viewKeyValueInList(world, row),
    maintenance: viewInlineMaintenance(world, row.id),
  });
}

/** An instance as lists show it. Its options are an object of their own, however the request had them (recorded). */
function viewKeyValueInList(world: World, row: KeyValue) {
  return withoutAbsent({
    id: row.id,
    name: row.name,
    plan: row.plan,
    region: row.region,
    status: statusOf(world, row),
    version: "8.1.4",
    options: { maxmemoryPolicy: row.maxmemoryPolicy, persistenceMode: row.persistenceMode },
    ipAllowList: viewIpAllowList(row.ipAllowList),
    environmentId: row.environmentId,
    owner: viewOwner(world, row.ownerId),
    createdAt: formatTime(row.createdAt),
    updatedAt: formatTime(row.updatedAt),
  });
}

/**
 * How to connect to an instance. The command begins with a space, which keeps it out of the history of a shell
 * (recorded).
 */
function viewConnection(row: KeyValue, facade: Facade) {
  const host = `${row.region}-keyvalue.render.com`;
  return {
    internalConnectionString: `redis://${row.id}:6379`,
    externalConnectionString: `rediss://${row.id}:${row.password}@${host}:6379`,
    [facade.command]: ` REDISCLI_AUTH=${row.password} valkey-cli --user ${row.id} -h ${host} -p 6379 --tls`,
  };
}

/** An output of an instance that a value refers to; `undefined` where it has no such output. */
export function keyValueOutput(id: string, output: string, world: World): string | undefined {
  const row = world.account.find(keyValues, id);
  if (!row) return undefined;
  const outputs: { readonly [name: string]: string } = {
    connectionString: `redis://${row.id}:6379`,
    host: row.id,
    port: "6379",
    hostport: `${row.id}:6379`,
  };
  return outputs[output];
}
