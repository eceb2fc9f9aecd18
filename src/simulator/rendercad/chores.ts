import type { Chores } from "../server/upkeep.ts";
import { advanceJobs, nextJobChangeAt } from "./job/queue.ts";
import {
  forgetDelivery,
  listDueDeliveries,
  nextDeliveryAt,
  noteAttempt,
  wrapDelivery,
  type DeliveryRow,
} from "./webhook/delivery-row.ts";

/** What RENDERCAD does without being asked: jobs go on, and what became of them is delivered. */
export const rendercadChores: Chores<DeliveryRow> = {
  advance: advanceJobs,
  nextChangeAt: nextJobChangeAt,
  listDue: listDueDeliveries,
  nextDeliveryAt,
  wrap: wrapDelivery,
  note: noteAttempt,
  forget: forgetDelivery,
};
