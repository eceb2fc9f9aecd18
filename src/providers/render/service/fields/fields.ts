import type { FieldTable, Shape } from "../../../../core/model/field.ts";
import { cronPlans, normalServicePlan, paidPlans, retiredServicePlans, webPlans } from "../../plans.ts";
import { region } from "../../schemas.ts";
import { serviceBuildFields } from "./build-fields.ts";
import { serviceEntryFields } from "./entry-fields.ts";
import { serviceRunFields } from "./run-fields.ts";

const serverOrCron = ["web", "pserv", "worker", "cron"];

/** The sorts of services. `type` and `runtime` together decide: a static site is a web service whose runtime is `static`. */
export const serviceShapes: readonly Shape[] = [
  {
    name: "web",
    description: "web service",
    list: "services",
    when: { type: ["web"], runtime: { not: ["static"] } },
  },
  {
    name: "static",
    description: "static site",
    list: "services",
    when: { type: ["web"], runtime: ["static"] },
  },
  { name: "pserv", description: "private service", list: "services", when: { type: ["pserv"] } },
  { name: "worker", description: "background worker", list: "services", when: { type: ["worker"] } },
  { name: "cron", description: "cron job", list: "services", when: { type: ["cron"] } },
];

/** Variables that Render sets itself, and that references with `envVarKey` may name (documented). Their values follow from the service object. */
export const serviceOwnVariables: readonly string[] = [
  "PORT",
  "RENDER",
  "RENDER_SERVICE_ID",
  "RENDER_SERVICE_NAME",
  "RENDER_SERVICE_TYPE",
  "RENDER_DISCOVERY_SERVICE",
  "RENDER_EXTERNAL_URL",
  "RENDER_EXTERNAL_HOSTNAME",
  "RENDER_INTERNAL_HOSTNAME",
  "RENDER_GIT_BRANCH",
  "RENDER_GIT_REPO_SLUG",
];

/** The fields of a service. */
export const serviceFields = {
  type: {
    description: "What kind of service this is.",
    schema: { type: "string", enum: ["web", "pserv", "worker", "cron"] },
    facet: "settings",
    onChange: "replace",
    required: ["web", "pserv", "worker", "cron", "static"],
  },
  // Render's API changes it in place (recorded: web service, node to python to docker to image); to or from `static` is
  // another type of service for the API, and so a replacement.
  runtime: {
    description: "What builds and runs the service; `static` makes a web service a static site.",
    schema: {
      type: "string",
      enum: ["docker", "elixir", "go", "image", "node", "python", "ruby", "rust", "static"],
    },
    facet: "settings",
    onChange: "update",
    required: ["static", "cron"],
    deploys: true,
  },
  plan: {
    description:
      "Size of an instance. `free` is for web services only, and has no disk, scaling or pre-deploy command.",
    schema: { type: "string", enum: webPlans },
    schemaOf: {
      pserv: { type: "string", enum: paidPlans },
      worker: { type: "string", enum: paidPlans },
      cron: { type: "string", enum: cronPlans },
    },
    loose: { retired: retiredServicePlans },
    facet: "settings",
    onChange: "update",
    shapes: serverOrCron,
    deploys: true,
    normal: normalServicePlan,
  },
  region: {
    description: "Where the service runs. Never changes: another region is another service.",
    schema: region,
    facet: "settings",
    onChange: "replace",
    shapes: serverOrCron,
  },
  ...serviceBuildFields,
  ...serviceRunFields,
  ...serviceEntryFields,
} as const satisfies FieldTable;
