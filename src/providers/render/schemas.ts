import type { JsonSchema } from "../../core/model/field.ts";

/** A text that is not empty. This and the following are pieces of schema that several kinds of Render share. */
export const text: JsonSchema = { type: "string", minLength: 1 };

/** A region of Render. */
export const region: JsonSchema = {
  type: "string",
  enum: ["oregon", "ohio", "virginia", "frankfurt", "singapore"],
  default: "oregon",
};

/** A whole number from 1 on. */
export const count: JsonSchema = { type: "integer", minimum: 1 };

const octet = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";

/** An IPv4 address, or an IPv6 one (anything of its signs that has a colon), alone or with the length of a prefix. */
const addressBlock = `^(${octet}(\\.${octet}){3}(/(3[0-2]|[12]?\\d))?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(/(12[0-8]|1[01]\\d|\\d?\\d))?)$`;

/** An allow list. `[]` means that no address may connect. Null is an error: it could mean "all addresses" just as well as "none". */
export const ipAllowList: JsonSchema = {
  type: "array",
  items: {
    type: "object",
    properties: {
      source: {
        type: "string",
        pattern: addressBlock,
        description: "An IP address or a CIDR block.",
        examples: ["203.0.113.0/24"],
      },
      description: { type: "string", description: "A note for people." },
    },
    required: ["source"],
    additionalProperties: false,
  },
};

/** A reference to a registry credential by its name. */
export const registryCredentialReference: JsonSchema = {
  type: "object",
  properties: {
    fromRegistryCreds: {
      type: "object",
      description: "A registry credential of the workspace or of this file.",
      properties: { name: { ...text, description: "Name of the registry credential." } },
      required: ["name"],
      additionalProperties: false,
    },
  },
  required: ["fromRegistryCreds"],
  additionalProperties: false,
};

/** Which changed files of a repository start a build. */
export const buildFilter: JsonSchema = {
  type: "object",
  properties: {
    paths: { type: "array", items: text, default: [], description: "Globs whose changes start a build." },
    ignoredPaths: {
      type: "array",
      items: text,
      default: [],
      description: "Globs whose changes never start a build.",
    },
  },
  anyOf: [{ required: ["paths"] }, { required: ["ignoredPaths"] }],
  additionalProperties: false,
};

/** What one resource does with its logs instead of the workspace's log stream. The token is a value source, as of an environment variable. */
export const logStreamOverride: JsonSchema = {
  type: "object",
  properties: {
    setting: {
      type: "string",
      enum: ["send", "drop"],
      default: "send",
      description: "`drop` keeps this resource's logs out of the workspace's stream.",
    },
    endpoint: { ...text, description: "Host and port that receive the logs; needed with `send`." },
    token: {
      $ref: "#/$defs/valueSource",
      description: "Token for the receiver; no API ever shows it again.",
    },
  },
  additionalProperties: false,
};
