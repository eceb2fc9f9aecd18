import type { FieldTable } from "../../../../core/model/field.ts";
import { buildFilter, registryCredentialReference, text } from "../../schemas.ts";

const server = ["web", "pserv", "worker"];
const serverOrCron = [...server, "cron"];

/** Fields that say where the code or the image comes from and how it is built. */
export const serviceBuildFields = {
  buildSource: {
    description:
      "A shared build source. Render's API for it is not public yet, so such a service is not managed.",
    schema: text,
    facet: "settings",
    onChange: "none",
    shapes: server,
    unmanages: "build sources have no public API yet",
  },
  repo: {
    description:
      "URL of the Git repository. Absent: root `repository`, else the checkout's origin, at creation only.",
    schema: text,
    facet: "settings",
    onChange: "update",
    deploys: true,
  },
  branch: {
    description: "Branch that is built; the repository's default branch when absent.",
    schema: text,
    facet: "settings",
    onChange: "update",
    deploys: true,
  },
  rootDir: {
    description: "Folder of the repository that commands run in; changes outside it start no build.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "update",
    deploys: true,
  },
  buildFilter: {
    description: "Globs, from the repository's root, that decide which changes start a build.",
    schema: buildFilter,
    facet: "settings",
    onChange: "update",
  },
  autoDeployTrigger: {
    description:
      "What starts a deploy: each commit, a commit whose checks pass, or nothing. No effect for images.",
    schema: { type: "string", enum: ["commit", "checksPass", "off"], default: "commit" },
    facet: "settings",
    onChange: "update",
  },
  buildCommand: {
    description: "Command that builds the service.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "update",
    deploys: true,
  },
  startCommand: {
    description: "Command that starts the service; the command of a cron job.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "update",
    shapes: serverOrCron,
    deploys: true,
  },
  // Render's schema has it on cron jobs and static sites too, its API on servers only (Render's description).
  preDeployCommand: {
    description:
      "Command that runs after the build and before the start, for migrations. Paid services only.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "update",
    shapes: server,
    deploys: true,
  },
  initialDeployHook: {
    description:
      "Command that Render runs once after the first deploy. No API has it: read, and left to Blueprints.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "none",
    shapes: server,
    noApi: "Render's API has no field for it",
  },
  image: {
    description: "Image to run, with `runtime: image`. Tag or digest are part of the URL.",
    schema: {
      type: "object",
      properties: {
        url: {
          ...text,
          description: "Image with tag or digest.",
          examples: ["docker.io/library/nginx:1.27"],
        },
        creds: { ...registryCredentialReference, description: "Credential for a private image." },
      },
      required: ["url"],
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "update",
    shapes: serverOrCron,
    deploys: true,
  },
  registryCredential: {
    description: "Credential for private base images of a Docker build.",
    schema: registryCredentialReference,
    facet: "settings",
    onChange: "update",
    shapes: serverOrCron,
    deploys: true,
  },
  dockerCommand: {
    description: "Command that replaces the image's CMD.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "update",
    shapes: serverOrCron,
    deploys: true,
  },
  dockerfilePath: {
    description: "Path of the Dockerfile, from the repository's root; `./Dockerfile` when absent.",
    schema: { type: "string", default: "./Dockerfile" },
    facet: "settings",
    onChange: "update",
    shapes: serverOrCron,
    deploys: true,
  },
  dockerContext: {
    description: "Folder sent to the Docker build, from the repository's root.",
    schema: { type: "string", default: "." },
    facet: "settings",
    onChange: "update",
    shapes: serverOrCron,
    deploys: true,
  },
} as const satisfies FieldTable;
