import { inSentence, type BlockContext } from "../base/context.ts";
import type { ValueSource } from "../base/draft.ts";
import { hasControl } from "../../core/base/text.ts";
import { describeNode, keyPlaceOf, memberOf, textOf, type Entry, type Node } from "../base/node.ts";
import { lineAt, type Place } from "../base/source.ts";
import { readValueEntry } from "./values.ts";

/** The entries of a list, by name. */
export type EntriesReading = {
  readonly values: ReadonlyMap<string, ValueSource>;
  readonly groups: ReadonlyMap<string, Place>;
  /** Places of the list and of its entries, by field key: `envVars.PORT`. */
  readonly places: readonly (readonly [string, Place])[];
};

/**
 * Reads a list whose entries have a name and a value. `label` is the member with the name: `key` of a variable,
 * `name` of a secret file. Links to groups may stand among variables.
 *
 *     - key: PORT            values: PORT
 *       value: 3000
 *     - fromGroup: shared    groups: shared
 */
export function readEntries(entry: Entry, label: "key" | "name", context: BlockContext): EntriesReading {
  const values = new Map<string, ValueSource>();
  const groups = new Map<string, Place>();
  const places: [string, Place][] = [];
  const items = listOf(entry, label, context);
  for (const item of items ?? []) {
    if (isGroupLink(item, label)) {
      const group = readGroupLink(item, context);
      if (group) {
        groups.set(group.name, group.place);
      }
      continue;
    }
    const key = readLabel(item, label, entry.key, context);
    if (!key || item.is !== "map") continue;
    if (values.has(key.text)) tellDuplicate(entry.key, key.text, key.place, context);
    const source = readValueEntry(item, { member: label, text: key.text }, context);
    places.push([`${entry.key}.${key.text}`, placeOfValue(key.place, source?.place)]);
    if (source) values.set(key.text, source);
  }
  return { values, groups, places };
}

/** An entry stands where its value does, if that has a line of its own: that line changes, and who changed it is asked of it. */
export function placeOfValue(entry: Place, value: Place | undefined): Place {
  if (!value || value.source !== entry.source) return entry;
  return lineAt(entry.source, entry.start) === lineAt(value.source, value.start) ? entry : value;
}

function listOf(entry: Entry, label: string, context: BlockContext): readonly Node[] | undefined {
  if (entry.value.is === "list") return entry.value.items;
  context.tell({
    code: "wrong-type",
    severity: "error",
    message: `\`${entry.key}\` of ${inSentence(context.subject)} must be a list, not ${describeNode(entry.value)}.`,
    remedy: `Write each entry as \`- ${label}: NAME\` with \`value: ...\` on the next line.`,
    place: entry.value.place,
  });
  return undefined;
}

function isGroupLink(item: Node, label: string): boolean {
  return label === "key" && item.is === "map" && item.entries.has("fromGroup") && !item.entries.has("key");
}

function readGroupLink(item: Node, context: BlockContext): { name: string; place: Place } | undefined {
  const node = memberOf(item, "fromGroup");
  const name = textOf(node);
  const entries = item.is === "map" ? [...item.entries.values()] : [];
  const other = entries.find((entry) => entry.key !== "fromGroup");
  if (name !== undefined && name !== "" && !other && !context.inGroup)
    return { name, place: node?.place ?? item.place };
  context.tell({
    code: context.inGroup ? "group-reference" : other ? "unknown-key" : "wrong-type",
    severity: "error",
    message: context.inGroup
      ? `${context.subject} links another group; groups cannot.`
      : other
        ? `A \`fromGroup\` entry of ${inSentence(context.subject)} holds nothing else, so \`${other.key}\` cannot stand here.`
        : `\`fromGroup\` of ${inSentence(context.subject)} must be the name of a group.`,
    remedy: context.inGroup
      ? "Link both groups from the services."
      : "Write `- fromGroup: NAME` alone; it links the whole group.",
    place: other?.keyPlace ?? keyPlaceOf(item, "fromGroup"),
  });
  return undefined;
}

function readLabel(
  item: Node,
  label: "key" | "name",
  list: string,
  context: BlockContext,
): { text: string; place: Place } | undefined {
  const node = memberOf(item, label);
  const text = textOf(node);
  if (text !== undefined && isUsable(text, label)) return { text, place: node?.place ?? item.place };
  const bad = text !== undefined && text !== "";
  context.tell({
    code: bad ? "name-not-allowed" : item.is === "map" ? "missing-key" : "wrong-type",
    severity: "error",
    message: bad
      ? `${JSON.stringify(text.slice(0, 80))} cannot be the ${label} of an entry of \`${list}\`.`
      : `An entry of \`${list}\` of ${inSentence(context.subject)} lacks \`${label}\`.`,
    remedy: bad ? nameRule(label) : remedyForLabel(item, label),
    place: node?.place ?? item.place,
  });
  return undefined;
}

/**
 * Whether a name can be used. A variable of another name could not be set in a shell; the name of a file must not
 * lead out of its folder.
 */
function isUsable(text: string, label: "key" | "name"): boolean {
  if (text === "" || text === "__proto__" || text.length > 512 || hasControl(text)) return false;
  return label === "key" ? !/[\s=]/.test(text) : !/[/\\]/.test(text) && text !== "." && text !== "..";
}

function nameRule(label: "key" | "name"): string {
  return label === "key"
    ? "Use letters, digits and underscores; no spaces, no equals sign."
    : "Use a plain file name; Render puts it under /etc/secrets.";
}

function remedyForLabel(item: Node, label: string): string {
  // The name alone: what stands behind it may be a secret.
  const named = item.is === "scalar" ? /^([A-Z_][A-Z0-9_]*)=/u.exec(item.text)?.[1] : undefined;
  if (named !== undefined) return `Write \`- ${label}: ${named}\` with \`value: ...\` on the next line.`;
  const first = item.is === "map" ? [...item.entries.values()][0] : undefined;
  const keys = item.is === "map" ? [...item.entries.keys()] : [];
  const misspelt = keys.find((key) => /^(?:key|name)$/iu.test(key));
  if (misspelt !== undefined) return `Did you mean \`${label}\`? The entry has \`${misspelt}\`.`;
  if (
    first &&
    item.is === "map" &&
    item.entries.size === 1 &&
    first.value.is === "scalar" &&
    /^[A-Z][A-Z0-9_]*$/.test(first.key)
  ) {
    return `Write \`- ${label}: ${first.key}\` with \`value: ...\` on the next line.`;
  }
  return `Add \`${label}\`.`;
}

/** Tells that two entries of a list have the same key. */
export function tellDuplicate(list: string, key: string, place: Place, context: BlockContext): void {
  context.tell({
    code: "duplicate-entry",
    severity: "warning",
    message: `${key} is in \`${list}\` of ${inSentence(context.subject)} more than once; the last one counts, as on Render.`,
    remedy: "Remove the others.",
    place,
  });
}
