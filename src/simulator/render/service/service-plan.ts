import type { ServiceType } from "./service-row.ts";

/** Plans that are named by their size, since August 2026. Their names keep their hyphens. */
const sizes =
  "0.5c-512mb 1c-2g 2c-4g 2c-8g 2c-16g 4c-8g 4c-16g 4c-32g 8c-16g 8c-32g 8c-64g 12c-24g 12c-48g 12c-96g".split(
    " ",
  );

const paid = ["starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra", ...sizes];

/**
 * Plans that services may still have and that no service can get any more (newer descriptions leave them out or call
 * them read-only).
 */
const retired = [
  "starter_plus",
  "standard_plus",
  "custom",
  "starter_legacy",
  "standard_legacy",
  "standard_plus_legacy",
  "pro_legacy",
  "pro_plus_legacy",
];

/** Why a service of this type cannot get a plan; `undefined` when it can. `free`: whether the API makes free services. */
export function refusePlan(type: ServiceType, plan: string, free: boolean): string | undefined {
  if (paid.includes(plan)) return undefined;
  if (retired.includes(plan)) return `plan ${plan} is no longer available`;
  if (plan !== "free") return `invalid plan: ${plan}`;
  if (type !== "web_service") return "the free plan is available for web services only";
  return free ? undefined : "free web services cannot be created through the API: use the dashboard";
}
