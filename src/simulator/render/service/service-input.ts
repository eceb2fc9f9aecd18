import {
  readBoolean,
  readChoice,
  readInteger,
  readObject,
  readText,
  readTexts,
  type Body,
} from "../../base/body.ts";
import { fail } from "../../base/route.ts";
import { readIpAllowList } from "../datastore/ip-allow-list.ts";
import {
  runtimes,
  type Autoscaling,
  type BuildFilter,
  type Runtime,
  type ServiceSettings,
} from "./service-row.ts";

/** The fields that a body gives; `null` clears a field that can be unset, and an absent field stays as it is. */
export type ServiceChanges = { [field in keyof ServiceSettings]?: ServiceSettings[field] | null };

/**
 * Reads the fields that a creation and a PATCH have in common. Members that it does not know are let through, as
 * Render does (recorded).
 */
export function readServiceChanges(body: Body): ServiceChanges {
  const details = readObject(body, "serviceDetails") ?? {};
  return dropAbsent({
    name: readText(body, "name"),
    autoDeployTrigger: readAutoDeploy(body),
    repo: readText(body, "repo"),
    branch: readText(body, "branch"),
    rootDir: readClearableText(body, "rootDir"),
    buildFilter: readBuildFilter(body),
    ...readImage(body),
    ...readDetails(details),
    ...readRuntimeDetails(details),
  });
}

function readDetails(details: Body): ServiceChanges {
  const maintenance = readObject(details, "maintenanceMode");
  const cache = readObject(details, "cache");
  return {
    runtime: readRuntime(details),
    plan: readText(details, "plan"),
    schedule: readText(details, "schedule"),
    publishPath: readClearableText(details, "publishPath"),
    buildCommand: readClearableText(details, "buildCommand"),
    healthCheckPath: readClearableText(details, "healthCheckPath"),
    preDeployCommand: readClearableText(details, "preDeployCommand"),
    previews: readPreviews(details),
    maxShutdownDelaySeconds:
      details["maxShutdownDelaySeconds"] === null
        ? null
        : readInteger(details, "maxShutdownDelaySeconds", { least: 1, most: 300 }),
    renderSubdomainPolicy: readChoice(details, "renderSubdomainPolicy", ["enabled", "disabled"] as const),
    ipAllowList: details["ipAllowList"] === null ? null : readIpAllowList(details),
    cacheProfile:
      cache &&
      readChoice(cache, "profile", ["no-cache", "origin-controlled", "origin-controlled-all"] as const),
    maintenanceMode: maintenance && {
      enabled: readBoolean(maintenance, "enabled") ?? false,
      uri: readText(maintenance, "uri") ?? "",
    },
  } as ServiceChanges;
}

function readRuntimeDetails(details: Body): ServiceChanges {
  const inner = readObject(details, "envSpecificDetails");
  if (!inner) return {};
  const credential = readText(inner, "registryCredentialId");
  return {
    ...(inner["buildCommand"] !== undefined && { buildCommand: readClearableText(inner, "buildCommand") }),
    startCommand: readClearableText(inner, "startCommand"),
    dockerCommand: readClearableText(inner, "dockerCommand"),
    dockerContext: readClearableText(inner, "dockerContext"),
    dockerfilePath: readClearableText(inner, "dockerfilePath"),
    ...(credential !== undefined && { registryCredentialId: credential === "" ? null : credential }),
  } as ServiceChanges;
}

/** A text that can be cleared: `null` does it, as the empty text does (documented). */
function readClearableText(body: Body, field: string): string | undefined {
  return body[field] === null ? "" : readText(body, field);
}

function readRuntime(details: Body): Runtime | undefined {
  return readChoice(details, "runtime", runtimes) ?? readChoice(details, "env", runtimes);
}

/**
 * When the service deploys by itself. `autoDeployTrigger` is the newer member and wins; `autoDeploy: yes` leaves a
 * stricter trigger as it is.
 */
function readAutoDeploy(body: Body): ServiceSettings["autoDeployTrigger"] | undefined {
  const trigger = readChoice(body, "autoDeployTrigger", ["commit", "checksPass", "off"] as const);
  const older = readChoice(body, "autoDeploy", ["yes", "no"] as const);
  return trigger ?? (older === undefined ? undefined : older === "yes" ? "commit" : "off");
}

/** The build filter in a body. With both lists null or empty there is none (recorded: the field disappears). */
function readBuildFilter(body: Body): BuildFilter | null | undefined {
  if (body["buildFilter"] === undefined) return undefined;
  const filter = readObject(body, "buildFilter");
  const paths = (filter && readTexts(filter, "paths")) ?? [];
  const ignoredPaths = (filter && readTexts(filter, "ignoredPaths")) ?? [];
  return paths.length + ignoredPaths.length === 0 ? null : { paths, ignoredPaths };
}

function readImage(body: Body): ServiceChanges {
  const image = readObject(body, "image");
  const path = image && readText(image, "imagePath");
  if (!image || path === undefined) return {};
  const credential = readText(image, "registryCredentialId");
  return {
    imagePath: normaliseImage(path),
    ...(credential !== undefined && { registryCredentialId: credential === "" ? null : credential }),
  };
}

/** The full reference of an image, with registry and tag: `nginx` becomes `docker.io/library/nginx:latest` (recorded). */
export function normaliseImage(path: string): string {
  const [first = "", ...rest] = path.replace(/^https?:\/\//, "").split("/");
  const isRegistry = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  const registry = isRegistry ? first : "docker.io";
  const segments = isRegistry ? rest : [first, ...rest];
  const repository = registry === "docker.io" && segments.length === 1 ? ["library", ...segments] : segments;
  const name = repository.join("/");
  const hasTag = /[:@]/.test(repository.at(-1) ?? "");
  if (name === "" || /\s/.test(name)) fail(400, `invalid image path: ${path}`);
  return `${registry}/${name}${hasTag ? "" : ":latest"}`;
}

function readPreviews(details: Body): ServiceSettings["previews"] | undefined {
  const previews = readObject(details, "previews");
  return previews && readChoice(previews, "generation", ["off", "manual", "automatic"] as const);
}

/** The autoscaling in a body. */
export function readAutoscaling(body: Body): Autoscaling {
  const criteria = readObject(body, "criteria") ?? {};
  const range = { least: 1, most: 100 };
  const scaling = {
    enabled: readBoolean(body, "enabled") ?? true,
    min: readInteger(body, "min", range) ?? fail(400, "min is required"),
    max: readInteger(body, "max", range) ?? fail(400, "max is required"),
    criteria: { cpu: readTarget(criteria, "cpu"), memory: readTarget(criteria, "memory") },
  };
  if (scaling.min > scaling.max) fail(400, "min must not be greater than max");
  if (scaling.enabled && !scaling.criteria.cpu.enabled && !scaling.criteria.memory.enabled) {
    fail(400, "autoscaling needs at least one enabled criterion");
  }
  return scaling;
}

function readTarget(criteria: Body, name: "cpu" | "memory"): Autoscaling["criteria"]["cpu"] {
  const target = readObject(criteria, name) ?? {};
  const enabled = readBoolean(target, "enabled") ?? false;
  const percentage = readInteger(target, "percentage", enabled ? { least: 1, most: 90 } : undefined) ?? 0;
  return { enabled, percentage };
}

function dropAbsent(changes: { [field: string]: unknown }): ServiceChanges {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}
