import type { Cents } from "../../../core/cost/cost.ts";

/** The day of the newest page that the list was read from. */
export const priceListDate = "2026-10-02";

/** Rows of names of one size, which have one price: `older name = newer name: dollars a month`. */
function table(rows: string): ReadonlyMap<string, Cents> {
  return new Map(
    rows
      .trim()
      .split("\n")
      .flatMap((row) => {
        const [names = "", dollars = ""] = row.split(":");
        const cents = Math.round(Number(dollars) * 100);
        return names.split("=").map((name) => [name.trim(), cents] as const);
      }),
  );
}

/** Web services, private services and workers: one instance for a month. Names that can no longer be chosen have no known price. */
export const instancePrices = table(`
free                       :    0
starter    = 0.5c-512mb    :    7
standard   = 1c-2g         :   25
pro        = 2c-4g         :   85
2c-8g                      :  135
2c-16g                     :  200
pro plus   = 4c-8g         :  175
pro max    = 4c-16g        :  225
4c-32g                     :  350
8c-16g                     :  300
pro ultra  = 8c-32g        :  450
8c-64g                     : 1000
12c-24g                    :  450
12c-48g                    :  800
12c-96g                    : 1500`);

/** Databases without their storage, for a month. Plans of before 2024 are not on the list. */
export const postgresPrices = table(`
free                               :     0
basic-256mb        = 0.1c-256mb    :     6
basic-1gb          = 0.5c-1g       :    19
1c-2g                              :    40
pro-4gb            = 1c-4g         :    55
basic-4gb          = 2c-4g         :    75
pro-8gb            = 2c-8g         :   100
accelerated-16gb   = 2c-16g        :   160
pro-16gb           = 4c-16g        :   200
accelerated-32gb   = 4c-32g        :   350
pro-32gb           = 8c-32g        :   400
accelerated-64gb   = 8c-64g        :   750
pro-64gb           = 16c-64g       :   800
accelerated-128gb  = 16c-128g      :  1500
pro-128gb          = 32c-128g      :  1700
accelerated-256gb  = 32c-256g      :  2500
pro-192gb          = 48c-192g      :  2500
accelerated-384gb  = 48c-384g      :  4500
pro-256gb          = 64c-256g      :  3000
accelerated-512gb  = 64c-512g      :  6000
pro-384gb          = 96c-384g      :  4600
accelerated-768gb  = 96c-768g      :  9000
pro-512gb          = 128c-512g     :  6200
accelerated-1024gb = 128c-1024g    : 11000`);

/** Key Value instances for a month, at most: the prices of before August 2026. */
export const keyValueBounds = table(`
free                   :    0
starter   = 256mb      :   10
standard  = 1g         :   32
pro       = 5g         :  135
pro plus  = 10g        :  250
pro max   = 20g        :  550
pro ultra = 40g        : 1100`);

/** What the page of October asks for the same, where it shows the row: whether an older instance pays it is not said. */
export const keyValueNewer = table(`
standard  = 1g         :   20
pro       = 5g         :  100`);

/** A GB of a service's disk, and of a database's storage, for a month. */
export const diskPrice: Cents = 25;
export const storagePrice: Cents = 30;
/** A set of dedicated IPs for a month. */
export const dedicatedIpPrice: Cents = 10_000;
/** A custom domain beyond those that the workspace's plan includes (2, 15 or 25), for a month. */
export const domainPrice: Cents = 25;
/**
 * What a cron job costs a month at least. It pays by the second that it runs, and the listed rates are the instance's price through
 * the 43,200 minutes of a month, so one that runs all the time costs what the instance does.
 */
export const cronMinimum: Cents = 100;

/** GB that a database gets when nobody says a size, by family (Blueprint reference). Those of the newer names are not documented. */
export function defaultStorage(plan: string): number | undefined {
  const family = plan.split("-")[0]!;
  return { basic: 15, pro: 100, accelerated: 250 }[family];
}
