import type { Remark } from "../../../core/model/change.ts";
import type { Found } from "../../../core/model/live.ts";

/**
 * Tells which DNS records the owner of a domain has to make, as long as Render has not verified it (documented): a `CNAME` to the
 * service's address at onrender.com; for an apex, which can have no `CNAME`, an `ALIAS` or `A` record; for a wildcard two more.
 * `undefined` when there is nothing to do.
 */
export function remarkOnRecords({ name, outputs }: Found): Remark | undefined {
  if (outputs["verificationStatus"] !== "unverified") return undefined;
  const target = outputs["target"] ?? "the service's onrender.com address";
  const apex = `ALIAS ${target}, or the A record that Render's dashboard shows`;
  const subdomain = `CNAME ${target}`;
  const record = outputs["domainType"] === "apex" ? apex : subdomain;
  const others = name.startsWith("*.") ? " and the two others that Render's dashboard shows" : "";
  return {
    text: "not verified yet; make the DNS record, and verify the domain in Render's dashboard",
    detail: `${record}${others}`,
  };
}
