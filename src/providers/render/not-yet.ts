import type { Field } from "../../core/field.ts";

/** The file may hold it and Render has an API for it, but no plan acts on it yet: it warns, and is never silently dropped. */
export function notYet(field: Field): Field {
  return { ...field, onChange: "none", noApi: "trueup does not manage it yet" };
}
