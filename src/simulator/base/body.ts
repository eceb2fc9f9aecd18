import { isObject, type Json } from "../../core/base/json.ts";
import { fail, type Call } from "./route.ts";

/**
 * The body of a request as an object. Members that no route knows are let through: the official Terraform provider
 * sends some (recorded).
 */
export type Body = { readonly [field: string]: unknown };

/** The body of a call. Answers 400 where it is no object. */
export function readBody(call: Call): Body {
  if (isObject(call.body)) return call.body;
  return fail(400, "invalid JSON body: an object is needed");
}

/** The body of a call that may have none; that is the same as an empty object. */
export function readOptionalBody(call: Call): Body {
  return call.body === undefined || call.body === null ? {} : readBody(call);
}

/** The body of a call as a list of objects. `null` counts as empty (recorded: `PUT .../env-vars` with the body `null`). */
export function readBodyList(call: Call): readonly Body[] {
  return readObjects(call.body ?? [], "body");
}

/** A member that is a list of objects; absent and null are an empty list. Answers 400 for anything else. */
export function readObjects(value: unknown, name: string): readonly Body[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => isObject(item))) return value;
  return fail(400, `${name} must be a list of objects`);
}

/** A member that is an object; `undefined` where it is absent or null. Answers 400 for anything else. */
export function readObject(body: Body, field: string): Body | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? value : fail(400, `${field} must be an object`);
}

/** A member that is a text; `undefined` where it is absent or null. Answers 400 for anything else. */
export function readText(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : fail(400, `${field} must be a string`);
}

/** A member that must be a text and not empty. Answers 400 otherwise. */
export function requireText(body: Body, field: string): string {
  const text = readText(body, field);
  return text === undefined || text === "" ? fail(400, `${field} is required`) : text;
}

/** A member that is true or false; `undefined` where it is absent or null. Answers 400 for anything else. */
export function readBoolean(body: Body, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  return typeof value === "boolean" ? value : fail(400, `${field} must be true or false`);
}

/** A member that is a whole number within bounds; `undefined` where it is absent or null. Answers 400 for anything else. */
export function readInteger(
  body: Body,
  field: string,
  range?: { least: number; most: number },
): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value)) return fail(400, `${field} must be an integer`);
  if (range && (value < range.least || value > range.most)) {
    return fail(400, `${field} must be between ${range.least} and ${range.most}`);
  }
  return value;
}

/** A member that is a list of texts; `undefined` where it is absent or null. Answers 400 for anything else. */
export function readTexts(body: Body, field: string): string[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return [...value];
  return fail(400, `${field} must be a list of strings`);
}

/** A member that is one of some words; `undefined` where it is absent or null. Answers 400 for anything else. */
export function readChoice<Choice extends string>(
  body: Body,
  field: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = readText(body, field);
  if (text === undefined || text === "") return undefined;
  return (
    choices.find((choice) => choice === text) ?? fail(400, `${field} must be one of ${choices.join(", ")}`)
  );
}

/** A member that must be one of some words. Answers 400 otherwise. */
export function requireChoice<Choice extends string>(
  body: Body,
  field: string,
  choices: readonly Choice[],
): Choice {
  return readChoice(body, field, choices) ?? fail(400, `${field} is required: one of ${choices.join(", ")}`);
}

/** An object without its absent members. In answers, a field that is unset is absent (recorded). */
export function withoutAbsent(fields: { readonly [name: string]: Json | undefined }): {
  [name: string]: Json;
} {
  const present = Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(present);
}
