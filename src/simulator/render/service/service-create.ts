import type { Workspace } from "../../base/account.ts";
import { randomText } from "../../base/random.ts";
import { fail, failNotFound } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import {
  services,
  servicesByName,
  servicesBySlug,
  type ServiceRow,
  type ServiceSettings,
  type ServiceType,
} from "./service-row.ts";
import type { ServiceChanges } from "./service-input.ts";
import { refusePlan } from "./service-plan.ts";
import { registryCredentials } from "../workspace/registry-credential.ts";
import { isPublic } from "./service-view.ts";

/** What a service is made from. */
export type NewService = {
  readonly type: ServiceType;
  readonly region?: string | undefined;
  readonly environmentId?: string | undefined;
  readonly parentServerId?: string | undefined;
  readonly numInstances?: number | undefined;
  readonly changes: ServiceChanges;
};

const regions = ["frankfurt", "oregon", "ohio", "singapore", "virginia"];

const defaults: Omit<ServiceSettings, "name"> = {
  autoDeployTrigger: "commit",
  rootDir: "",
  buildCommand: "",
  startCommand: "",
  dockerCommand: "",
  dockerContext: "",
  dockerfilePath: "",
  plan: "starter",
  schedule: "",
  publishPath: "public",
  healthCheckPath: "",
  maintenanceMode: { enabled: false, uri: "" },
  previews: "off",
};

/** Makes the row of a service with all that it has from the start. The caller makes its parts and its first deploy. */
export function insertService(world: World, workspace: Workspace, wish: NewService): ServiceRow {
  const region = wish.region ?? "oregon";
  if (!regions.includes(region)) fail(400, `region must be one of ${regions.join(", ")}`);
  const name = wish.changes.name ?? "";
  const createdAt = world.stamp();
  const { environmentId, parentServerId } = wish;
  const service: ServiceRow = {
    ...defaults,
    id: world.makeId(wish.type === "cron_job" ? "crn" : "srv"),
    ownerId: workspace.id,
    type: wish.type,
    name,
    slug: makeSlug(world, wish.type, name),
    region,
    numInstances: wish.numInstances ?? 1,
    ...(environmentId !== undefined && { environmentId }),
    ...(parentServerId !== undefined && { parentServerId }),
    suspenders: [],
    envVars: [],
    secretFiles: [],
    headers: [],
    routes: [],
    customDomains: [],
    deploys: [],
    jobs: [],
    runs: [],
    createdAt,
    updatedAt: createdAt,
  };
  applyChanges(service, wish.changes);
  return world.account.insert(services, service);
}

/**
 * Writes the fields of a body to a service. A new runtime brings fields of its own and drops those of the other one:
 * `repo` and `branch` disappear with a switch to an image (recorded).
 */
export function applyChanges(service: ServiceRow, changes: ServiceChanges): void {
  const cleared = Object.entries(changes).filter(([, value]) => value === null);
  const given = Object.entries(changes).filter(([, value]) => value !== null);
  const hadPreDeploy = service.preDeployCommand !== undefined;
  const stricter = service.autoDeployTrigger === "checksPass" && changes.autoDeployTrigger === "commit";
  Object.assign(service, Object.fromEntries(given), stricter && { autoDeployTrigger: "checksPass" });
  for (const [field] of cleared) Reflect.deleteProperty(service, field);
  // An empty text for a command that was never set leaves it absent (recorded: changes of the runtime send it every
  // time).
  if (!hadPreDeploy && changes.preDeployCommand === "") delete service.preDeployCommand;
  settleRuntime(service);
}

function settleRuntime(service: ServiceRow): void {
  if (service.type === "static_site") {
    delete service.runtime;
    service.branch ??= "main";
    return;
  }
  if (service.runtime === "image") {
    delete service.repo;
    delete service.branch;
    delete service.buildFilter;
    Object.assign(service, { buildCommand: "", startCommand: "", dockerContext: "", dockerfilePath: "" });
    return;
  }
  delete service.imagePath;
  service.branch ??= "main";
  if (service.runtime === "docker") {
    service.dockerContext ||= ".";
    service.dockerfilePath ||= "./Dockerfile";
    Object.assign(service, { buildCommand: "", startCommand: "" });
  } else {
    Object.assign(service, { dockerCommand: "", dockerContext: "", dockerfilePath: "" });
    delete service.registryCredentialId;
  }
}

/**
 * The slug of a new service. Slugs of public services are unique on all of Render and get a suffix when they are
 * taken; those of workers and cron jobs always have one (recorded).
 */
function makeSlug(world: World, type: ServiceType, name: string): string {
  const slug =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "service";
  const own = isPublic(type) || type === "private_service";
  const taken = own && world.account.lookup(servicesBySlug, slug).length > 0;
  return own && !taken ? slug : `${slug}-${randomText(world.random, 4)}`;
}

/**
 * Refuses what Render would refuse about the service as it would be: 400 with a sentence, 404 for something that it
 * refers to.
 */
export function checkService(
  world: World,
  workspace: Workspace,
  wish: NewService,
  current?: ServiceRow,
): void {
  const { changes, type } = wish;
  const after = { ...defaults, ...current, ...changes };
  const { environmentId } = current ?? wish;
  checkName(world, { ownerId: workspace.id, name: after.name ?? "", environmentId }, current);
  if (changes.plan && changes.plan !== current?.plan) {
    const { freeServices } = world.switches;
    const refusal = type === "static_site" ? undefined : refusePlan(type, changes.plan, freeServices);
    if (refusal !== undefined) fail(400, refusal);
  }
  // This sentence was reported by users of the Terraform provider and never recorded.
  if (type === "web_service" && after.plan === "free" && changes.maintenanceMode) {
    fail(400, "maintenance mode can only be configured for non-free tier services");
  }
  // It is documented what a free service cannot have. That the call is refused, and with which sentence, is not
  // recorded.
  if (after.plan === "free" && (changes.preDeployCommand || (wish.numInstances ?? 1) > 1)) {
    fail(400, "the free plan has neither a pre-deploy command nor several instances");
  }
  checkSource(type, after, changes, current);
  if (type === "cron_job" && after.schedule?.trim().split(/\s+/).length !== 5) {
    fail(400, "schedule must be a cron expression with five fields");
  }
  const noPreDeploy = type === "cron_job" || type === "static_site";
  if (noPreDeploy && changes.preDeployCommand) fail(400, `a ${type} has no preDeployCommand`);
  checkCredential(world, workspace, changes.registryCredentialId);
}

type Named = Pick<ServiceRow, "ownerId" | "name"> & { readonly environmentId?: string | undefined };

function checkName(world: World, wanted: Named, current?: ServiceRow): void {
  if (wanted.name.trim() === "") fail(400, "name is required");
  refuseTakenName(world, wanted, current);
}

/** Whether the environment counts is a switch: the description says that a name is unique in its workspace. */
export function refuseTakenName(world: World, wanted: Named, current?: ServiceRow): void {
  const { name, ownerId, environmentId } = wanted;
  const isPerEnvironment = world.switches.serviceNames === "environment";
  const taken = world.account
    .lookup(servicesByName, `${ownerId} ${name}`)
    .some(
      (other) => other.id !== current?.id && (!isPerEnvironment || other.environmentId === environmentId),
    );
  if (taken) fail(world.switches.duplicateNameStatus, `name ${name} is already in use`);
}

function checkSource(
  type: ServiceType,
  after: ServiceChanges,
  changes: ServiceChanges,
  current?: ServiceRow,
): void {
  if (type === "static_site") {
    if (!after.repo) fail(400, "repo is required");
    return;
  }
  if (after.runtime === undefined) fail(400, "serviceDetails.runtime is required");
  if (after.runtime === "image") {
    if (!after.imagePath) fail(400, "image is required for runtime image");
    if (changes.repo) fail(400, "a service of runtime image has no repo");
    return;
  }
  if (changes.imagePath) fail(400, `a service of runtime ${after.runtime} has no image`);
  if (!after.repo) fail(400, "repo is required");
  if (after.runtime === "docker" || after.runtime === current?.runtime) return;
  // Required, and may be an empty text (Render's description). Whether a build can succeed with it is not checked by
  // the API.
  for (const field of ["buildCommand", "startCommand"] as const) {
    if (!after[field] && changes[field] === undefined) fail(400, `envSpecificDetails.${field} is required`);
  }
}

function checkCredential(world: World, workspace: Workspace, id: string | null | undefined): void {
  if (!id) return;
  if (world.account.find(registryCredentials, id)?.ownerId !== workspace.id) failNotFound(id);
}
