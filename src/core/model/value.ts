import type { Address } from "../base/address.ts";
import type { Json } from "../base/json.ts";
import type { Secret } from "../base/secret.ts";

/**
 * Where a text comes from. It stays that until the call that sends the text, so that plans, journals and reports cannot hold
 * a secret.
 *
 * - `literal`: public text written in the file.
 * - `secret-literal`: text written in the file whose key or shape looks secret (product page, section 5).
 * - `output`: of another resource; `output` is `connectionString`, `host`, `envVars.KEY` and so on. `path`: a public text that stands
 *   behind it, the path of an address.
 * - `environment`, `file`: read from the process's environment or from a file of the repository at apply.
 * - `generated`: made once, by the API, when the variable does not exist yet; later left alone.
 * - `asked`: `sync: false`; a person gives it at apply, and what is live is never read into anything nor changed.
 *
 * `allowEmpty`: an empty text is meant, and no mistake.
 */
export type Value =
  | { readonly from: "literal"; readonly text: string }
  | { readonly from: "secret-literal"; readonly secret: Secret }
  | { readonly from: "output"; readonly of: Address; readonly output: string; readonly path?: string }
  | { readonly from: "environment"; readonly variable: string; readonly allowEmpty?: true }
  | { readonly from: "file"; readonly path: string; readonly raw: boolean; readonly allowEmpty?: true }
  | { readonly from: "generated" }
  | { readonly from: "asked"; readonly allowEmpty?: true };

/** The value of a public text that stands in the file. */
export function literal(text: string): Value {
  return { from: "literal", text };
}

/** How a value is shown and hashed: by its source. Two secrets from one source describe alike, whatever they hold. */
export function describeValue(value: Value): Json {
  switch (value.from) {
    case "literal":
      return { literal: value.text };
    case "secret-literal":
      return { source: "file" };
    case "output":
      return { of: value.of, output: value.output, ...(value.path !== undefined && { path: value.path }) };
    case "environment":
      return { environment: value.variable };
    case "file":
      return { file: value.path };
    case "generated":
      return { source: "generated" };
    case "asked":
      return { source: "asked" };
    default:
      return value satisfies never;
  }
}

/**
 * Where a value comes from when the file does not hold it, as the inventory remembers it: `render/postgres/main connectionString`,
 * `environment STRIPE_KEY`, `file config/app.conf`. `undefined`: it stands in the file, is generated, or is asked for.
 */
export function sourceOf(value: Value): string | undefined {
  switch (value.from) {
    case "output":
      return `${value.of} ${value.output}${value.path === undefined ? "" : ` ${value.path}`}`;
    case "environment":
      return `environment ${value.variable}`;
    case "file":
      return `file ${value.path}`;
    case "literal":
    case "secret-literal":
    case "generated":
    case "asked":
      return undefined;
    default:
      return value satisfies never;
  }
}

const variables = "envVars.";

/**
 * The output that is a variable of a resource: `variableOutput("PORT")` is `envVars.PORT`. This is how outputs are spelled, in
 * plans and in the journal; the field that has a kind's variables is the kind's own to name (`FileKind.variables`).
 */
export function variableOutput(key: string): string {
  return `${variables}${key}`;
}

/** The key of an output that is a variable; `undefined` for every other one: `connectionString`, `replicas.ro.host`. */
export function variableOf(output: string): string | undefined {
  return output.startsWith(variables) ? output.slice(variables.length) : undefined;
}
