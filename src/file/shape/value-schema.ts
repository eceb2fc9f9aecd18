import type { JsonSchema } from "../../core/model/field.ts";
import {
  addressVariable,
  databaseProperties,
  referenceForms,
  referenceTypes,
  serviceProperties,
} from "../base/reference-forms.ts";

const text: JsonSchema = { type: "string", minLength: 1 };
/** A literal value. Render's schema says text or number; unquoted booleans are common in real files and work. */
const literalValue: JsonSchema = { type: ["string", "number", "boolean", "null"] };

const literalMembers = {
  value: {
    ...literalValue,
    description: "Text of the variable. Public, unless its name or its look says that it is a secret.",
  },
  previewValue: {
    ...literalValue,
    description: "Text in preview environments. No API has it: read, and left to Blueprints.",
  },
  generateValue: {
    type: "boolean",
    description: "Makes a random value (256 bits, base64) when the variable does not exist yet.",
  },
  sync: {
    type: "boolean",
    description: "`false`: somebody types the value in at apply; a value that exists is left alone.",
  },
} satisfies JsonSchema;

const allowEmpty = {
  allowEmpty: {
    type: "boolean",
    description: "An empty variable, file or answer is meant, and no mistake. Known to trueup only.",
  },
} satisfies JsonSchema;

const fromDatabase: JsonSchema = {
  type: "object",
  description: referenceForms["fromDatabase"]?.description ?? "",
  properties: {
    name: { ...text, description: "Name of the database or read replica." },
    property: { type: "string", enum: databaseProperties, description: "Which property of it." },
  },
  required: ["name", "property"],
  additionalProperties: false,
};

const fromService: JsonSchema = {
  type: "object",
  description: referenceForms["fromService"]?.description ?? "",
  properties: {
    type: { type: "string", enum: referenceTypes, description: "Type of the service." },
    name: { ...text, description: "Name of the service." },
    property: { type: "string", enum: serviceProperties, description: "Private address, or part of it." },
    envVarKey: { ...text, description: "A variable of it, of its groups, or one that Render sets." },
  },
  required: ["name", "type"],
  oneOf: [{ required: ["property"] }, { required: ["envVarKey"] }],
  additionalProperties: false,
};

/** Sources of values that Blueprints do not have, and references to resources that Blueprints do not have. */
const ourSources = {
  fromEnvironment: {
    type: "string",
    pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
    description: "Variable of the environment that trueup runs in, read at apply. Known to trueup only.",
  },
  fromFile: {
    description: "File beside this one, plain or age-encrypted, read at apply. Known to trueup only.",
    oneOf: [
      { ...text, description: "Relative path." },
      {
        type: "object",
        properties: {
          path: { ...text, description: "Relative path." },
          raw: { type: "boolean", description: "Keeps a final newline." },
        },
        required: ["path"],
        additionalProperties: false,
      },
    ],
  },
  ...Object.fromEntries(
    ["fromRendercadToken", "fromRendercadWebhook", "fromWebhook"].map((member) => [
      member,
      ownReference(member),
    ]),
  ),
} satisfies JsonSchema;

function ownReference(member: string): JsonSchema {
  const form = referenceForms[member];
  if (!form) throw new Error(`no reference form ${member}`);
  const property = { type: "string", enum: form.properties, description: "Which property of it." };
  return {
    type: "object",
    description: `${form.description} Known to trueup only.`,
    properties: {
      name: { ...text, description: "Its name in this file." },
      ...(form.members.includes("property") && { property }),
    },
    required: form.required,
    additionalProperties: false,
  };
}

/** The schema of an entry with one label and one source, and nothing else. */
function form(
  label: string | undefined,
  description: string,
  members: JsonSchema,
  source?: string,
): JsonSchema {
  const named = label === undefined ? {} : { [label]: labelSchema(label) };
  return {
    type: "object",
    description,
    properties: { ...named, ...members },
    required: [...(label === undefined ? [] : [label]), ...(source === undefined ? [] : [source])],
    additionalProperties: false,
  };
}

function labelSchema(label: string): JsonSchema {
  const description = label === "key" ? "Name of the variable." : "Name of the file.";
  return { type: ["string", "number"], description };
}

const raw = { raw: { type: "boolean", description: "Keeps the file's final newline." } };

function ourForms(label: string | undefined): readonly JsonSchema[] {
  return Object.entries(ourSources).map(([member, schema]) =>
    form(
      label,
      schema["description"],
      {
        [member]: schema,
        ...(member === "fromFile" && raw),
        ...((member === "fromFile" || member === "fromEnvironment") && allowEmpty),
      },
      member,
    ),
  );
}

const secretMembers = {
  value: literalMembers.value,
  sync: literalMembers.sync,
  generateValue: literalMembers.generateValue,
  ...allowEmpty,
};

/** Definitions of values in the published schema, which fields of kinds refer to. */
export const valueDefinitions: { readonly [name: string]: JsonSchema } = {
  envVar: {
    description: "An environment variable, or a link to an env group.",
    anyOf: [
      form("key", "A literal, a generated value, or one that somebody types in.", {
        ...literalMembers,
        ...allowEmpty,
      }),
      form("key", "A property of a database.", { fromDatabase }, "fromDatabase"),
      form("key", "A property or variable of a service.", { fromService }, "fromService"),
      form(
        undefined,
        "All variables of a group.",
        { fromGroup: { ...text, description: "Name of the group." } },
        "fromGroup",
      ),
      ...ourForms("key"),
    ],
  },
  groupEnvVar: {
    description: "A variable of a group. References to databases and services are not possible here.",
    anyOf: [
      form("key", "A literal, a generated value, or one that somebody types in.", {
        ...literalMembers,
        ...allowEmpty,
      }),
      ...ourForms("key"),
    ],
  },
  secretFile: {
    description: "A secret file: its name and where its content comes from.",
    anyOf: [
      form("name", "A literal content, or one that somebody gives at apply.", secretMembers),
      form("name", "A property of a database.", { fromDatabase }, "fromDatabase"),
      form("name", "A property or variable of a service.", { fromService }, "fromService"),
      ...ourForms("name"),
    ],
  },
  publicAddress: {
    type: "object",
    description: "The public address of a service of this file or of the workspace. Known to trueup only.",
    properties: {
      fromService: {
        type: "object",
        description: "The service, which everybody can open.",
        properties: {
          type: { type: "string", enum: referenceTypes, description: "Type of the service." },
          name: { ...text, description: "Name of the service." },
          envVarKey: { const: addressVariable, description: "Its address, as Render gives it." },
        },
        required: ["type", "name", "envVarKey"],
        additionalProperties: false,
      },
      path: {
        type: "string",
        pattern: "^([/?#]|$)",
        description: "What stands behind the address.",
        examples: ["/*"],
      },
    },
    required: ["fromService"],
    additionalProperties: false,
  },
  valueSource: {
    description: "Where a secret comes from.",
    anyOf: [
      { type: "string", description: "A literal; better a source." },
      form(undefined, "A literal, or one that somebody types in.", secretMembers),
      ...ourForms(undefined),
    ],
  },
};
