import type { Reader } from "../../../core/kind/reader.ts";
import type { Desired } from "../../../core/model/desired.ts";
import type { Found } from "../../../core/model/live.ts";
import { Secret } from "../../../core/base/secret.ts";
import { linkedServices, listEnvGroups, readContents } from "../env-group/kind.ts";
import { pick, wordOf, type ApiObject } from "../mapping.ts";
import { asObject } from "../names.ts";
import type { Restorable } from "../../../core/kind/restorable.ts";
import { variableOf, variableOutput } from "../../../core/model/value.ts";
import { restorableAddresses } from "../restorable.ts";

const path = "/services";

/** Outputs that follow from the service object. The host is the slug, which a rename does not change, and the port is the first open one (recorded). */
export function outputsOf(item: ApiObject): { readonly [name: string]: string } {
  const slug = String(item["slug"] ?? item["name"]);
  const ports = pick(item, "serviceDetails.openPorts");
  const port = Array.isArray(ports)
    ? String((ports[0] as { readonly port?: number } | undefined)?.port ?? "")
    : "";
  const url = pick(item, "serviceDetails.url");
  const outside = typeof url === "string" && url.startsWith("https://") ? url : undefined;
  return {
    slug,
    host: slug,
    ...(port !== "" && { port, hostport: `${slug}:${port}` }),
    ...(outside !== undefined && {
      RENDER_EXTERNAL_URL: outside,
      RENDER_EXTERNAL_HOSTNAME: outside.slice("https://".length),
    }),
    // Set by Render and used by its customers, though its list of variables does not name it (seen in public code).
    RENDER_INTERNAL_HOSTNAME: slug,
    RENDER_SERVICE_NAME: String(item["name"]),
    RENDER_SERVICE_ID: String(item["id"]),
    ...(typeof item["branch"] === "string" && { RENDER_GIT_BRANCH: item["branch"] }),
  };
}

/** By variable that Render sets, the fields that its value follows from, where such a field can change. */
const madeFrom: { readonly [variable: string]: readonly string[] } = {
  RENDER_SERVICE_NAME: ["name"],
  RENDER_GIT_BRANCH: ["branch", "repo", "runtime", "image"],
};

/** The fields that give an output of a service another value when they change; none for most outputs. */
export function unsettledBy(output: string): readonly string[] {
  return madeFrom[variableOf(output) ?? ""] ?? [];
}

/** Whether a declared service has an output: a service of an image has no branch. */
export function yieldsOutput({ spec }: Desired, output: string): boolean {
  return variableOf(output) !== "RENDER_GIT_BRANCH" || spec["runtime"] !== "image";
}

/** `host`, `port` ..., or `envVars.KEY`: the service's own variable, else one that Render derives from the object. */
export async function serviceOutput(
  reader: Reader,
  found: Found,
  output: string,
): Promise<Secret | string | undefined> {
  const key = variableOf(output);
  if (key === undefined) return found.outputs[output];
  const answer = await reader.get(
    `${path}/${encodeURIComponent(found.id)}/env-vars/${encodeURIComponent(key)}`,
  );
  if (answer === undefined) return found.outputs[key] ?? readLent(reader, found, key);
  const value = asObject(answer, path)["value"];
  return typeof value === "string" ? new Secret(value) : undefined;
}

/** A variable of the groups that are linked to the service: no list of its own variables shows it (documented). */
async function readLent(reader: Reader, { id, raw }: Found, key: string): Promise<Secret | undefined> {
  if (typeof raw["ownerId"] !== "string") return undefined;
  const groups = await listEnvGroups(reader, { ownerId: raw["ownerId"] });
  for (const group of groups.filter((one) => linkedServices(one).includes(id))) {
    const { envVars } = await readContents(reader, { id: wordOf(group["id"]) });
    if (Object.hasOwn(envVars, key)) return envVars[key];
  }
  return undefined;
}

/** The outputs that an export writes as references. Workers, cron jobs and static sites accept no connections inside the region, so they have no address there. */
export function restorableOutputs({ spec }: Found): readonly Restorable[] {
  const listens = spec["runtime"] !== "static" && (spec["type"] === "web" || spec["type"] === "pserv");
  return [
    { output: variableOutput("RENDER_EXTERNAL_URL") },
    { output: variableOutput("RENDER_EXTERNAL_HOSTNAME") },
    ...(listens ? restorableAddresses : []),
  ];
}
