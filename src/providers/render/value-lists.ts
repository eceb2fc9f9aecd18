import type { Reader } from "../../core/kind/reader.ts";
import { isObject } from "../../core/base/json.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";

/** The variables of a service, by key. The API shows the values in clear text (recorded: web service, env vars); here they become `Secret`s. */
export async function readEnvVars(reader: Reader, id: string): Promise<{ readonly [key: string]: Secret }> {
  const path = `/services/${encodeURIComponent(id)}/env-vars`;
  return valueMap(await reader.list(path, {}, "envVar"), { path, key: "key", value: "value" });
}

/** The contents of the secret files of a service, by name. */
export async function readSecretFiles(
  reader: Reader,
  id: string,
): Promise<{ readonly [name: string]: Secret }> {
  const path = `/services/${encodeURIComponent(id)}/secret-files`;
  return valueMap(await reader.list(path, {}, "secretFile"), { path, key: "name", value: "content" });
}

/**
 * One variable by its key, of the service or group at `owner` (`/services/srv-1`); `undefined` when there is none (Render's
 * description). A variable that a list lacks is taken for gone only when this call does not show it either.
 */
export async function findEnvVar(reader: Reader, owner: string, key: string): Promise<Secret | undefined> {
  const path = `${owner}/env-vars/${encodeURIComponent(key)}`;
  return findValue(await reader.get(path), { path, key: "key", value: "value" });
}

/** One secret file by its name, of the service or group at `owner`; `undefined` when there is none. */
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

/** Entries of an answer by key, with their values as secrets. Throws `unexpected-answer` for an entry without a key or a value. */
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
