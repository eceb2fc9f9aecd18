import { isObject, type Json } from "../../core/base/json.ts";
import { fail, type Call } from "./route.ts";

/** A request's body as an object. Fields that no route knows are let through: the official provider sends some (recorded). */
export type Body = { readonly [field: string]: unknown };

export function readBody(call: Call): Body {
  if (isObject(call.body)) return call.body;
  return fail(400, "invalid JSON body: an object is needed");
}

/** A body that may be missing: the same as an empty object. */
export function readOptionalBody(call: Call): Body {
  return call.body === undefined || call.body === null ? {} : readBody(call);
}

/** A list of objects; `null` counts as empty (recorded: `PUT .../env-vars` with the body `null`). */
export function readBodyList(call: Call): readonly Body[] {
  return readObjects(call.body ?? [], "body");
}

export function readObjects(value: unknown, name: string): readonly Body[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => isObject(item))) return value;
  return fail(400, `${name} must be a list of objects`);
}

export function readObject(body: Body, field: string): Body | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? value : fail(400, `${field} must be an object`);
}

export function readText(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : fail(400, `${field} must be a string`);
}

export function requireText(body: Body, field: string): string {
  const text = readText(body, field);
  return text === undefined || text === "" ? fail(400, `${field} is required`) : text;
}

export function readBoolean(body: Body, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  return typeof value === "boolean" ? value : fail(400, `${field} must be true or false`);
}

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

export function readTexts(body: Body, field: string): string[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return [...value];
  return fail(400, `${field} must be a list of strings`);
}

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

export function requireChoice<Choice extends string>(
  body: Body,
  field: string,
  choices: readonly Choice[],
): Choice {
  return readChoice(body, field, choices) ?? fail(400, `${field} is required: one of ${choices.join(", ")}`);
}

/** Only the members that are there: what a view does with optional fields, whose absence means unset (recorded). */
export function withoutAbsent(fields: { readonly [name: string]: Json | undefined }): {
  [name: string]: Json;
} {
  const present = Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(present);
}
