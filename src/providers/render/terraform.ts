import type { KindName } from "../../core/base/address.ts";
import { isObject } from "../../core/base/json.ts";

/** Types of the official provider (its documentation). A link of a group is an entry of a service here, so it is nothing to own. */
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

/** What Terraform keeps inside another object and is a resource of its own here; `place` follows the outer one's: `.disk`. */
export type TerraformInside = {
  readonly place: string;
  readonly kind: KindName;
  readonly attributes: Attributes;
};

/** Environments stand in their project, disks and domains in their service, as they do here. */
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
