import type { Reader } from "../../core/kind/reader.ts";
import { isObject } from "../../core/base/json.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";

/** Key to value, in clear text from the API and a `Secret` from here on (recorded: web service, env vars). */
export async function readEnvVars(reader: Reader, id: string): Promise<{ readonly [key: string]: Secret }> {
  const path = `/services/${encodeURIComponent(id)}/env-vars`;
  return valueMap(await reader.list(path, {}, "envVar"), { path, key: "key", value: "value" });
}

export async function readSecretFiles(
  reader: Reader,
  id: string,
): Promise<{ readonly [name: string]: Secret }> {
  const path = `/services/${encodeURIComponent(id)}/secret-files`;
  return valueMap(await reader.list(path, {}, "secretFile"), { path, key: "name", value: "content" });
}

/** One variable by its key, of the service or group at `owner` (`/services/srv-1`): what a list lacks is gone only when this says so as well (Render's description). */
export async function findEnvVar(reader: Reader, owner: string, key: string): Promise<Secret | undefined> {
  const path = `${owner}/env-vars/${encodeURIComponent(key)}`;
  return findValue(await reader.get(path), { path, key: "key", value: "value" });
}

/** Likewise one secret file by its name. */
export async function findSecretFile(
  reader: Reader,
  owner: string,
  name: string,
): Promise<Secret | undefined> {
  const path = `${owner}/secret-files/${encodeURIComponent(name)}`;
  return findValue(await reader.get(path), { path, key: "name", value: "content" });
}

function findValue(answer: unknown, members: Parameters<typeof valueMap>[1]): Secret | undefined {
  return answer === undefined ? undefined : Object.values(valueMap([answer], members))[0];
}

export function valueMap(
  items: readonly unknown[],
  members: { readonly path: string; readonly key: string; readonly value: string },
): { readonly [key: string]: Secret } {
  const values: [string, Secret][] = items.map((item) => {
    const key = isObject(item) ? item[members.key] : undefined;
    const value = isObject(item) ? item[members.value] : undefined;
    if (typeof key === "string" && typeof value === "string") return [key, new Secret(value)];
    throw new ProblemError([
      problem(
        "error",
        "unexpected-answer",
        `GET ${members.path} answered an entry without ${members.key} or ${members.value}.`,
        "Check RENDER_HOST; if it is right, report this.",
      ),
    ]);
  });
  return Object.fromEntries(values.sort(([a], [b]) => (a < b ? -1 : 1)));
}
