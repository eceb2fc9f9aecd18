import type { Reader } from "../../../core/kind/reader.ts";
import type { Found } from "../../../core/model/live.ts";
import { Secret } from "../../../core/base/secret.ts";
import { asObject } from "../names.ts";
import { wordOf } from "../mapping.ts";
import type { Restorable } from "../../../core/kind/restorable.ts";
import { isObject } from "../../../core/base/json.ts";

const path = "/postgres";

/** An output of a database. `connectionString` is the internal URL, as in Blueprints; the outputs of a replica are `replicas.NAME.OUTPUT`. */
export async function postgresOutput(
  reader: Reader,
  found: Found,
  output: string,
): Promise<Secret | string | undefined> {
  const replica = /^replicas\.(.+)\.([^.]+)$/u.exec(output);
  const id = replica ? found.outputs[`replicas.${replica[1]}`] : found.id;
  const wanted = replica ? replica[2]! : output;
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
