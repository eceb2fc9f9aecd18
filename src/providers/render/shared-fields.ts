import type { Field } from "../../core/model/field.ts";
import { logStreamOverride } from "./schemas.ts";

/** The entries of a service and of a group; `items` is what differs: a group's variables refer to nothing. */
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

/** Makes the file the only owner of a list. `things`: its entries, as in `secret files`. */
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

/** Of what can be suspended: `thing` is what people call it. */
export function suspendedField(thing: string) {
  return {
    description: `Whether the ${thing} is suspended. Absent: not ours.`,
    schema: { type: "boolean", default: false },
    facet: "suspended",
    onChange: "update",
    ours: true,
  } as const satisfies Field;
}

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
