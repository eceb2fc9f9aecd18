import type { Json } from "../../../core/base/json.ts";
import { defineTable, type Row } from "../../base/account.ts";
import { fail, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { Charge } from "../account/credit.ts";

type JobStatus = "uploading" | "pending" | "processing" | "completed" | "failed" | "canceled";

/** A file that a job needs before it can be finalized. */
export type Slot = {
  readonly slot: string;
  /** Its place among several slots of one name; `null` for a slot of which there is one. */
  readonly index: number | null;
  /** The name of the asset that fills it. */
  readonly asset: string;
  /** Whether the caller uploads it. Otherwise it was copied when the job was made. */
  readonly upload: boolean;
};

/** What jobs of every type have. Times are milliseconds since 1970. */
type AnyJob = Row & {
  readonly userId: string;
  /** The text that the names of its files begin with. */
  readonly key: string;
  readonly slots: readonly Slot[];
  /** The credits that it takes when it is finalized. */
  readonly cost: number;
  readonly createdAt: number;
  status: JobStatus;
  finalizedAt?: number;
  startedAt?: number;
  /** When it was completed, failed or was cancelled. */
  endedAt?: number;
  charge?: Charge;
  /** Why it failed, in words that can be shown. */
  error?: string;
  /** How it will fail; set through the control endpoint. */
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

/** A video made from images. */
export type VideoJob = AnyJob & {
  readonly type: "video";
  /** Its settings, as history shows them (`video_settings`). */
  readonly settings: { readonly [setting: string]: string | number };
};

/** A conversion of a video into another format. */
type ConversionJob = AnyJob & { readonly type: "conversion"; readonly format: "gif" };

/** A job of any type. */
export type JobRow = ImageJob | VideoJob | ConversionJob;

/** The table of jobs. */
export const jobs = defineTable<JobRow>("rendercad jobs");

/** The jobs of a user. */
export function listJobs(world: World, userId: string): JobRow[] {
  return world.account.list(jobs).filter((job) => job.userId === userId);
}

/** The job of an id. Answers 404 both for an unknown id and for a job of another user. */
export function findJob(call: Call, world: World, id: string, types?: readonly JobRow["type"][]): JobRow {
  const job = world.account.find(jobs, id);
  const fits = job?.userId === call.user.id && (types === undefined || types.includes(job.type));
  return fits ? job : fail(404, "Job not found");
}

/** Whether a job waits or runs. */
export function isActive(job: JobRow): boolean {
  return job.status === "uploading" || job.status === "pending" || job.status === "processing";
}

/** The name of the file that a job makes. */
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

/** The name of the first file that a job was given; `undefined` where it was given none. */
export function inputName(job: JobRow): string | undefined {
  return job.slots[0]?.asset;
}
