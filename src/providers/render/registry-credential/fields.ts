import type { FieldTable, Shape } from "../../../core/model/field.ts";
import { text } from "../schemas.ts";

/** How a registry credential stands in the file. */
export const registryCredentialShapes: readonly Shape[] = [
  {
    name: "registry-credential",
    description: "registry credential",
    list: "registryCredentials",
    ours: true,
  },
];

/** The fields of a registry credential. */
export const registryCredentialFields = {
  registry: {
    description: "Which registry the credential is for.",
    schema: { type: "string", enum: ["GITHUB", "GITLAB", "DOCKER", "GOOGLE_ARTIFACT", "AWS_ECR"] },
    loose: { retired: [] },
    facet: "settings",
    onChange: "update",
    deploys: true,
    required: ["registry-credential"],
  },
  username: {
    description: "User name at the registry.",
    schema: text,
    facet: "settings",
    onChange: "update",
    deploys: true,
    required: ["registry-credential"],
  },
  authToken: {
    description: "Token or password, as a value source. No API ever shows it again.",
    schema: { $ref: "#/$defs/valueSource" },
    facet: "settings",
    onChange: "update",
    deploys: true,
    required: ["registry-credential"],
    value: true,
  },
} as const satisfies FieldTable;
