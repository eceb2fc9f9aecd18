import type { JsonSchema } from "../../core/model/field.ts";

const globs: JsonSchema = { type: "array", items: { type: "string", minLength: 1 } };

/** Keys of the root that hold settings and no resources. `ours`: Blueprints do not have the key. */
export const rootKeys: {
  readonly [key: string]: { readonly schema: JsonSchema; readonly ours: boolean; readonly noApi?: true };
} = {
  version: {
    schema: { type: "string", const: "1", description: "Version of the format." },
    ours: false,
  },
  previews: {
    schema: {
      type: "object",
      description: "Preview environments. No API has them: read, and left to Blueprints.",
      properties: {
        generation: {
          type: "string",
          enum: ["off", "manual", "automatic"],
          description: "When a preview is made.",
        },
        expireAfterDays: {
          type: "integer",
          minimum: 1,
          description: "Days without a push after which it ends.",
        },
      },
      additionalProperties: false,
    },
    ours: false,
    noApi: true,
  },
  workspace: {
    schema: {
      type: "string",
      minLength: 1,
      description: "Name or id of the workspace. One file is one workspace.",
    },
    ours: true,
  },
  repository: {
    schema: {
      type: "string",
      minLength: 1,
      description: "Repository of services that name none, at creation.",
    },
    ours: true,
  },
  settings: {
    schema: {
      type: "object",
      description: "Guards, reserves and what counts as secret.",
      properties: {
        guards: {
          type: "object",
          description: "Limits that make a plan refuse itself.",
          properties: {
            maxDeletes: { type: "integer", minimum: 0, default: 5, description: "Most deletes of one plan." },
            maxDeleteShare: {
              type: "number",
              minimum: 0,
              maximum: 1,
              default: 0.3,
              description: "Largest share of owned resources that one plan may delete, above 10 resources.",
            },
          },
          additionalProperties: false,
        },
        reserve: {
          type: "object",
          description: "Calls of a budget to leave for others, by budget.",
          additionalProperties: { type: "integer", minimum: 0 },
          examples: [{ "render/write": 5 }],
        },
        freeze: {
          type: "array",
          description: "Times in which nothing is written.",
          items: {
            type: "object",
            properties: {
              cron: {
                type: "string",
                minLength: 1,
                description: "When it starts, as a cron expression in UTC.",
              },
              duration: {
                type: "string",
                pattern: "^[1-9][0-9]*(m|h|d)$",
                examples: ["12h"],
                description: "How long.",
              },
            },
            required: ["cron", "duration"],
            additionalProperties: false,
          },
        },
        secretKeys: { ...globs, description: "Globs of variables whose literals are secret." },
        publicKeys: {
          ...globs,
          description: "Globs of variables whose literals are public, whatever they look like.",
        },
      },
      additionalProperties: false,
    },
    ours: true,
  },
  state: {
    schema: {
      type: "object",
      description: "Where trueup remembers what it owns.",
      properties: {
        backend: {
          type: "string",
          enum: ["file", "git"],
          default: "file",
          description: "A folder, or an orphan branch.",
        },
        path: { type: "string", minLength: 1, description: "The folder: beside the file, or of the branch." },
        branch: { type: "string", minLength: 1, description: "Branch of the git backend." },
        name: { type: "string", minLength: 1, description: "Label of this desired state." },
        encryption: {
          type: "object",
          description: "Keeps secrets that are shown once sealed in the state.",
          properties: {
            recipients: {
              type: "array",
              items: { type: "string", pattern: "^age1" },
              description: "age recipients.",
            },
          },
          required: ["recipients"],
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
    ours: true,
  },
};

/** The schema of `rendercad.self`, the one key of `rendercad` that is no list of resources. */
export const rendercadSelf: JsonSchema = {
  type: "string",
  minLength: 1,
  description: "Name of the token that trueup itself runs with.",
};
