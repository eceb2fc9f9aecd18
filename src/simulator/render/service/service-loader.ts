import type { Address } from "../../../core/base/address.ts";
import type { Desired, Spec, SpecValue } from "../../../core/model/desired.ts";
import { isObject } from "../../../core/base/json.ts";
import type { Value } from "../../../core/model/value.ts";
import { readChoice, type Body } from "../../base/body.ts";
import {
  entryTexts,
  isTaken,
  isValue,
  jsonOf,
  textOf as textOfField,
  type Loader,
  type Loading,
} from "../../server/loader.ts";
import type { World } from "../../base/world.ts";
import { endDeploy, startDeploy } from "../deploy/deploy.ts";
import { changeLinks, environmentGroups, linkedGroups } from "../env-group/env-group-row.ts";
import { makeEnvVar } from "../service-parts/env-var.ts";
import { makeHeader } from "../service-parts/header.ts";
import { readSources } from "../datastore/ip-allow-list.ts";
import { loadLogStreamOverride } from "../workspace/log-stream.ts";
import { setNotificationOverride } from "../workspace/notification.ts";
import { registryCredentials } from "../workspace/registry-credential.ts";
import { makeRoute } from "../service-parts/route.ts";
import { makeSecretFile } from "../service-parts/secret-file.ts";
import { suspendService } from "./service-action.ts";
import { insertService } from "./service-create.ts";
import { readAutoscaling, readServiceChanges } from "./service-input.ts";
import { services, type ServiceRow, type ServiceType } from "./service-row.ts";
import { isPublic, urlOf } from "./service-view.ts";

const types: { readonly [type: string]: ServiceType } = {
  web: "web_service",
  pserv: "private_service",
  worker: "background_worker",
  cron: "cron_job",
};

/** Loads a service of a file: the row is as a creation at Render would have made it, deployed once. */
export const serviceLoader: Loader = {
  kind: "render/service",
  load(desired, loading) {
    const { spec } = desired;
    const body = asBody(desired, loading);
    const service = insertService(loading.world, loading.workspace, {
      type: typeOf(spec),
      region: textOf(spec["region"]),
      environmentId: desired.environment ? loading.ids.get(desired.environment) : undefined,
      numInstances: Number(jsonOf(spec["numInstances"]) ?? 1),
      changes: readServiceChanges(body),
    });
    const scaling = jsonOf(spec["scaling"]);
    if (isObject(scaling)) service.autoscaling = readAutoscaling(asAutoscaling(scaling));
    loading.ids.set(desired.address, service.id);
  },
  prepare(desired, loading) {
    const service = loadedService(desired, loading);
    if (!service) return;
    linkGroups(desired, loading, service);
    addEntries(desired, loading, service, (value) => !isTaken(value));
  },
  wire(desired, loading) {
    const service = loadedService(desired, loading);
    if (!service) return;
    addEntries(desired, loading, service, isTaken);
    addRoutes(desired, loading, service);
    wireOverrides(desired, loading, service);
    const deploy = startDeploy(loading.world, service, { trigger: "api", isPast: true });
    endDeploy(deploy, "live", loading.world.stamp());
    if (desired.spec["suspended"] === true) suspendService(loading.world, service);
  },
  output: (id, output, world) => serviceOutput(world.account.find(services, id), output, world),
};

/** The type of a service at the API. A static site of the file is a web service whose runtime is `static`. */
function typeOf(spec: Spec): ServiceType {
  return spec["runtime"] === "static" ? "static_site" : (types[textOf(spec["type"]) ?? ""] ?? "web_service");
}

/** The block as the body of a creation, so that both are normalised by the same code. */
function asBody({ name, spec }: Desired, loading: Loading): Body {
  const fields = Object.fromEntries(Object.entries(spec).map(([field, value]) => [field, jsonOf(value)]));
  const runtime = textOf(spec["runtime"]) ?? (fields["image"] === undefined ? "node" : "image");
  const image = isObject(fields["image"]) ? fields["image"] : {};
  const credential = credentialId(image["creds"] ?? fields["registryCredential"], loading);
  return {
    name,
    ...(runtime === "image"
      ? {
          image: {
            imagePath: image["url"],
            ...(credential !== undefined && { registryCredentialId: credential }),
          },
        }
      : { repo: fields["repo"] ?? `https://github.com/acme/${name}`, branch: fields["branch"] }),
    // It has no meaning for an image, which shows `commit` whatever it was made with (recorded: web service, image).
    autoDeployTrigger: runtime === "image" ? undefined : fields["autoDeployTrigger"],
    rootDir: fields["rootDir"],
    buildFilter: fields["buildFilter"],
    serviceDetails: {
      runtime: runtime === "static" ? undefined : runtime,
      // Older plan names have an underscore at the API; those that name their size have no space to replace.
      plan: textOf(spec["plan"])?.replaceAll(" ", "_"),
      schedule: fields["schedule"],
      publishPath: fields["staticPublishPath"],
      buildCommand: runtime === "static" ? fields["buildCommand"] : undefined,
      healthCheckPath: fields["healthCheckPath"],
      maintenanceMode: fields["maintenanceMode"],
      preDeployCommand: fields["preDeployCommand"],
      previews: fields["previews"],
      maxShutdownDelaySeconds: fields["maxShutdownDelaySeconds"],
      renderSubdomainPolicy: fields["renderSubdomainPolicy"],
      ipAllowList: readSources(spec["ipAllowList"]),
      cache: fields["cache"],
      envSpecificDetails: {
        buildCommand: fields["buildCommand"],
        startCommand: fields["startCommand"],
        dockerCommand: fields["dockerCommand"],
        dockerContext: fields["dockerContext"],
        dockerfilePath: fields["dockerfilePath"],
        ...(runtime === "docker" && credential !== undefined && { registryCredentialId: credential }),
      },
    },
  };
}

/** The id of the registry credential that a field names: by its bare name, or `{fromRegistryCreds: {name}}`. */
function credentialId(value: unknown, { world, workspace }: Loading): string | undefined {
  const reference =
    isObject(value) && isObject(value["fromRegistryCreds"]) ? value["fromRegistryCreds"]["name"] : value;
  return world.account
    .list(registryCredentials)
    .find((row) => row.ownerId === workspace.id && row.name === reference)?.id;
}

function asAutoscaling(scaling: { readonly [field: string]: unknown }): Body {
  const target = (percentage: unknown): Body => ({
    enabled: typeof percentage === "number",
    ...(typeof percentage === "number" && { percentage }),
  });
  return {
    enabled: true,
    min: scaling["minInstances"] ?? 1,
    max: scaling["maxInstances"] ?? scaling["minInstances"] ?? 1,
    criteria: { cpu: target(scaling["targetCPUPercent"]), memory: target(scaling["targetMemoryPercent"]) },
  };
}

function linkGroups(desired: Desired, loading: Loading, service: ServiceRow): void {
  for (const group of Object.keys(entriesOf(desired.spec["groupLinks"])) as Address[]) {
    const row = loading.world.account.find(environmentGroups, loading.ids.get(group) ?? "");
    if (row) changeLinks(loading.world, row, [...row.serviceIds, service.id]);
  }
}

function addEntries(
  { spec }: Desired,
  loading: Loading,
  service: ServiceRow,
  isWanted: (value: Value) => boolean,
): void {
  const { world } = loading;
  for (const [key, value] of entryTexts(spec["envVars"], loading, isWanted))
    service.envVars.push(makeEnvVar(world, key, { value }));
  for (const [name, content] of entryTexts(spec["secretFiles"], loading, isWanted)) {
    service.secretFiles.push(makeSecretFile(world, name, { content }));
  }
  for (const [key, value] of entryTexts(spec["headers"], loading, isWanted)) {
    const [path = "", ...name] = key.split(" ");
    service.headers.push(makeHeader(world, { path, name: name.join(" "), value }));
  }
}

/** Routes, in their order; one may lead to the address of another service, which is there by now. */
function addRoutes({ spec }: Desired, loading: Loading, service: ServiceRow): void {
  const routes = jsonOf(spec["routes"]);
  if (!Array.isArray(routes)) return;
  service.routes = routes.filter(isObject).map((route) => {
    const destination = textOfField(route["destination"], loading);
    return makeRoute(loading.world, { ...route, destination });
  });
}

function wireOverrides(desired: Desired, loading: Loading, service: ServiceRow): void {
  const notifications = jsonOf(desired.spec["notifications"]);
  if (isObject(notifications)) {
    const previews = notifications["previews"] ?? "default";
    setNotificationOverride(loading.world, service.id, {
      notificationsToSend:
        readChoice(notifications, "send", ["default", "none", "failure", "all"] as const) ?? "default",
      previewNotificationsEnabled: typeof previews === "boolean" ? (previews ? "true" : "false") : "default",
    });
  }
  loadLogStreamOverride(desired, service.id, loading);
}

function entriesOf(value: SpecValue | undefined): { readonly [entry: string]: unknown } {
  return isObject(value) && !isValue(value) ? value : {};
}

function loadedService(desired: Desired, loading: Loading): ServiceRow | undefined {
  return loading.world.account.find(services, loading.ids.get(desired.address) ?? "");
}

function textOf(value: SpecValue | undefined): string | undefined {
  const json = jsonOf(value);
  return typeof json === "string" ? json : undefined;
}

/**
 * An output of a service: its own variables win over those of linked groups, and these over the ones that Render sets
 * (documented names).
 */
function serviceOutput(service: ServiceRow | undefined, output: string, world: World): string | undefined {
  if (!service) return undefined;
  const key = /^envVars\.(.+)$/.exec(output)?.[1];
  if (key === undefined) {
    const outputs: { readonly [name: string]: string } = {
      id: service.id,
      host: service.slug,
      port: "10000",
      hostport: `${service.slug}:10000`,
    };
    return outputs[output] ?? renderVariable(service, output);
  }
  const linked = linkedGroups(world, service.id);
  const variables = [...service.envVars, ...linked.flatMap((group) => group.envVars)];
  return variables.find((row) => row.key === key)?.value ?? renderVariable(service, key);
}

function renderVariable(service: ServiceRow, key: string): string | undefined {
  const variables: { readonly [name: string]: string } = {
    RENDER_SERVICE_ID: service.id,
    RENDER_SERVICE_NAME: service.slug,
    ...(isPublic(service.type) && {
      RENDER_EXTERNAL_URL: urlOf(service),
      RENDER_INTERNAL_HOSTNAME: service.slug,
      RENDER_EXTERNAL_HOSTNAME: `${service.slug}.onrender.com`,
    }),
  };
  return variables[key];
}
