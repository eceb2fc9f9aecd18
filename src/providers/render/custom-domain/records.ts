import type { Found } from "../../../core/model/live.ts";

/**
 * What its owner has to do for a domain that Render has not verified yet (documented): a `CNAME` to the service's address at
 * onrender.com; for an apex an `ALIAS`, since it can have no `CNAME`, or an `A` record; a wildcard takes two more.
 */
export function remarkOnRecords({ name, outputs }: Found): string | undefined {
  if (outputs["verificationStatus"] !== "unverified") return undefined;
  const target = outputs["target"] ?? "the service's onrender.com address";
  const apex = `ALIAS ${target}, or the A record that Render's dashboard shows`;
  const subdomain = `CNAME ${target}`;
  const record = outputs["domainType"] === "apex" ? apex : subdomain;
  const others = name.startsWith("*.") ? " and the two others that Render's dashboard shows" : "";
  return `not verified yet: give it the record ${record}${others}, then verify it in Render's dashboard`;
}
