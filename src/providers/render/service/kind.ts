import { makeAddress } from "../../../core/address.ts";
import type { Desired, Spec } from "../../../core/desired.ts";
import type { Kind, Reader, Scope } from "../../../core/kind.ts";
import type { Found } from "../../../core/live.ts";
import { Secret } from "../../../core/secret.ts";
import { budgets, serviceChange } from "../budgets.ts";
import { linkedServices, listEnvGroups } from "../env-group/kind.ts";
import { pick, readFields, type ApiObject } from "../mapping.ts";
import { asObject, isOfOwner, listByName, textOf } from "../names.ts";
import { createDrafts, updateDrafts } from "./drafts.ts";
import { serviceOwnVariables, serviceShapes } from "./fields.ts";
import { serviceRules } from "./rules.ts";
import { managedFields } from "./managed-fields.ts";
import { ownCallMappings, settingsMappings } from "./mapping.ts";
import { readEnvVars, readSecretFiles } from "../value-lists.ts";

const path = "/services";
const plansRetired = new Set(["starter plus", "standard plus"]);

export const service: Kind = {
  name: "render/service",
  noun: "service",
  provider: "render",
  managed: true,
  shapes: serviceShapes,
  rules: serviceRules,
  ownVariables: serviceOwnVariables,
  fields: managedFields,
  dataBearing: false,
  deferrable: ["envVars", "secretFiles"],

  async list(reader, scope) {
    // Preview services answer by default and are nobody's to manage.
    const items = await reader.list(path, { ownerId: scope.ownerId, includePreviews: "false" }, "service");
    return items
      .map((item) => asObject(item, path))
      .filter((item) => isMatch(item, scope))
      .map(foundOf);
  },

  async findByName(reader, scope, names) {
    const query = { ownerId: scope.ownerId, includePreviews: "false" };
    const items = await listByName(reader, { path, envelope: "service", query }, names);
    return items.filter((item) => isMatch(item, scope)).map(foundOf);
  },

  async findById(reader, id) {
    const answer = await reader.get(`${path}/${encodeURIComponent(id)}`);
    return answer === undefined ? undefined : foundOf(asObject(answer, path));
  },

  facets: {
    envVars: async (reader, found) => ({ envVars: await readEnvVars(reader, found.id) }),
    secretFiles: async (reader, found) => ({ secretFiles: await readSecretFiles(reader, found.id) }),
    // Links come with the list of groups, which is read once for all services.
    groupLinks: async (reader, found, scope) => {
      const groups = (await listEnvGroups(reader, scope)).filter((group) =>
        linkedServices(group).includes(found.id),
      );
      return {
        groupLinks: Object.fromEntries(
          groups.map((group) => [makeAddress("render/env-group", String(group["name"])), true]),
        ),
      };
    },
  },

  output: serviceOutput,

  refuseCreate(desired, scope) {
    const refusals = [];
    if (
      desired.spec["runtime"] !== "image" &&
      desired.spec["repo"] === undefined &&
      scope.repository === undefined
    ) {
      refusals.push({
        code: "repo-unknown",
        message: `${desired.address} is built from a repository, and none is given.`,
        remedy: "Write repo: in its block or repository: at the root, or give --repo URL.",
      });
    }
    if (desired.spec["plan"] === "free" && !isStaticSpec(desired.spec)) {
      refusals.push({
        code: "free-plan",
        message: `${desired.address} asks for the free plan, which Render's API cannot create.`,
        remedy: "Create it in Render's dashboard and plan again (it is then adopted), or choose a paid plan.",
      });
    }
    if (plansRetired.has(String(desired.spec["plan"]))) {
      refusals.push({
        code: "retired-plan",
        message: `${desired.address} asks for the plan ${String(desired.spec["plan"])}, which is retired: nothing new can have it.`,
        remedy: "Choose a current plan.",
      });
    }
    return refusals;
  },

  create: createDrafts,
  update: updateDrafts,
  remove: (address) => [
    {
      part: "resource",
      write: { method: "DELETE", path: `${path}/{${address}}`, budgets: budgets.write },
      fields: [],
      deploys: false,
    },
  ],

  created(answer) {
    const created = asObject(answer, path);
    const id = textOf(asObject(created["service"], path), "id", path);
    return typeof created["deployId"] === "string" ? { id, deployId: created["deployId"] } : { id };
  },

  deploys: {
    start: (desired) => ({
      part: "deploy",
      write: {
        method: "POST",
        path: `${path}/{${desired.address}}/deploys`,
        body: {},
        budgets: serviceChange(desired.address, isCron(desired)),
      },
      fields: [],
      deploys: false,
    }),
    // Not for cron jobs (Render's description): their first deploy is left.
    cancel: (desired) =>
      isCron(desired)
        ? undefined
        : {
            part: "cancel",
            write: {
              method: "POST",
              path: `${path}/{${desired.address}}/deploys/{${desired.address}#deploy}/cancel`,
              budgets: serviceChange(desired.address, false),
            },
            fields: [],
            deploys: false,
          },
    async started(reader, id, since) {
      const answer = await reader.get(`${path}/${encodeURIComponent(id)}/deploys`, { limit: "1" });
      const newest =
        Array.isArray(answer) && answer.length > 0
          ? pick(asObject(answer[0], path), "deploy.createdAt")
          : undefined;
      // Clocks differ a little; a deploy within the same few seconds is taken for ours.
      return typeof newest === "string" && Date.parse(newest) >= since - 5_000;
    },
    allowed: (desired, live) =>
      desired.spec["suspended"] !== true &&
      (desired.spec["suspended"] === false || live?.found.spec["suspended"] !== true),
  },

  summary(spec) {
    const nouns: { readonly [type: string]: string } = {
      web: "web",
      pserv: "private",
      worker: "worker",
      cron: "cron",
    };
    const kind = isStaticSpec(spec) ? "static" : (nouns[String(spec["type"])] ?? "service");
    const words = [
      kind,
      spec["runtime"] === "static" ? undefined : spec["runtime"],
      spec["plan"],
      spec["region"],
    ];
    return words.filter((word) => typeof word === "string").join(" · ");
  },
};

function isCron(desired: Desired): boolean {
  return desired.spec["type"] === "cron";
}

function isStaticSpec(spec: Spec): boolean {
  return spec["runtime"] === "static";
}

/** A preview has a parent server and shares its parent's name pattern; it is never a match. */
function isMatch(item: ApiObject, scope: Scope): boolean {
  return isOfOwner(item, scope) && pick(item, "serviceDetails.parentServer") === undefined;
}

function foundOf(item: ApiObject): Found {
  const id = textOf(item, "id", path);
  const environmentId = pick(item, "environmentId");
  return {
    id,
    name: textOf(item, "name", path),
    spec: { ...readFields(settingsMappings, item), ...readFields(ownCallMappings, item) },
    outputs: outputsOf(item),
    raw: item,
    ...(typeof environmentId === "string" && environmentId !== "" && { environmentId }),
  };
}

/** What follows from the object itself: the host is the slug, which a rename does not change, and the port the first open one (recorded). */
function outputsOf(item: ApiObject): { readonly [name: string]: string } {
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

/** `host`, `port` ..., or `envVars.KEY`: the service's own variable, else one that Render derives from the object. */
async function serviceOutput(
  reader: Reader,
  found: Found,
  output: string,
): Promise<Secret | string | undefined> {
  if (!output.startsWith("envVars.")) return found.outputs[output];
  const key = output.slice("envVars.".length);
  const answer = await reader.get(
    `${path}/${encodeURIComponent(found.id)}/env-vars/${encodeURIComponent(key)}`,
  );
  if (answer === undefined) return found.outputs[key];
  const value = asObject(answer, path)["value"];
  return typeof value === "string" ? new Secret(value) : undefined;
}
