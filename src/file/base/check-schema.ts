import type { ErrorObject, ValidateFunction } from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { JsonSchema } from "../../core/model/field.ts";
import { canonical, type Json } from "../../core/base/json.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import { describeNode, keyPlaceOf, nodeAt, type Node } from "./node.ts";
import type { Remark, Tell } from "./remark.ts";
import { closest, withArticle } from "../../core/base/text.ts";
import { suggestKey, suggestRegion } from "./suggest.ts";

/**
 * Checks values of a file against JSON Schemas. A schema is compiled once, and only when a file has its key, because
 * compiling takes longer than checking.
 */
export class SchemaChecker {
  #ajv: Ajv2020.default | undefined;
  readonly #compiled = new Map<string, ValidateFunction>();

  /**
   * Checks a value and tells each fault at the node that it is about. `subject` names the block in messages: "The web
   * service api". Answers whether the value is valid.
   */
  check(
    id: string,
    makeSchema: () => JsonSchema,
    value: Json,
    node: Node,
    context: { subject: string; tell: Tell },
  ): boolean {
    const validate = this.#compiled.get(id) ?? this.#compile(id, makeSchema());
    if (validate(value)) return true;
    const errors = validate.errors ?? [];
    const choices = new Set(
      errors.filter(({ keyword }) => keyword === "anyOf").map(({ schemaPath }) => `${schemaPath}/`),
    );
    const told = errors.filter((error) => !isPartOf(choices, error));
    for (const error of told) if (!isSaid(told, error)) context.tell(describe(error, node, context.subject));
    return false;
  }

  #compile(id: string, schema: JsonSchema): ValidateFunction {
    this.#ajv ??= makeAjv();
    const validate = this.#ajv.compile(schema);
    this.#compiled.set(id, validate);
    return validate;
  }
}

const checkers = new WeakMap<readonly FileKind[], SchemaChecker>();

/**
 * The checker for these kinds. Their schemas follow from them alone, so a process that reads many files compiles each
 * only once.
 */
export function checkerOf(kinds: readonly FileKind[]): SchemaChecker {
  const checker = checkers.get(kinds) ?? new SchemaChecker();
  checkers.set(kinds, checker);
  return checker;
}

/**
 * A reader of URIs that reads nothing. The schemas of blocks have neither `$id` nor `$ref`, and the library's own
 * reader takes as long to load as a file to read.
 */
const noUris = { parse: () => ({}), serialize: () => "", resolve: (_base: string, path: string) => path };

function makeAjv(): Ajv2020.default {
  const ajv = new Ajv2020.default({
    allErrors: true,
    verbose: true,
    strict: false,
    validateSchema: false,
    // Neither the meta schema nor the library's own sentences are used.
    meta: false,
    messages: false,
    uriResolver: noUris,
    // A check runs a few times in most processes: optimizing its code would take longer than it saves.
    code: { optimize: false },
  });
  addFormats.default(ajv, ["uri", "date"]);
  return ajv;
}

/**
 * Whether an error is about one branch of an `anyOf`. The library reports each branch and then the `anyOf` itself;
 * that last one is enough.
 */
function isPartOf(choices: ReadonlySet<string>, { schemaPath }: ErrorObject): boolean {
  for (const choice of choices) if (schemaPath.startsWith(choice)) return true;
  return false;
}

/**
 * Whether another error of the same value says enough: of a list where a text belongs, nothing else has to be said, and what
 * the form is called says more than that it is wrong.
 */
function isSaid(errors: readonly ErrorObject[], { keyword, instancePath }: ErrorObject): boolean {
  const others = errors.filter((one) => one.instancePath === instancePath && one.keyword !== keyword);
  if (others.some((one) => one.keyword === "type")) return true;
  return keyword === "pattern" && others.some((one) => one.keyword === "format");
}

function describe(error: ErrorObject, root: Node, subject: string): Remark {
  const segments = error.instancePath
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  const node = nodeAt(root, segments);
  const label = segments.length === 0 ? subject : `\`${pathText(segments)}\` of ${lowerFirst(subject)}`;
  return { severity: "error", place: node.place, ...explain(error, node, label, segments) };
}

type Explanation = Pick<Remark, "code" | "message" | "remedy"> & { readonly place?: Remark["place"] };

function explain(error: ErrorObject, node: Node, label: string, segments: readonly string[]): Explanation {
  switch (error.keyword) {
    case "additionalProperties":
      return explainUnknownKey(error, node, label, segments);
    case "required":
      return {
        code: "missing-key",
        message: `${label} lacks \`${error.params["missingProperty"]}\`.`,
        remedy: `Add \`${error.params["missingProperty"]}\`.`,
      };
    case "type":
      return {
        code: "wrong-type",
        message: `${label} must be ${typeWords(error.params["type"])}, not ${describeNode(node)}.`,
        remedy: typeRemedy(error, node),
      };
    case "enum":
    case "const":
      return explainEnum(error, node, label);
    case "anyOf":
      return {
        code: "missing-key",
        message: `${label} needs ${choiceOf(error)}.`,
        remedy: "Add one of them.",
      };
    default:
      return explainBound(error, label) ?? explainForm(error, label);
  }
}

/** A limit of a number or a length, in words around the number. */
function explainBound(error: ErrorObject, label: string): Explanation | undefined {
  const limit = String(error.params["limit"]);
  const bounds: { readonly [keyword: string]: readonly [rule: string, remedy: string] } = {
    minimum: [`be at least ${limit}`, `Use ${limit} or more.`],
    maximum: [`be at most ${limit}`, `Use ${limit} or less.`],
    minLength: ["not be empty", "Write a text, or remove the key."],
    minItems: [`have at least ${limit} ${limit === "1" ? "entry" : "entries"}`, "Add one."],
    maxItems: [`have at most ${limit} entries`, "Remove some."],
  };
  const bound = bounds[error.keyword];
  return bound && { code: "wrong-value", message: `${label} must ${bound[0]}.`, remedy: bound[1] };
}

function explainForm(error: ErrorObject, label: string): Explanation {
  const format =
    error.keyword === "format" ? `: it must be ${withArticle(String(error.params["format"]))}` : "";
  return {
    code: "wrong-value",
    message: `${label} has the wrong form${format}.`,
    remedy: exampleOf(error) ?? "See the description of the key in the schema.",
  };
}

function explainUnknownKey(
  error: ErrorObject,
  node: Node,
  label: string,
  segments: readonly string[],
): Explanation {
  const key = String(error.params["additionalProperty"]);
  const known = Object.keys((error.parentSchema?.["properties"] as object | undefined) ?? {});
  return {
    code: "unknown-key",
    message: `${label} has the unknown key \`${key}\`.`,
    remedy: () => suggestKey(key, known, segments.at(-1) ?? "") ?? `Known keys: ${known.join(", ")}.`,
    place: keyPlaceOf(node, key),
  };
}

function explainEnum(error: ErrorObject, node: Node, label: string): Explanation {
  const allowed = ((error.params["allowedValues"] ?? [error.params["allowedValue"]]) as readonly Json[]).map(
    (value) => (typeof value === "string" ? value : canonical(value)),
  );
  const text = node.is === "scalar" ? node.text : describeNode(node);
  const list = allowed.length > 24 ? "" : `It is one of ${allowed.join(", ")}.`;
  return {
    code: "wrong-value",
    message: `${label} cannot be ${node.is === "scalar" ? JSON.stringify(text.slice(0, 80)) : text}.`,
    remedy: () => {
      // No number is a slip for another one.
      const guess =
        suggestRegion(text, allowed) ?? (/^[\d.]+$/u.test(text) ? undefined : closest(text, allowed));
      const words = [guess === undefined ? "" : `Did you mean \`${guess}\`?`, list].filter(Boolean);
      return words.join(" ") || fallbackEnum(allowed);
    },
  };
}

function fallbackEnum(allowed: readonly string[]): string {
  return `It is one of ${allowed.slice(0, 12).join(", ")} and ${allowed.length - 12} more.`;
}

function choiceOf(error: ErrorObject): string {
  const branches = (error.schema ?? []) as readonly { readonly required?: readonly string[] }[];
  return branches
    .map((branch) => (branch.required ?? []).map((key) => `\`${key}\``).join(" and "))
    .join(" or ");
}

function exampleOf(error: ErrorObject): string | undefined {
  const [example] = (error.parentSchema?.["examples"] ?? []) as readonly unknown[];
  return example === undefined
    ? undefined
    : `For example: ${typeof example === "string" ? example : canonical(example)}.`;
}

function typeWords(type: unknown): string {
  const words: { readonly [type: string]: string } = {
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "a mapping",
  };
  return words[String(type)] ?? String(type);
}

function typeRemedy(error: ErrorObject, node: Node): string {
  const type: unknown = error.params["type"];
  const [required] = (error.parentSchema?.["required"] ?? []) as readonly string[];
  if (type === "array") return "Start each entry with a dash.";
  if (type === "object" && required !== undefined) return `Write it as a mapping: {${required}: ...}.`;
  if (type === "object") return "Write its keys on the lines below, indented.";
  if (type === "boolean" && node.is === "scalar" && /^(yes|on|true)$/i.test(node.text))
    return "Write `true`, without quotes.";
  if (type === "boolean") return "Write `true` or `false`, without quotes.";
  if (node.is === "scalar" && /^-?\d+$/.test(node.text)) return `Write ${node.text} without quotes.`;
  return "Correct the value.";
}

function pathText(segments: readonly string[]): string {
  return segments
    .map((segment, index) => (/^\d+$/.test(segment) ? `[${segment}]` : index === 0 ? segment : `.${segment}`))
    .join("");
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
