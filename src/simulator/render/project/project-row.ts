import { defineTable } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import type { OwnedRow } from "../../base/owned.ts";

/** A project. Its environments have its id, and it has none of theirs. */
export type Project = OwnedRow & { name: string; readonly createdAt: Microseconds; updatedAt: Microseconds };

/** The table of projects. */
export const projects = defineTable<Project>("projects");
