import type { KindName } from "../../core/base/address.ts";
import type { BlockContext } from "./context.ts";
import type { Reference, ValueSource } from "./draft.ts";
import { describeNode, keyPlaceOf, memberOf, textOf, type Node } from "./node.ts";
import { closest } from "../../core/base/text.ts";
import { suggestKey } from "./suggest.ts";

/** The kinds that the format itself names, because references and links lead to them. */
export const referredKinds = {
  database: "render/postgres",
  service: "render/service",
  keyValue: "render/key-value",
  group: "render/env-group",
  webhook: "render/webhook",
  registryCredential: "render/registry-credential",
  environment: "render/environment",
  project: "render/project",
  "rendercad-webhook": "rendercad/webhook",
  "rendercad-token": "rendercad/token",
} as const satisfies { readonly [word: string]: KindName };

/** The properties of a database that a reference can name (Render's Blueprint schema). */
export const databaseProperties =
  "connectionString connectionPoolString host port user password database".split(" ");
/** The properties of a service that a reference can name. */
export const serviceProperties = ["host", "port", "hostport", "connectionString", "slug"];
/**
 * The types that a reference to a service can name. Some are no type of a service any more, but Render's schema still
 * allows them.
 */
export const referenceTypes = "web cron worker pserv workflow static dpg job redis keyvalue".split(" ");

/** The variable that Render sets to the public address of a service: the only one that may go where everybody can read it. */
export const addressVariable = "RENDER_EXTERNAL_URL";

type ReferenceForm = {
  readonly form: Reference["form"];
  readonly description: string;
  readonly members: readonly string[];
  readonly required: readonly string[];
  readonly properties: readonly string[];
  /** The property that is meant when `property` is absent. Absent itself where the file has to say it. */
  readonly defaultProperty?: string;
};

/** The forms of references, by the member that begins them, with what each may and must have. */
export const referenceForms: { readonly [member: string]: ReferenceForm } = {
  fromDatabase: {
    form: "database",
    description: "A property of a database or of one of its read replicas.",
    members: ["name", "property"],
    required: ["name", "property"],
    properties: databaseProperties,
  },
  fromService: {
    form: "service",
    description: "A property or a variable of a service or Key Value instance.",
    members: ["type", "name", "property", "envVarKey"],
    required: ["name", "type"],
    properties: serviceProperties,
  },
  fromRendercadToken: {
    form: "rendercad-token",
    description: "A RENDERCAD token of this file, delivered in the run that makes it.",
    members: ["name"],
    required: ["name"],
    properties: ["token"],
    defaultProperty: "token",
  },
  fromRendercadWebhook: {
    form: "rendercad-webhook",
    description: "Signing secret or id of a RENDERCAD webhook of this file.",
    members: ["name", "property"],
    required: ["name", "property"],
    properties: ["secret", "id"],
  },
  fromWebhook: {
    form: "webhook",
    description: "Signing secret or id of a Render webhook.",
    members: ["name", "property"],
    required: ["name", "property"],
    properties: ["signingSecret", "id"],
  },
};

/**
 * Reads a reference, such as `fromDatabase: {...}`. What it leads to is looked up once all files are read.
 * `undefined`: it was wrong, and that was told.
 */
export function readReference(
  member: string,
  node: Node,
  key: string,
  context: BlockContext,
): ValueSource | undefined {
  const form = referenceForms[member];
  if (!form) throw new Error(`no reference form ${member}`);
  if (node.is !== "map") {
    context.tell({
      code: "wrong-type",
      severity: "error",
      message: `\`${member}\` of ${key} must be a mapping, not ${describeNode(node)}.`,
      remedy: `Write it as \`${member}: {${form.required.map((word) => `${word}: ...`).join(", ")}}\`.`,
      place: node.place,
    });
    return undefined;
  }
  const fine = [
    ...[...node.entries.values()].map((entry) => checkMember(entry.key, node, member, form, context)),
    ...form.required.map((word) => checkRequired(word, node, member, key, form, context)),
  ].every(Boolean);
  if (!fine) return undefined;
  const name = textOf(memberOf(node, "name")) ?? "";
  const property = textOf(memberOf(node, "property")) ?? form.defaultProperty;
  if (property !== undefined && !form.properties.includes(property)) {
    tellProperty(property, node, member, form, context);
    return undefined;
  }
  if (form.form !== "service") return { form: form.form, name, property: property ?? "", place: node.place };
  return readServiceReference(node, name, property, key, context);
}

function readServiceReference(
  node: Node,
  name: string,
  property: string | undefined,
  key: string,
  context: BlockContext,
): ValueSource | undefined {
  const type = textOf(memberOf(node, "type")) ?? "";
  const envVarKey = textOf(memberOf(node, "envVarKey"));
  if (!referenceTypes.includes(type)) {
    context.tell({
      code: "wrong-value",
      severity: "error",
      message: `\`type\` of a \`fromService\` cannot be ${JSON.stringify(type)}.`,
      remedy: `It is the type of the service that is meant: ${referenceTypes.slice(0, 5).join(", ")} or keyvalue.`,
      place: memberOf(node, "type")?.place ?? node.place,
    });
    return undefined;
  }
  if ((property === undefined) === (envVarKey === undefined)) {
    context.tell({
      code: property === undefined ? "missing-key" : "several-sources",
      severity: "error",
      message: `\`fromService\` of ${key} needs exactly one of \`property\` and \`envVarKey\`.`,
      remedy: "Give `property` for an address of the service, `envVarKey` for one of its variables.",
      place: property === undefined ? node.place : keyPlaceOf(node, "envVarKey"),
    });
    return undefined;
  }
  const wants = envVarKey === undefined ? { property: property ?? "" } : { envVarKey };
  return { form: "service", type, name, wants, place: node.place };
}

function checkMember(
  word: string,
  node: Node,
  member: string,
  form: ReferenceForm,
  context: BlockContext,
): boolean {
  const value = memberOf(node, word);
  if (!form.members.includes(word)) {
    context.tell({
      code: "unknown-key",
      severity: "error",
      message: `\`${member}\` has the unknown key \`${word}\`.`,
      remedy: () => suggestKey(word, form.members, member) ?? `Known keys: ${form.members.join(", ")}.`,
      place: keyPlaceOf(node, word),
    });
    return false;
  }
  if (value?.is === "scalar") return true;
  context.tell({
    code: "wrong-type",
    severity: "error",
    message: `\`${word}\` of \`${member}\` must be text, not ${describeNode(value ?? node)}.`,
    remedy: "Write one text.",
    place: value?.place ?? node.place,
  });
  return false;
}

function checkRequired(
  word: string,
  node: Node,
  member: string,
  key: string,
  form: ReferenceForm,
  context: BlockContext,
): boolean {
  const value = memberOf(node, word);
  // A member of a wrong type was told already. Here only an absent or empty one is told.
  if (value !== undefined && (value.is !== "scalar" || value.value !== null)) return true;
  context.tell({
    code: "missing-key",
    severity: "error",
    message: `\`${member}\` of ${key} lacks \`${word}\`.`,
    remedy:
      word === "property"
        ? `It is one of ${form.properties.join(", ")}.`
        : `Add \`${word}\` of the resource that is meant.`,
    place: node.place,
  });
  return false;
}

function tellProperty(
  property: string,
  node: Node,
  member: string,
  form: ReferenceForm,
  context: BlockContext,
): void {
  context.tell({
    code: "wrong-value",
    severity: "error",
    message: `\`${member}\` has no property ${JSON.stringify(property)}.`,
    remedy: () => {
      const invented = Object.hasOwn(inventedProperties, property) ? inventedProperties[property] : undefined;
      const guess = invented ?? closest(property, form.properties);
      const list = `\`${member}\` knows ${form.properties.join(", ")}.`;
      return guess && form.properties.includes(guess) ? `Did you mean \`${guess}\`? ${list}` : list;
    },
    place: memberOf(node, "property")?.place ?? node.place,
  });
}

/** Properties that people invented in real files, and what they meant. */
const inventedProperties: { readonly [invented: string]: string } = {
  internalConnectionString: "connectionString",
  externalConnectionString: "connectionString",
  url: "connectionString",
  uri: "connectionString",
  connectionURL: "connectionString",
  username: "user",
  userName: "user",
  databaseName: "database",
  dbname: "database",
  hostPort: "hostport",
  hostname: "host",
  address: "hostport",
};
