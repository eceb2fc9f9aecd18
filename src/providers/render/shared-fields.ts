import type { Field } from "../../core/model/field.ts";
import { logStreamOverride } from "./schemas.ts";

/**
 * The field of variables, of a service or of an env group. `items` names their schema: a group's variables cannot
 * refer to other resources.
 */
export function variablesField(items: "envVar" | "groupEnvVar", description: string) {
  return {
    description,
    schema: { type: "array", items: { $ref: `#/$defs/${items}` } },
    facet: "envVars",
    onChange: "update",
    entries: { key: ["key"] },
    value: true,
    deploys: true,
  } as const satisfies Field;
}

/** The field of secret files, of a service or of an env group. */
export function secretFilesField(description: string) {
  return {
    description,
    schema: { type: "array", items: { $ref: "#/$defs/secretFile" } },
    facet: "secretFiles",
    onChange: "update",
    entries: { key: ["name"] },
    value: true,
    deploys: true,
    ours: true,
  } as const satisfies Field;
}

/** The switch that makes the file the only owner of a list. `things` are its entries, as in `secret files`. */
export function exclusiveField(list: string, things: string) {
  return {
    description: `Deletes ${things} that the file never declared.`,
    schema: { type: "boolean", default: false },
    facet: list,
    onChange: "none",
    exclusiveOf: list,
    ours: true,
  } as const satisfies Field;
}

/** The field that suspends a resource; `thing` is what people call it. */
export function suspendedField(thing: string) {
  return {
    description: `Whether the ${thing} is suspended. Absent: trueup leaves that as it is.`,
    schema: { type: "boolean", default: false },
    facet: "suspended",
    onChange: "update",
    ours: true,
  } as const satisfies Field;
}

/** The field for the log stream of a single resource; `thing` is what people call it. */
export function logStreamField(thing: string) {
  return {
    description: `Sends this ${thing}'s logs elsewhere, or keeps them out of the workspace's stream.`,
    schema: logStreamOverride,
    facet: "logStream",
    onChange: "update",
    valueMembers: ["token"],
    ours: true,
  } as const satisfies Field;
}
