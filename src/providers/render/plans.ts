import type { Json } from "../../core/base/json.ts";

/**
 * Plan names in the spelling of Render's Blueprint schema of September 2026. Each kind has an older family and, since
 * August 2026, ids that name CPU and memory; both stay valid.
 */
const sizes = words("0.5c-512mb 1c-2g 2c-4g 2c-8g 2c-16g 4c-8g 4c-16g 4c-32g 8c-16g 8c-32g 8c-64g");

/** Plans of cron jobs. */
export const cronPlans = ["starter", "standard", "pro", "pro plus", ...sizes];

/** Plans of private services and workers: all except `free`. */
export const paidPlans = ["starter", "standard", "pro", "pro plus", "pro max", "pro ultra"].concat(
  sizes,
  words("12c-24g 12c-48g 12c-96g"),
);

/** Plans of web services. */
export const webPlans = ["free", ...paidPlans];

/** Plans that the API still shows for old services, and that no new service can have (documented). */
export const retiredServicePlans = ["starter plus", "standard plus"];

/** Plans of Key Value instances. */
export const keyValuePlans = [
  "free",
  "starter",
  "standard",
  "pro",
  "pro plus",
  "pro max",
  "pro ultra",
].concat(words("256mb 1g 5g 10g 20g 40g"));

/** Plans of databases made before 2024. A database may keep one or change to another plan, but no new database can have one (documented). */
export const legacyPostgresPlans = ["starter", "standard", "pro", "pro plus"];

/** Plans of databases. */
export const postgresPlans = ["free", ...legacyPostgresPlans].concat(
  words("basic-256mb basic-1gb basic-4gb"),
  words("4gb 8gb 16gb 32gb 64gb 128gb 192gb 256gb 384gb 512gb").map((memory) => `pro-${memory}`),
  words("16gb 32gb 64gb 128gb 256gb 384gb 512gb 768gb 1024gb").map((memory) => `accelerated-${memory}`),
  words("0.1c-256mb 0.5c-1g 1c-2g 1c-4g 2c-4g 2c-8g 2c-16g 4c-16g 4c-32g 8c-32g 8c-64g 16c-64g"),
  words("16c-128g 32c-128g 32c-256g 48c-192g 48c-384g 64c-256g 64c-512g 96c-384g 96c-768g"),
  words("128c-512g 128c-1024g"),
);

/** Two names of the same size: the API may answer with either, and a change from one to the other changes nothing. */
const serviceAliases: { readonly [older: string]: string } = {
  starter: "0.5c-512mb",
  standard: "1c-2g",
  pro: "2c-4g",
  "pro plus": "4c-8g",
  "pro max": "4c-16g",
  "pro ultra": "8c-32g",
};

const postgresAliases: { readonly [older: string]: string } = {
  "basic-256mb": "0.1c-256mb",
  "basic-1gb": "0.5c-1g",
};

/** The newer of the two names of a size. */
export function normalServicePlan(plan: Json): Json {
  return typeof plan === "string" ? (serviceAliases[plan] ?? plan) : plan;
}

/** The newer of the two names of a size. */
export function normalPostgresPlan(plan: Json): Json {
  return typeof plan === "string" ? (postgresAliases[plan] ?? plan) : plan;
}

function words(text: string): readonly string[] {
  return text.split(" ");
}
