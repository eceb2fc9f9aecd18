import type { Value } from "../../core/model/value.ts";
import { inSentence, type BlockContext } from "../base/context.ts";
import type { ValueSource } from "../base/draft.ts";
import { describeNode, isNull, keyPlaceOf, memberOf, textOf, type MapNode, type Node } from "../base/node.ts";
import { readReference, referenceForms } from "../base/reference-forms.ts";
import { suggestKey } from "../base/suggest.ts";
import {
  readEnvironment,
  readFileSource,
  readLiteral,
  readLiteralMember,
  tellWrongValue,
} from "./value-sources.ts";

const blueprintMembers = ["value", "generateValue", "sync", "fromDatabase", "fromService"];
/** Members of an entry that say where its value comes from. Exactly one of them may be there. */
const sourceMembers = blueprintMembers.concat(
  ["fromEnvironment", "fromFile"],
  Object.keys(referenceForms).filter((form) => !isBlueprintForm(form)),
);
const entryMembers = [...sourceMembers, "previewValue", "raw", "allowEmpty"];
const entryMemberSet: ReadonlySet<string> = new Set(entryMembers);
/** Members of newer examples of Render. Render's schema does not have them, and its parser ignores them. */
const decorations = ["displayName", "description", "required", "sensitive"];

function isBlueprintForm(form: string): boolean {
  return form === "fromDatabase" || form === "fromService";
}

/**
 * Reads one entry that has a value: a variable or a secret file. `label` is the member with its name, `key` or
 * `name`. `undefined`: it was wrong, and that was told.
 */
export function readValueEntry(
  entry: MapNode,
  label: { readonly member: string; readonly text: string },
  context: BlockContext,
): ValueSource | undefined {
  if (!checkMembers(entry, label, context)) return undefined;
  const present = sourceMembers.filter((member) => isSource(entry, member));
  const [first] = present;
  tellPreviewValue(entry, label.text, context);
  if (first === undefined) return readNoSource(entry, label, context);
  if (present.length === 2 && present.includes("value") && present.includes("sync")) {
    context.tell({
      code: "value-and-sync",
      severity: "error",
      message: `${label.text} of ${inSentence(context.subject)} has a value and \`sync: false\`, which Render refuses.`,
      remedy: "Keep `value` for a public text, or `sync: false` for a secret that somebody types in.",
      place: keyPlaceOf(entry, "sync"),
    });
    return undefined;
  }
  if (present.length > 1) {
    context.tell({
      code: "several-sources",
      severity: "error",
      message: `${label.text} of ${inSentence(context.subject)} has several sources: ${present.map(code).join(", ")}.`,
      remedy: "Keep one of them.",
      place: keyPlaceOf(entry, present[1] ?? first),
    });
    return undefined;
  }
  if (!blueprintMembers.includes(first)) context.tellOurs(keyPlaceOf(entry, first), first);
  return allowingEmpty(entry, label.text, readSource(entry, first, label.text, context), context);
}

/**
 * Adds `allowEmpty` to a value of a variable, a file or a `sync: false` entry: an empty text is meant. With any other
 * source it has no effect.
 */
function allowingEmpty(
  entry: MapNode,
  key: string,
  source: ValueSource | undefined,
  context: BlockContext,
): ValueSource | undefined {
  const node = memberOf(entry, "allowEmpty");
  if (source === undefined || node?.is !== "scalar" || node.value !== true) return source;
  const place = keyPlaceOf(entry, "allowEmpty");
  context.tellOurs(place, "allowEmpty");
  if (source.form === "value" && ["environment", "file", "asked"].includes(source.value.from))
    return { ...source, value: { ...source.value, allowEmpty: true } as Value };
  context.tell({
    code: "ignored-key",
    severity: "warning",
    message: `\`allowEmpty\` of ${key} of ${inSentence(context.subject)} says nothing: its value is not taken from a variable, a file or an answer.`,
    remedy: 'Remove it; an empty text is written as `value: ""`.',
    place,
  });
  return source;
}

/** Reads a field that is a value, such as `authToken`: a bare text, or a mapping with one source. */
export function readValueSource(node: Node, key: string, context: BlockContext): ValueSource | undefined {
  if (node.is === "map") return readValueEntry(node, { member: "", text: key }, context);
  const text = textOf(node);
  if (text === undefined) {
    tellWrongValue(node, key, context);
    return undefined;
  }
  return { form: "value", value: readLiteral(key, text, node, context), place: node.place };
}

function readSource(
  entry: MapNode,
  member: string,
  key: string,
  context: BlockContext,
): ValueSource | undefined {
  const node = memberOf(entry, member) ?? entry;
  const known = (value: Value): ValueSource => ({ form: "value", value, place: node.place });
  switch (member) {
    case "value":
      return readLiteralMember(node, key, context);
    case "generateValue":
      return known({ from: "generated" });
    case "sync":
      tellGroupSync(entry, key, context);
      return known({ from: "asked" });
    case "fromEnvironment":
      return readEnvironment(node, key, context);
    case "fromFile":
      return readFileSource(entry, node, key, context);
    default:
      if (context.inGroup && isBlueprintForm(member)) {
        context.tell({
          code: "group-reference",
          severity: "error",
          message: `${key} of ${inSentence(context.subject)} refers to another resource; env groups cannot.`,
          remedy: "Put the reference into the services' own `envVars`.",
          place: keyPlaceOf(entry, member),
        });
        return undefined;
      }
      return readReference(member, node, key, context);
  }
}

/** Whether an entry has a source of that name. `sync: true` and `generateValue: false` are none. */
function isSource(entry: MapNode, member: string): boolean {
  const node = memberOf(entry, member);
  if (!node || isNull(node)) return false;
  if (node.is === "scalar" && member === "sync") return node.value !== true;
  if (node.is === "scalar" && member === "generateValue") return node.value !== false;
  return true;
}

function checkMembers(
  entry: MapNode,
  label: { readonly member: string; readonly text: string },
  context: BlockContext,
): boolean {
  let fine = true;
  for (const { key, keyPlace } of entry.entries.values()) {
    if (key === label.member || entryMemberSet.has(key)) continue;
    if (decorations.includes(key)) {
      context.tell({
        code: "ignored-key",
        severity: "warning",
        message: `\`${key}\` of an environment variable is not part of the format and is ignored.`,
        remedy: "Remove it, or turn it into a comment.",
        place: keyPlace,
        fold: key,
      });
      continue;
    }
    fine = false;
    context.tell({
      code: "unknown-key",
      severity: "error",
      message: `${label.text} of ${inSentence(context.subject)} has the unknown key \`${key}\`.`,
      remedy: () => {
        const known = [label.member, ...entryMembers];
        return suggestKey(key, known, "envVar") ?? `Known keys: ${known.filter(Boolean).join(", ")}.`;
      },
      place: keyPlace,
    });
  }
  return checkSwitches(entry, label.text, context) && fine;
}

const switches = ["sync", "generateValue", "allowEmpty"];

function checkSwitches(entry: MapNode, key: string, context: BlockContext): boolean {
  let fine = true;
  for (const member of switches) {
    const node = memberOf(entry, member);
    if (!node || isNull(node) || (node.is === "scalar" && typeof node.value === "boolean")) continue;
    fine = false;
    context.tell({
      code: "wrong-type",
      severity: "error",
      message: `\`${member}\` of ${key} must be true or false, not ${describeNode(node)}.`,
      remedy: `Write \`${member}: ${member === "sync" ? "false" : "true"}\`.`,
      place: node.place,
    });
  }
  return fine;
}

function tellPreviewValue(entry: MapNode, key: string, context: BlockContext): void {
  const preview = memberOf(entry, "previewValue");
  if (!preview) return;
  if (preview.is !== "scalar") tellWrongValue(preview, key, context);
  context.tell({
    code: "no-api",
    severity: "warning",
    message: `\`previewValue\` has no API; ${key} of ${inSentence(context.subject)} keeps it for Blueprints only.`,
    remedy: "Nothing to do: trueup reads it and changes nothing because of it.",
    place: keyPlaceOf(entry, "previewValue"),
    fold: "previewValue",
  });
}

/**
 * Reads an entry without a source. A key alone is refused, as Render does. `value:` with no text behind it counts as
 * `sync: false`, so that an empty text which was not written never empties a live variable.
 */
function readNoSource(
  entry: MapNode,
  label: { readonly member: string; readonly text: string },
  context: BlockContext,
): ValueSource | undefined {
  const isEmpty = entry.entries.has("value");
  const subject = inSentence(context.subject);
  context.tell({
    code: isEmpty ? "empty-value" : "no-source",
    severity: isEmpty ? "warning" : "error",
    message: isEmpty
      ? `${label.text} of ${subject} has an empty \`value\`; it is taken as \`sync: false\`.`
      : `${label.text} of ${subject} has no value, which Render refuses.`,
    remedy: 'Write `sync: false`, or `value: ""` if an empty text is meant.',
    place: entry.place,
  });
  if (!isEmpty) return undefined;
  tellGroupSync(entry, label.text, context);
  return { form: "value", value: { from: "asked" }, place: entry.place };
}

function tellGroupSync(entry: MapNode, key: string, context: BlockContext): void {
  if (!context.inGroup || !context.isBlueprint) return;
  context.tell({
    code: "group-sync",
    severity: "warning",
    message: `Blueprints ignore \`sync: false\` in a group, so ${key} of ${inSentence(context.subject)} may be missing on Render.`,
    remedy:
      "trueup asks for it at apply. For Blueprints as well, set it in the Dashboard or on each service.",
    place: entry.place,
    fold: "group-sync",
  });
}

function code(word: string): string {
  return `\`${word}\``;
}
