import type { Kind } from "../../../core/kind/kind.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import { type Write, draft } from "../../../core/model/write.ts";
import type { Readiness } from "../../../core/kind/readiness.ts";
import { budgets, serviceChange } from "../budgets.ts";
import { asObject, textOf } from "../names.ts";
import type { ApiObject } from "../mapping.ts";
import { readDeployLog } from "./failure-log.ts";
import { followJob } from "./jobs.ts";
import { isCron } from "./mapping.ts";

const path = "/services";
const minute = 60_000;

/** States in which a deploy stays without becoming live (Render's description). `deactivated` was live until a newer one followed. */
const failedStates = new Set([
  "build_failed",
  "update_failed",
  "pre_deploy_failed",
  "canceled",
  "deactivated",
]);

const live: Readiness = {
  until: "live",
  timeout: 30 * minute,
  typical: 2 * minute,
  async check(reader, id) {
    const deploy = await newestOf(reader, id);
    // Render deploys each new service at once (recorded), so a list without a deploy is only late.
    if (!deploy) return "waiting";
    const status = String(deploy["status"]);
    if (status === "live") return "ready";
    return failedStates.has(status)
      ? { failed: `its deploy ${String(deploy["id"])} ended as ${status}` }
      : "waiting";
  },
  async log(reader, scope, id) {
    const deploy = await newestOf(reader, id);
    return deploy && readDeployLog(reader, scope, id, deploy);
  },
};

/** How services deploy. For a cron job, its first deploy cannot be cancelled. */
export const serviceDeploys: NonNullable<Kind["deploys"]> = {
  start({ address, spec }) {
    const budgets = serviceChange(address, isCron(spec));
    return draft("deploy", { method: "POST", path: `${path}/{${address}}/deploys`, body: {}, budgets }, []);
  },

  // A cron job has no call for that (Render's description), so its first deploy goes on.
  cancel({ address, spec }) {
    if (isCron(spec)) return undefined;
    const cancelled = `${path}/{${address}}/deploys/{${address}#deploy}/cancel`;
    return draft("cancel", { method: "POST", path: cancelled, budgets: serviceChange(address, false) }, []);
  },

  async newest(reader, id) {
    const deploy = await newestOf(reader, id);
    if (!deploy) return undefined;
    const begunAt = Date.parse(String(deploy["createdAt"]));
    return {
      id: textOf(deploy, "id", path),
      isCancelled: deploy["status"] === "canceled",
      ...(!Number.isNaN(begunAt) && { begunAt }),
    };
  },

  allowed: (desired, found) =>
    desired.spec["suspended"] !== true &&
    (desired.spec["suspended"] === false || found?.found.spec["suspended"] !== true),

  live,

  before(desired) {
    const { beforeDeploy } = desired.lifecycle;
    if (!beforeDeploy) return undefined;
    const write: Write = {
      method: "POST",
      path: `${path}/{${desired.address}}/jobs`,
      body: { startCommand: beforeDeploy.job },
      budgets: budgets.job,
    };
    const { job: command, timeout } = beforeDeploy;
    return { job: draft("job", write, []), ...followJob(command, timeout) };
  },

  async rollback(reader, address, id) {
    const answer = await reader.list(`${path}/${encodeURIComponent(id)}/deploys`, {}, "deploy");
    // The newest deploy that ran before the failed one; while that failed, it stayed live.
    const before = answer
      .map((deploy) => asObject(deploy, path))
      .find((deploy) => deploy["status"] === "live" || deploy["status"] === "deactivated");
    if (!before) return undefined;
    const deployId = textOf(before, "id", path);
    return {
      deployId,
      write: {
        method: "POST",
        path: `${path}/{${address}}/rollback`,
        body: { deployId },
        budgets: serviceChange(address, false),
      },
    };
  },
};

/** The newest deploy; the list has the newest first (Render's description). */
async function newestOf(reader: Reader, id: string): Promise<ApiObject | undefined> {
  const answer = await reader.get(`${path}/${encodeURIComponent(id)}/deploys`, { limit: "1" });
  const newest: unknown = Array.isArray(answer) ? answer[0] : undefined;
  return newest === undefined ? undefined : asObject(asObject(newest, path)["deploy"], path);
}
