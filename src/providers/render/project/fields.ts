import type { FieldTable, Shape } from "../../../core/model/field.ts";

/** How a project stands in the file. */
export const projectShapes: readonly Shape[] = [
  { name: "project", description: "project", list: "projects", holds: ["buildSources"] },
];

/** A project has no fields: only a name, and environments, which stand in its block and are a kind of their own. */
export const projectFields = {} as const satisfies FieldTable;
