import type { DataExport, DataExports } from "../../../core/kind/data-exports.ts";
import { problem, ProblemError } from "../../../core/base/problem.ts";
import { Secret } from "../../../core/base/secret.ts";
import { budgets } from "../budgets.ts";
import { draft } from "../../../core/model/write.ts";
import { asObject, textOf } from "../names.ts";

const minute = 60_000;

function pathOf(id: string): string {
  return `/postgres/${encodeURIComponent(id)}/export`;
}

/**
 * Exports of a database (logical backups, Render's description). The POST answers 202 without a body. The list, which has no pages,
 * shows a `url` once an export can be downloaded, for a week, as a gzipped tar (documented). How long an export takes depends on
 * the amount of data and is not recorded.
 */
export const postgresExports: DataExports = {
  hindrance: ({ raw }, today) => {
    const expiry = dateOf(raw["expiresAt"]);
    if (expiry !== undefined && expiry < today) return `it expired on ${expiry}`;
    if (raw["suspended"] === "suspended" || raw["status"] === "suspended") return "it is suspended";
    if (raw["status"] === "recovery_failed") return "its recovery failed";
    // A database that was made today may still become available: then the run waits, or the API refuses the export.
    const isNew = (dateOf(raw["createdAt"]) ?? today) >= today;
    if ((raw["status"] === "creating" || raw["status"] === "unknown") && !isNew)
      return "it has not become available since it was made";
    return undefined;
  },

  typical: minute,
  timeout: 360 * minute,

  begin: (address) =>
    draft("export", { method: "POST", path: `/postgres/{${address}}/export`, budgets: budgets.write }, []),

  async list(reader, id) {
    const path = pathOf(id);
    const answer = await reader.get(path);
    if (Array.isArray(answer)) return answer.map((item) => exportOf(item, path));
    throw new ProblemError([
      answer === undefined
        ? problem("error", "not-found", `GET ${path} answered 404.`, "It was deleted meanwhile. Plan again.")
        : problem("error", "unexpected-answer", `GET ${path} answered no list.`, "Report this."),
    ]);
  },
};

/** The day of an RFC 3339 time in UTC, as Render writes it (recorded). */
function dateOf(time: unknown): string | undefined {
  return typeof time === "string" && time !== "" ? time.slice(0, 10) : undefined;
}

function exportOf(item: unknown, path: string): DataExport {
  const object = asObject(item, path);
  const { url } = object;
  return {
    id: textOf(object, "id", path),
    ...(typeof url === "string" && url !== "" && { url: new Secret(url) }),
  };
}
