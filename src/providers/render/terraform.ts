import type { KindName } from "../../core/base/address.ts";
import { isObject } from "../../core/base/json.ts";

/**
 * The resource types of Render's official Terraform provider (its documentation), each with the kind that it is here. `entry`: a
 * link between a group and a service is a resource for Terraform, and here only an entry of the service.
 */
export const terraformKinds: { readonly [type: string]: KindName | "entry" } = {
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

type Attributes = { readonly [name: string]: unknown };

/** An object that Terraform keeps inside another one and that is a resource of its own here. `place` is where it stands there: `.disk`. */
export type TerraformInside = {
  readonly place: string;
  readonly kind: KindName;
  readonly attributes: Attributes;
};

/** The objects inside a Terraform resource: environments of a project, the disk and the domains of a service. */
export function terraformInside(kind: KindName, attributes: Attributes): readonly TerraformInside[] {
  const { environments, disk, custom_domains: domains } = attributes;
  if (kind === "render/project" && isObject(environments))
    return Object.entries(environments).flatMap(([key, one]) => {
      const place = `.environments[${JSON.stringify(key)}]`;
      return isObject(one) ? [{ place, kind: "render/environment" as const, attributes: one }] : [];
    });
  if (kind !== "render/service") return [];
  const list: readonly unknown[] = Array.isArray(domains) ? domains : [];
  return [
    ...(isObject(disk) ? [{ place: ".disk", kind: "render/disk" as const, attributes: disk }] : []),
    ...list.filter(isObject).map((one) => ({
      place: `.custom_domains[${JSON.stringify(one["name"])}]`,
      kind: "render/custom-domain" as const,
      attributes: one,
    })),
  ];
}
