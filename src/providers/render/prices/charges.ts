import { priced, type Charge } from "../../../core/cost/cost.ts";
import { isObject } from "../../../core/base/json.ts";
import type { Spec } from "../../../core/model/desired.ts";
import type { LiveSpec } from "../../../core/model/live.ts";
import {
  cronMinimum,
  dedicatedIpPrice,
  defaultStorage,
  diskPrice,
  domainPrice,
  instancePrices,
  keyValueBounds,
  keyValueNewer,
  postgresPrices,
  storagePrice,
} from "./price-list.ts";

type Priced = Spec | LiveSpec;

/** What is suspended is not said to cost nothing, nor to cost the whole: at most what it costs when it runs. */
function whenSuspended(spec: Priced, charges: readonly Charge[]): readonly Charge[] {
  if (spec["suspended"] !== true) return charges;
  return charges.map((charge) => ("unknown" in charge ? charge : { ...charge, low: 0, because: "use" }));
}

/** Instances of a service, by plan and number; a cron job by the minutes that it runs; a static site costs nothing. */
export function serviceCharges(spec: Priced): readonly Charge[] {
  if (spec["runtime"] === "static") return [];
  // A Blueprint's service without a plan gets this one (Blueprint reference).
  const plan = textOf(spec["plan"]) ?? "starter";
  const price = instancePrices.get(plan);
  if (spec["type"] === "cron") {
    if (price === undefined || plan === "free") return [{ item: `cron job, ${plan}`, unknown: true }];
    const whole = Math.max(cronMinimum, price);
    return [{ item: `cron job, ${plan}`, low: cronMinimum, high: whole, because: "use" }];
  }
  const { scaling } = spec;
  if (isObject(scaling)) {
    const least = numberOf(member(scaling, "minInstances")) ?? 1;
    const most = Math.max(least, numberOf(member(scaling, "maxInstances")) ?? least);
    const item = `${least === most ? least : `${least} to ${most}`} × ${plan}`;
    if (price === undefined) return [{ item, unknown: true }];
    return whenSuspended(spec, [{ item, low: least * price, high: most * price, because: "scaling" }]);
  }
  const instances = numberOf(spec["numInstances"]) ?? 1;
  const item = instances === 1 ? plan : `${instances} × ${plan}`;
  return whenSuspended(spec, [priced(item, price, instances)]);
}

/** The database with its storage, a standby at the price of the plan, and each replica with plan and storage. */
export function postgresCharges(spec: Priced): readonly Charge[] {
  const plan = textOf(spec["plan"]) ?? "basic-256mb";
  const price = postgresPrices.get(plan);
  if (plan === "free") return [priced(plan, price)];
  const gigabytes = numberOf(spec["diskSizeGB"]) ?? defaultStorage(plan);
  const storage = gigabytes === undefined ? "storage" : `${gigabytes} GB`;
  const perGigabyte = gigabytes === undefined ? undefined : storagePrice * gigabytes;
  const standby = member(spec["highAvailability"], "enabled") === true;
  const replicas = Array.isArray(spec["readReplicas"]) ? spec["readReplicas"].length : 0;
  const charges = [
    priced(plan, price),
    priced(storage, perGigabyte),
    ...(standby ? [priced(`standby, ${plan}`, price)] : []),
    ...(replicas > 0
      ? [
          priced(`${replicas} × replica, ${plan}`, price, replicas),
          priced(`${replicas} × ${storage}`, perGigabyte, replicas),
        ]
      : []),
  ];
  return whenSuspended(spec, charges);
}

/** A Key Value instance. From 1 GB on the older price is an upper bound, and the newer one the least where it is known. */
export function keyValueCharges(spec: Priced): readonly Charge[] {
  const plan = textOf(spec["plan"]) ?? "starter";
  const high = keyValueBounds.get(plan);
  if (high === undefined) return [{ item: plan, unknown: true }];
  if (high <= keyValueBounds.get("starter")!) return whenSuspended(spec, [priced(plan, high)]);
  const low = keyValueNewer.get(plan) ?? 0;
  return whenSuspended(spec, [{ item: plan, low, high, because: "list" }]);
}

/** A service's disk by its size: 10 GB where a new one says none (Blueprint reference). */
export function diskCharges(spec: Priced): readonly Charge[] {
  const gigabytes = numberOf(spec["sizeGB"]) ?? 10;
  return [priced(`${gigabytes} GB disk`, diskPrice, gigabytes)];
}

export function dedicatedIpCharges(): readonly Charge[] {
  return [priced("dedicated IP set", dedicatedIpPrice)];
}

/** How many domains are included is the workspace's plan, which no API tells. */
export function customDomainCharges(): readonly Charge[] {
  return [{ item: "domain", low: 0, high: domainPrice, because: "list" }];
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
