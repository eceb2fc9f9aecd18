import type { KindName } from "../../core/base/address.ts";
import { isObject } from "../../core/base/json.ts";
import { refuse } from "./state.ts";

/** An object that Terraform manages: where it stands in the state, for people, and what it is for Render. */
export type TerraformObject = {
  readonly source: string;
  readonly kind: KindName;
  /** Absent for what there is one of per workspace. */
  readonly id?: string;
};

const provider = "render-oss/render";

/** Types of the official provider (its documentation). A link of a group is an entry of a service here, so it is nothing to own. */
const kindsByType: { readonly [type: string]: KindName | "entry" } = {
  render_web_service: "render/service",
  render_private_service: "render/service",
  render_background_worker: "render/service",
  render_cron_job: "render/service",
  render_static_site: "render/service",
  render_postgres: "render/postgres",
  render_keyvalue: "render/key-value",
  render_redis: "render/key-value",
  render_env_group: "render/env-group",
  render_env_group_link: "entry",
  render_project: "render/project",
  render_registry_credential: "render/registry-credential",
  render_webhook: "render/webhook",
  render_dedicated_ip: "render/dedicated-ip",
  render_notification_setting: "render/notification-settings",
  render_log_stream: "render/log-stream",
  render_metrics_stream: "render/metrics-stream",
};

export type TerraformState = {
  readonly objects: readonly TerraformObject[];
  /** Of the same provider, and of a type that trueup does not know. */
  readonly unknown: readonly string[];
};

/** Reads a state of format 4, which every Terraform since 0.12 and every OpenTofu writes. Only ids are looked at. */
export function readTerraformState(text: string, name: string): TerraformState {
  const state = parse(text);
  if (!isObject(state) || state["version"] !== 4 || !Array.isArray(state["resources"])) {
    throw refuse(
      "terraform-state",
      `${name} is not a Terraform state of format 4.`,
      "Save it with terraform state pull > FILE.",
    );
  }
  const own = state["resources"].filter(
    (one: unknown) =>
      isObject(one) && one["mode"] === "managed" && String(one["provider"]).includes(provider),
  ) as readonly Resource[];
  const unknown = own
    .filter(({ type }) => kindsByType[type] === undefined)
    .map(({ type, name: label }) => `${type}.${label}`);
  return { objects: own.flatMap(objectsOf), unknown };
}

type Resource = { readonly type: string; readonly name: string; readonly instances?: readonly Instance[] };
type Instance = {
  readonly index_key?: string | number;
  readonly attributes?: { readonly [name: string]: unknown };
};

function objectsOf({ type, name, instances = [] }: Resource): readonly TerraformObject[] {
  const kind = kindsByType[type];
  if (kind === undefined || kind === "entry") return [];
  return instances.flatMap(({ index_key: index, attributes = {} }) => {
    const source = `${type}.${name}${index === undefined ? "" : `[${JSON.stringify(index)}]`}`;
    return [object(source, kind, attributes), ...insideOf(source, kind, attributes)];
  });
}

/** Environments stand in their project, disks and domains in their service, as they do here. */
function insideOf(
  source: string,
  kind: KindName,
  attributes: { readonly [name: string]: unknown },
): readonly TerraformObject[] {
  if (kind === "render/project" && isObject(attributes["environments"])) {
    return Object.entries(attributes["environments"]).flatMap(([key, one]) =>
      isObject(one)
        ? [object(`${source}.environments[${JSON.stringify(key)}]`, "render/environment", one)]
        : [],
    );
  }
  if (kind !== "render/service") return [];
  const { disk, custom_domains: domains } = attributes;
  return [
    ...(isObject(disk) ? [object(`${source}.disk`, "render/disk", disk)] : []),
    ...(Array.isArray(domains) ? domains : [])
      .filter(isObject)
      .map((one) =>
        object(`${source}.custom_domains[${JSON.stringify(one["name"])}]`, "render/custom-domain", one),
      ),
  ];
}

function object(
  source: string,
  kind: KindName,
  attributes: { readonly [name: string]: unknown },
): TerraformObject {
  const { id } = attributes;
  return { source, kind, ...(typeof id === "string" && id !== "" && { id }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
