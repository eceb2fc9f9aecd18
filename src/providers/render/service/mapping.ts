import type { Body } from "../../../core/model/write.ts";
import type { Spec } from "../../../core/model/desired.ts";
import { isObject, type Json, type JsonObject } from "../../../core/base/json.ts";
import { sameWord } from "../../../core/base/text.ts";
import { makeAddress } from "../../../core/base/address.ts";
import {
  allowListFromApi,
  allowListToApi,
  at,
  nest,
  pick,
  planFromApi,
  planToApi,
  wordOf,
  type Mapping,
  type MappingsOf,
} from "../mapping.ts";
import type { serviceFields } from "./fields/fields.ts";

const types: { readonly [type: string]: string } = {
  web: "web_service",
  pserv: "private_service",
  worker: "background_worker",
  cron: "cron_job",
};

/** The API's type of a service. A static site is a type for the API and a runtime in the file. */
export function apiType(spec: Spec): string {
  return spec["runtime"] === "static" ? "static_site" : (types[wordOf(spec["type"])] ?? "web_service");
}

/** Whether a block is a static site. */
export function isStatic(spec: Spec): boolean {
  return spec["runtime"] === "static";
}

/** Whether a block is a cron job. */
export function isCron(spec: Spec): boolean {
  return spec["type"] === "cron";
}

/** Whether a service of the API is a static site. */
export function isStaticSite(service: { readonly [member: string]: unknown }): boolean {
  return sameWord(service["type"], "static_site");
}

const build = (name: string): Mapping => at(`serviceDetails.envSpecificDetails.${name}`);

/**
 * The build command. Static sites have it in their details, all others one level deeper, under `envSpecificDetails`
 * (recorded: static site, web service).
 */
const buildCommand: Mapping = {
  read: (service) =>
    (pick(
      service,
      isStaticSite(service)
        ? "serviceDetails.buildCommand"
        : "serviceDetails.envSpecificDetails.buildCommand",
    ) ?? undefined) as Json | undefined,
  write: (value, spec) =>
    nest(
      isStatic(spec) ? "serviceDetails.buildCommand" : "serviceDetails.envSpecificDetails.buildCommand",
      value,
    ),
};

/** A registry credential in a request. Requests want ids and the file has names, so the id is filled in when the call is sent. */
const credentialHole = (name: string): Body => ({
  hole: "id",
  of: makeAddress("render/registry-credential", name),
});

const image: Mapping = {
  read: (service) => {
    const path = pick(service, "imagePath");
    if (typeof path !== "string" || path === "") return undefined;
    const credential = pick(service, "registryCredential.name");
    return { url: path, ...(typeof credential === "string" && { creds: credential }) };
  },
  write: (value) => {
    const { url, creds } = value as { readonly url: string; readonly creds?: string };
    // An empty owner is accepted and means the workspace (recorded: cron job).
    return {
      image: {
        ownerId: "",
        imagePath: url,
        ...(creds !== undefined && { registryCredentialId: credentialHole(creds) }),
      },
    };
  },
};

const registryCredential: Mapping = {
  read: (service) =>
    (pick(service, "serviceDetails.envSpecificDetails.registryCredential.name") ?? undefined) as
      | Json
      | undefined,
  write: (value) =>
    nest(
      "serviceDetails.envSpecificDetails.registryCredentialId",
      value === null ? "" : credentialHole(wordOf(value)),
    ),
};

/** Both lists are replaced together, so the one that the file does not name is sent back as it is; null for both clears it (recorded: web service). */
const buildFilter: Mapping = {
  read: (service) => pick(service, "buildFilter") as Json | undefined,
  write: (value, _spec, live) => {
    const wanted = (value ?? { paths: null, ignoredPaths: null }) as { readonly [list: string]: Json };
    const before =
      (live && (pick(live, "buildFilter") as { readonly [list: string]: Json } | undefined)) ?? {};
    return {
      buildFilter: {
        paths: wanted["paths"] ?? before["paths"] ?? null,
        ignoredPaths: wanted["ignoredPaths"] ?? before["ignoredPaths"] ?? null,
      },
    };
  },
};

/** When a service deploys by itself. Older answers have only `autoDeploy` (recorded: background worker); for an image the trigger has no meaning. */
const autoDeployTrigger: Mapping = {
  read: (service) => {
    if (pick(service, "imagePath") !== undefined) return undefined;
    const trigger = pick(service, "autoDeployTrigger");
    if (typeof trigger === "string") return trigger;
    return sameWord(pick(service, "autoDeploy"), "no") ? "off" : "commit";
  },
  write: (value) => ({ autoDeployTrigger: value }),
};

const maintenanceOff = { enabled: false, uri: "" } as const;

const scaling: Mapping = {
  read: (service) => {
    const live = pick(service, "serviceDetails.autoscaling") as AutoscalingConfig | undefined;
    if (!live?.enabled) return undefined;
    return {
      minInstances: live.min,
      maxInstances: live.max,
      ...(live.criteria?.cpu?.enabled && { targetCPUPercent: live.criteria.cpu.percentage }),
      ...(live.criteria?.memory?.enabled && { targetMemoryPercent: live.criteria.memory.percentage }),
    };
  },
  write: (value) => (value === null ? {} : nest("serviceDetails.autoscaling", autoscalingBody(value))),
};

/** Autoscaling as a whole, for comparison: the call that sets it has both targets, so one that the file leaves out is off. */
export function normalScaling(value: Json): Json {
  if (!isObject(value)) return value;
  const members = ["minInstances", "maxInstances", "targetCPUPercent", "targetMemoryPercent"];
  return members.map((member) => value[member] ?? null);
}

type Target = { readonly enabled: boolean; readonly percentage: number };
type AutoscalingConfig = {
  readonly enabled: boolean;
  readonly min: number;
  readonly max: number;
  readonly criteria?: { readonly cpu?: Target; readonly memory?: Target };
};

/** The body for autoscaling. A target that is off still needs a percentage (recorded: web service, autoscaling). */
export function autoscalingBody(value: Json): Json {
  const wanted = value as { readonly [name: string]: number | undefined };
  const target = (percentage: number | undefined): Json => ({
    enabled: percentage !== undefined,
    percentage: percentage ?? 70,
  });
  return {
    enabled: true,
    min: wanted["minInstances"] ?? 1,
    max: wanted["maxInstances"] ?? wanted["minInstances"] ?? 1,
    criteria: { cpu: target(wanted["targetCPUPercent"]), memory: target(wanted["targetMemoryPercent"]) },
  };
}

/** Fields that the service object shows and that POST and PATCH /services can carry. */
export const settingsMappings = {
  type: {
    // An unknown type stays as it is: taken for `web`, it would look like a change to another type of service.
    read: (service) =>
      isStaticSite(service)
        ? "web"
        : (Object.keys(types).find((type) => sameWord(service["type"], types[type]!)) ??
          (service["type"] as Json)),
    write: (_value, spec) => ({ type: apiType(spec) }),
  },
  runtime: {
    read: (service) =>
      isStaticSite(service)
        ? "static"
        : ((pick(service, "serviceDetails.runtime") ?? pick(service, "serviceDetails.env")) as Json),
    write: (value) => (value === "static" ? {} : nest("serviceDetails.runtime", value)),
  },
  plan: at("serviceDetails.plan", { encode: planToApi, decode: planFromApi(" ") }),
  region: at("serviceDetails.region"),
  repo: at("repo"),
  branch: at("branch"),
  rootDir: at("rootDir"),
  buildFilter,
  autoDeployTrigger,
  buildCommand,
  startCommand: build("startCommand"),
  // Requests have it beside `envSpecificDetails`, answers inside of it (recorded: web service).
  preDeployCommand: at("serviceDetails.preDeployCommand", {
    readAt: "serviceDetails.envSpecificDetails.preDeployCommand",
  }),
  image,
  registryCredential,
  dockerCommand: build("dockerCommand"),
  dockerfilePath: build("dockerfilePath"),
  dockerContext: build("dockerContext"),
  schedule: at("serviceDetails.schedule"),
  healthCheckPath: at("serviceDetails.healthCheckPath"),
  maxShutdownDelaySeconds: at("serviceDetails.maxShutdownDelaySeconds"),
  // A free service shows none and refuses one (reported by users); that is as if it were off.
  maintenanceMode: {
    read: (service) =>
      (pick(service, "serviceDetails.maintenanceMode") as Json | undefined) ??
      (sameWord(service["type"], "web_service") ? maintenanceOff : undefined),
    // The API takes both members together, so the one that the file does not name is sent back as it is.
    write: (value, _spec, live) =>
      nest("serviceDetails.maintenanceMode", {
        ...maintenanceOff,
        ...(value !== null && live && (pick(live, "serviceDetails.maintenanceMode") as JsonObject | null)),
        ...(value as JsonObject | null),
      }),
  },
  renderSubdomainPolicy: at("serviceDetails.renderSubdomainPolicy"),
  ipAllowList: at("serviceDetails.ipAllowList", { encode: allowListToApi, decode: allowListFromApi }),
  cache: at("serviceDetails.cache"),
  previews: {
    read: (service) => pick(service, "serviceDetails.previews") as Json | undefined,
    write: (value) =>
      nest("serviceDetails.previews", {
        generation: (value as { readonly generation?: string } | null)?.generation ?? "off",
      }),
  },
  staticPublishPath: at("serviceDetails.publishPath"),
} satisfies MappingsOf<typeof serviceFields>;

/** Fields that POST can carry and that are changed by calls of their own later. */
export const ownCallMappings = {
  numInstances: at("serviceDetails.numInstances"),
  scaling,
  suspended: { read: (service) => sameWord(service["suspended"], "suspended"), write: () => ({}) },
} satisfies MappingsOf<typeof serviceFields, "scale" | "autoscaling" | "suspended">;
