import type { FieldTable, Shape, Fault, Rule } from "../../../core/model/field.ts";
import { buildFilter, region, registryCredentialReference, text } from "../schemas.ts";

/** How a build source stands in the file. */
export const buildSourceShapes: readonly Shape[] = [
  { name: "build-source", description: "build source", list: "buildSources" },
];

/** The fields of a build source. They are known so that a file with build sources can be read; Render's API for them is not public yet. */
export const buildSourceFields = {
  git: {
    description: "What is built from a repository.",
    schema: {
      type: "object",
      properties: {
        repo: { ...text, description: "URL of the Git repository." },
        runtime: {
          type: "string",
          enum: ["docker", "elixir", "go", "node", "python", "ruby", "rust"],
          description: "What builds it.",
        },
        branch: { ...text, description: "Branch that is built." },
        buildCommand: { type: "string", description: "Command that builds it." },
        buildFilter: { ...buildFilter, description: "Globs that decide which changes start a build." },
        envVars: { type: "array", items: { $ref: "#/$defs/envVar" }, description: "Variables of the build." },
        rootDir: { type: "string", description: "Folder that commands run in." },
        region: { ...region, description: "Where builds run; fixed after the first." },
        baseDir: { type: "string", description: "Folder sent to the Docker build." },
        dockerfilePath: { type: "string", description: "Path of the Dockerfile." },
        registryCredential: {
          ...registryCredentialReference,
          description: "Credential for private base images.",
        },
      },
      required: ["repo", "runtime"],
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "update",
  },
  image: {
    description: "Image that is used as it is.",
    schema: {
      type: "object",
      properties: {
        url: { ...text, description: "Image with tag or digest." },
        creds: { ...registryCredentialReference, description: "Credential for a private image." },
      },
      required: ["url"],
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "update",
  },
} as const satisfies FieldTable;

/** Checks of a build source that its schema cannot make. */
export const buildSourceRules: readonly Rule[] = [checkOrigin];

function checkOrigin({ name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  const said = ["git", "image"].filter((key) => spec[key] !== undefined && spec[key] !== null);
  if (said.length === 1) return [];
  return [
    {
      code: said.length === 0 ? "missing-key" : "several-sources",
      severity: "error",
      field: said.length === 0 ? "name" : "image",
      message: `The build source ${name} needs exactly one of \`git\` and \`image\`.`,
      remedy: said.length === 0 ? "Add one of them." : "Remove one of them.",
    },
  ];
}
