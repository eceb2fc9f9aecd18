import type { Millis } from "../../../core/model/budget.ts";
import type { JobBefore } from "../../../core/kind/deploying.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import type { ApiObject } from "../mapping.ts";
import { asObject, listOf, textOf } from "../names.ts";
import { readJobLog } from "./failure-log.ts";

const minute = 60_000;

/**
 * How to follow the one-off job of `lifecycle.beforeDeploy` after its start. The list has all jobs of the service, so ours is
 * recognised by its command: a job that a person starts at the same time runs another one. `timeout` is in milliseconds.
 */
export function followJob(command: string, timeout: Millis = 30 * minute): Omit<JobBefore, "job"> {
  const isOurs = (job: ApiObject): boolean => commandOf(job) === command.trim();
  const newestOurs = async (reader: Reader, id: string) => (await listJobs(reader, id)).find(isOurs);
  return {
    done: {
      until: "ready to deploy",
      timeout,
      typical: minute,
      async check(reader, id) {
        const job = await newestOurs(reader, id);
        if (!job) return { failed: "its job is gone" };
        const status = String(job["status"]);
        if (status === "succeeded") return "ready";
        return status === "failed" || status === "canceled"
          ? { failed: `its job ${String(job["id"])} ended as ${status}` }
          : "waiting";
      },
      async log(reader, scope, id) {
        const job = await newestOurs(reader, id);
        return job && readJobLog(reader, scope, id, job);
      },
    },
    async newest(reader, id) {
      const [job] = await listJobs(reader, id);
      return job && textOf(job, "id", "/jobs");
    },
    async hasBegun(reader, id, after) {
      const jobs = await listJobs(reader, id);
      const before = jobs.findIndex((job) => job["id"] === after);
      return jobs.slice(0, before < 0 ? jobs.length : before).some(isOurs);
    },
  };
}

/** The hundred newest jobs of a service, the newest first (Render's description). */
async function listJobs(reader: Reader, id: string): Promise<readonly ApiObject[]> {
  const path = `/services/${encodeURIComponent(id)}/jobs`;
  const items = listOf(await reader.get(path, { limit: "100" }), path);
  return items.map((item) => asObject(asObject(item, path)["job"], path));
}

function commandOf({ startCommand }: ApiObject): string | undefined {
  return typeof startCommand === "string" ? startCommand.trim() : undefined;
}
