import type { Json } from "../../../core/base/json.ts";
import { defineTable, type Row } from "../../base/account.ts";
import { fail, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { Charge } from "../account/credit.ts";

type JobStatus = "uploading" | "pending" | "processing" | "completed" | "failed" | "canceled";

/** A file that a job needs before it can be finalized. */
export type Slot = {
  readonly slot: string;
  /** Among several of one name; `null` for a slot that there is once. */
  readonly index: number | null;
  /** Name of the asset that fills it. */
  readonly asset: string;
  /** Whether the caller uploads it; otherwise it was copied at creation. */
  readonly upload: boolean;
};

/** Times are milliseconds since 1970. */
type AnyJob = Row & {
  readonly userId: string;
  /** What the names of its files are made of. */
  readonly key: string;
  readonly slots: readonly Slot[];
  /** Credits it takes when it is finalized. */
  readonly cost: number;
  readonly createdAt: number;
  status: JobStatus;
  finalizedAt?: number;
  startedAt?: number;
  /** Completed, failed or canceled. */
  endedAt?: number;
  charge?: Charge;
  /** Display-safe text of a failure. */
  error?: string;
  /** Set through the control: how it will fail. */
  failsWith?: string;
  deletedAt?: number;
};

type ImageJob = AnyJob & {
  readonly type: "image";
  readonly model: "classic" | "pro";
  readonly quality: "standard" | "4k";
  readonly renderMode: string;
  readonly condition: string;
  readonly backgroundStyle: string;
  readonly instructions: string | null;
  readonly references: Json;
};

export type VideoJob = AnyJob & {
  readonly type: "video";
  /** As history shows them: `video_settings`. */
  readonly settings: { readonly [setting: string]: string | number };
};

/** A video turned into another format. */
type ConversionJob = AnyJob & { readonly type: "conversion"; readonly format: "gif" };

export type JobRow = ImageJob | VideoJob | ConversionJob;

export const jobs = defineTable<JobRow>("rendercad jobs");

export function listJobs(world: World, userId: string): JobRow[] {
  return world.account.list(jobs).filter((job) => job.userId === userId);
}

/** The caller's job, or 404: the same answer for an unknown id and for somebody else's. */
export function findJob(call: Call, world: World, id: string, types?: readonly JobRow["type"][]): JobRow {
  const job = world.account.find(jobs, id);
  const fits = job?.userId === call.user.id && (types === undefined || types.includes(job.type));
  return fits ? job : fail(404, "Job not found");
}

export function isActive(job: JobRow): boolean {
  return job.status === "uploading" || job.status === "pending" || job.status === "processing";
}

/** Name of the file that a job makes. */
export function outputName(job: JobRow): string {
  switch (job.type) {
    case "image":
      return job.key;
    case "video":
      return `video_${job.key}.mp4`;
    case "conversion":
      return `video_${job.key}.${job.format}`;
    default:
      return job satisfies never;
  }
}

/** Name of the first file that a job was given; `undefined` for one without any. */
export function inputName(job: JobRow): string | undefined {
  return job.slots[0]?.asset;
}
