import type { Reader } from "../../../core/kind/reader.ts";
import type { Desired } from "../../../core/model/desired.ts";
import type { Found } from "../../../core/model/live.ts";
import { Secret } from "../../../core/base/secret.ts";
import { asObject } from "../names.ts";
import { wordOf } from "../mapping.ts";
import type { Restorable } from "../../../core/kind/restorable.ts";
import { isObject } from "../../../core/base/json.ts";

const path = "/postgres";

/** The outputs that belong to the default user, which is the newest one (Render's description). */
const ofDefaultUser: readonly string[] = ["connectionString", "connectionPoolString", "user", "password"];

/** A replica's name and the output of it that is meant: `replicas.reports.host`. `undefined`: an output of the primary. */
function replicaOf(output: string): { readonly name: string; readonly output: string } | undefined {
  const parts = /^replicas\.(.+)\.([^.]+)$/u.exec(output);
  return parts ? { name: parts[1]!, output: parts[2]! } : undefined;
}

/** The fields whose change makes an output: a replica's come with it, the pool's with the pool, and further users change those of the default one. */
export function unsettledBy(output: string, live: Found): readonly string[] {
  const replica = replicaOf(output);
  const wanted = replica?.output ?? output;
  return [
    ...(ofDefaultUser.includes(wanted) ? ["users"] : []),
    ...(wanted === "connectionPoolString" ? ["connectionPool"] : []),
    ...(replica && live.outputs[`replicas.${replica.name}`] === undefined ? ["readReplicas"] : []),
  ];
}

/** Only a database with a pool has the pool's connection string. */
export function yieldsOutput({ spec }: Desired, output: string): boolean {
  return output !== "connectionPoolString" || spec["connectionPool"] === "pgbouncer";
}

/** An output of a database. `connectionString` is the internal URL, as in Blueprints; the outputs of a replica are `replicas.NAME.OUTPUT`. */
export async function postgresOutput(
  reader: Reader,
  found: Found,
  output: string,
): Promise<Secret | string | undefined> {
  const replica = replicaOf(output);
  const id = replica ? found.outputs[`replicas.${replica.name}`] : found.id;
  const wanted = replica?.output ?? output;
  if (id === undefined) return undefined;
  if (wanted === "host") return id;
  if (wanted === "port") return "5432";
  if (wanted === "database") return found.outputs[wanted];
  const answer = await reader.get(`${path}/${encodeURIComponent(id)}/connection-info`);
  if (answer === undefined) return undefined;
  const info = asObject(answer, path);
  if (wanted === "user") return userOf(info) ?? found.outputs["user"];
  const members: { readonly [output: string]: readonly string[] } = {
    connectionString: ["internalConnectionString"],
    connectionPoolString: ["internalConnectionPoolString", "connectionPoolString"],
    password: ["password"],
  };
  const value = (members[wanted] ?? [])
    .map((member) => info[member])
    .find((text) => typeof text === "string");
  return typeof value === "string" ? new Secret(value) : undefined;
}

/** The default user: with further users it is the newest one, and its name stands in the connection string. */
function userOf(info: { readonly [member: string]: unknown }): string | undefined {
  const url = wordOf(info["internalConnectionString"]);
  return URL.canParse(url) ? decodeURIComponent(new URL(url).username) || undefined : undefined;
}

const own: readonly Restorable[] = [
  { output: "connectionString" },
  { output: "connectionPoolString" },
  { output: "password" },
  { output: "host" },
  { output: "port", key: /PORT$/iu, besideOthers: true },
  { output: "user", key: /USER(?:NAME)?$/iu, besideOthers: true },
  { output: "database", key: /(?:DB|DATABASE|NAME)$/iu, besideOthers: true },
];

/** The outputs that an export writes as references, with the pool's connection string (if there is a pool) and those of each replica. */
export function restorableOutputs({ spec }: Found): readonly Restorable[] {
  const pooled = own.filter(
    ({ output }) => output !== "connectionPoolString" || spec["connectionPool"] === "pgbouncer",
  );
  const replicas = spec["readReplicas"];
  const names = Array.isArray(replicas)
    ? replicas.filter(isObject).map((replica) => String(replica["name"]))
    : [];
  return [
    ...pooled,
    ...names.flatMap((name) =>
      ["connectionString", "host"].map((output) => ({ output: `replicas.${name}.${output}` })),
    ),
  ];
}
