import { defineTable } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import type { OwnedRow } from "../../base/owned.ts";

/** Its environments know it, not the other way round. */
export type Project = OwnedRow & { name: string; readonly createdAt: Microseconds; updatedAt: Microseconds };

export const projects = defineTable<Project>("projects");
