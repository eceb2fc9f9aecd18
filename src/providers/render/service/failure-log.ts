import type { Scope } from "../../../core/kind/scope.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import type { FailureLog } from "../../../core/kind/readiness.ts";
import { isObject } from "../../../core/base/json.ts";
import type { Secret } from "../../../core/base/secret.ts";
import { linkedServices, listEnvGroups, readContents } from "../env-group/kind.ts";
import { wordOf, type ApiObject } from "../mapping.ts";
import { textOf } from "../names.ts";
import { readEnvVars, readSecretFiles } from "../value-lists.ts";

/** How many lines are read: one page, which is enough for the last lines even after lines about requests are left out. */
const read = 100;

/** The log of a failed deploy. Lines of a build have a type of their own; all others are among the lines of the service. */
export async function readDeployLog(
  reader: Reader,
  scope: Scope,
  id: string,
  deploy: ApiObject,
): Promise<FailureLog> {
  const isBuild = deploy["status"] === "build_failed";
  const since = wordOf(deploy["startedAt"] ?? deploy["createdAt"]);
  const query = { ...(isBuild && { type: "build" }), ...(since !== "" && { startTime: since }) };
  return readLog(reader, scope, id, { resource: id, query });
}

/** The log of a one-off job, which is a resource of its own for the API (Render's description). */
export function readJobLog(reader: Reader, scope: Scope, id: string, job: ApiObject): Promise<FailureLog> {
  return readLog(reader, scope, id, { resource: textOf(job, "id", "/jobs"), query: {} });
}

async function readLog(
  reader: Reader,
  scope: Scope,
  id: string,
  wanted: { readonly resource: string; readonly query: { readonly [name: string]: string } },
): Promise<FailureLog> {
  const secrets = await readEnvironment(reader, scope, id);
  const { ownerId } = scope;
  const { resource, query } = wanted;
  const answer = await reader.get("/logs", {
    ownerId,
    resource,
    direction: "backward",
    limit: String(read),
    ...query,
  });
  const logs = isObject(answer) && Array.isArray(answer["logs"]) ? answer["logs"].filter(isObject) : [];
  const lines = logs.filter((line) => !isRequest(line)).map((line) => wordOf(line["message"]));
  return { lines: lines.toReversed(), secrets };
}

/** Whether a line is about a request: the version that still runs goes on answering and logs that. */
function isRequest(line: ApiObject): boolean {
  const labels = Array.isArray(line["labels"]) ? line["labels"].filter(isObject) : [];
  return labels.some(({ name, value }) => name === "type" && value === "request");
}

/** All secrets that a program of the service finds in its environment and may have logged: variables, files, and those of its groups. */
async function readEnvironment(reader: Reader, scope: Scope, id: string): Promise<readonly Secret[]> {
  const groups = (await listEnvGroups(reader, scope)).filter((group) => linkedServices(group).includes(id));
  const [variables, files, ...contents] = await Promise.all([
    readEnvVars(reader, id),
    readSecretFiles(reader, id),
    ...groups.map((group) => readContents(reader, { id: textOf(group, "id", "/env-groups") })),
  ]);
  const ofGroups = contents.flatMap(({ envVars, secretFiles }) => [envVars, secretFiles]);
  return [variables, files, ...ofGroups].flatMap((values) => Object.values(values));
}
