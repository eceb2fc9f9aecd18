import { recordAudit } from "../../server/audit.ts";
import { readBodyList, readBoolean, readBody, readText, requireText, type Body } from "../../base/body.ts";
import { generateSecretText } from "../../base/random.ts";
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
import { answerEntries, answerReplaced } from "./entry-list.ts";
import { findService, type EnvVarRow } from "../service/service-row.ts";

const keyPattern = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** Rows for a whole list of variables, in the order given; what had a value may keep it under `generateValue` (switch). */
export function makeEnvVars(
  world: World,
  inputs: readonly Body[],
  current: readonly EnvVarRow[] = [],
): EnvVarRow[] {
  const rows = inputs.map((input) => {
    const key = requireText(input, "key");
    return makeEnvVar(
      world,
      key,
      input,
      current.find((row) => row.key === key),
    );
  });
  const repeated = rows.find((row, index) => rows.findIndex((other) => other.key === row.key) !== index);
  return repeated ? fail(400, `duplicate environment variable key: ${repeated.key}`) : rows;
}

/** A new row even if one has the key: replacing makes new rows (recorded: new cursors). */
export function makeEnvVar(world: World, key: string, input: Body, current?: EnvVarRow): EnvVarRow {
  if (!keyPattern.test(key)) fail(400, `invalid environment variable key: ${key}`);
  const id = world.makeId("");
  if (readBoolean(input, "generateValue")) {
    const keeps = current !== undefined && world.switches.generateAgain === "keep";
    return { id, key, value: keeps ? current.value : generateSecretText(world.random), generated: true };
  }
  const value = readText(input, "value");
  return value === undefined
    ? fail(400, `value or generateValue is required for ${key}`)
    : { id, key, value };
}

function viewEnvVar(row: EnvVarRow): { key: string; value: string } {
  return { key: row.key, value: row.value };
}

function findEnvVar(rows: readonly EnvVarRow[], key: string): EnvVarRow {
  return rows.find((row) => row.key === key) ?? failNotFound(key);
}

function recordVariables(call: Call, world: World, event: string, ownerId: string): void {
  const metadata = { service: parameter(call, "id") };
  recordAudit(world, { ownerId, event, actor: call.actor, metadata });
}

const collection = "/services/{id}/env-vars";
const single = "/services/{id}/env-vars/{key}";
const shown = { thing: "envVar", view: viewEnvVar } as const;

/** Writing variables neither deploys nor bumps the service's `updatedAt` (recorded). */
export const envVarRoutes: readonly Route[] = [
  {
    method: "GET",
    path: collection,
    budget: "render/read",
    handle: (call, world) => answerEntries(call, world, findService(call, world).envVars, shown),
  },
  {
    method: "PUT",
    path: collection,
    budget: "render/write",
    handle(call, world): Answer {
      const service = findService(call, world);
      const rows = makeEnvVars(world, readBodyList(call), service.envVars);
      for (const row of service.envVars) world.account.forgetLater(row.id);
      service.envVars = rows;
      recordVariables(call, world, "UpdateEnvVarsEvent", service.ownerId);
      return answerReplaced(rows, shown);
    },
  },
  {
    method: "GET",
    path: single,
    budget: "render/read",
    handle: (call, world) =>
      answer(200, viewEnvVar(findEnvVar(findService(call, world).envVars, parameter(call, "key")))),
  },
  {
    method: "PUT",
    path: single,
    budget: "render/write",
    handle(call, world): Answer {
      const service = findService(call, world);
      const key = parameter(call, "key");
      const current = service.envVars.find((row) => row.key === key);
      const made = makeEnvVar(world, key, readBody(call), current);
      if (current) current.value = made.value;
      else service.envVars.push(made);
      recordVariables(call, world, current ? "UpdateEnvVarsEvent" : "CreateEnvVarsEvent", service.ownerId);
      return answer(200, viewEnvVar(made));
    },
  },
  {
    method: "DELETE",
    path: single,
    budget: "render/write",
    handle(call, world): Answer {
      const service = findService(call, world);
      const row = findEnvVar(service.envVars, parameter(call, "key"));
      service.envVars = service.envVars.filter((other) => other !== row);
      world.account.forgetLater(row.id);
      recordVariables(call, world, "DeleteEnvVarsEvent", service.ownerId);
      return noContent;
    },
  },
];
