import type { KindName } from "../core/base/address.ts";
import type { FieldTable, Shape } from "../core/model/field.ts";
import type { FileKind } from "../core/model/file-kind.ts";
import { makeManagedKinds } from "./managed-kinds.ts";
import { buildSourceFields, buildSourceShapes, buildSourceRules } from "./render/build-source/fields.ts";
import { workflowFields, workflowShapes } from "./render/workflow/fields.ts";

/** Kinds that a file may hold and that no plan acts on, since the API has no calls for them yet. They are reported by address. */
const understood: readonly FileKind[] = [
  notManaged("render/build-source", "build source", buildSourceShapes, buildSourceFields, {
    rules: buildSourceRules,
  }),
  notManaged("render/workflow", "workflow", workflowShapes, workflowFields),
];

/** All kinds that a file may hold: the managed ones, without what only planning needs, and those that are only understood. */
export const fileKinds: readonly FileKind[] = [...makeManagedKinds(() => undefined), ...understood];

function notManaged(
  name: KindName,
  noun: string,
  shapes: readonly Shape[],
  fields: FieldTable,
  more: Pick<FileKind, "rules"> = {},
): FileKind {
  return { name, noun, managed: false, shapes, fields, ...more };
}
