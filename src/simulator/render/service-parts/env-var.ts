import { recordAudit } from "../../server/audit.ts";
import { readBoolean, readBody, readText, requireText, type Body } from "../../base/body.ts";
import { generateSecretText } from "../../base/random.ts";
import { answer, fail, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { entryRoutes } from "./entry-list.ts";
import { findService, type EnvVarRow, type ServiceRow } from "../service/service-row.ts";

const keyPattern = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/**
 * Makes the rows of a whole list of variables, in the order given. With `generateValue`, a variable that has a value
 * may keep it (a switch).
 */
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

/**
 * Makes the row of a variable. It is a new one also where the key has a row: a PUT of the list makes new rows
 * (recorded: new cursors).
 */
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

function recordVariables(
  call: Call,
  world: World,
  verb: "Create" | "Update" | "Delete",
  service: ServiceRow,
): void {
  recordAudit(world, {
    ownerId: service.ownerId,
    event: `${verb}EnvVarsEvent`,
    actor: call.actor,
    metadata: { service: service.id },
  });
}

/** Writing variables neither deploys nor bumps the service's `updatedAt` (recorded). */
export const envVarRoutes: readonly Route[] = [
  ...entryRoutes<EnvVarRow>({
    path: "env-vars",
    thing: "envVar",
    view: viewEnvVar,
    rowsOf: (service) => service.envVars,
    nameOf: (row) => row.key,
    makeAll: makeEnvVars,
    record: recordVariables,
  }),
  { method: "PUT", path: "/services/{id}/env-vars/{key}", budget: "render/write", handle: putEnvVar },
];

function putEnvVar(call: Call, world: World): Answer {
  const service = findService(call, world);
  const key = parameter(call, "key");
  const current = service.envVars.find((row) => row.key === key);
  const made = makeEnvVar(world, key, readBody(call), current);
  if (current) current.value = made.value;
  else service.envVars.push(made);
  recordVariables(call, world, current ? "Update" : "Create", service);
  return answer(200, viewEnvVar(made));
}
