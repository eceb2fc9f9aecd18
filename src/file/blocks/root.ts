import {
  defaultSettings,
  type Freeze,
  type GuardSettings,
  type Settings,
  type StateSettings,
} from "../../core/model/desired.ts";
import { refuseCron } from "../../core/base/cron.ts";
import { canonical, type Json, type JsonObject } from "../../core/base/json.ts";
import { readConsents, type ConsentReading } from "./consents.ts";
import { consentKeys } from "../shape/consents-schema.ts";
import { readLists } from "./block.ts";
import { type FileContext, forBlock } from "../base/context.ts";
import type { Draft } from "../base/draft.ts";
import { applyLegacy, rootLegacy } from "../shape/legacy.ts";
import {
  describeNode,
  isNull,
  memberOf,
  textOf,
  toJson,
  type Entry,
  type MapNode,
  type Node,
} from "../base/node.ts";
import type { Remark, Tell } from "../base/remark.ts";
import { rendercadSelf, rootKeys } from "../shape/settings-schema.ts";
import type { Place } from "../base/source.ts";
import { spell } from "../shape/spelling.ts";
import { suggestKey } from "../base/suggest.ts";

/** What one file says: its blocks, and the settings at its root with their places. */
export type FileReading = {
  readonly consents: ConsentReading;
  readonly drafts: readonly Draft[];
  readonly settings: ReadonlyMap<string, { readonly value: Json; readonly place: Place }>;
};

/**
 * Lists of the resources that Blueprints have. They stand at the root, and under `ungrouped` for resources in no
 * environment.
 */
const ungroupedLists = ["services", "databases", "envVarGroups", "buildSources"];

/** Reads a whole file. */
export function readRoot(node: Node, context: FileContext): FileReading {
  if (node.is !== "map") {
    context.tell({
      code: "root-not-mapping",
      severity: "error",
      message: `The file must be a mapping with keys like \`services\`, not ${describeNode(node)}.`,
      remedy: "Start it with `services:` and put the services below.",
      place: node.place,
    });
    return { drafts: [], settings: new Map(), consents: { moved: [], removed: [] } };
  }
  const root = applyLegacy(node, rootLegacy, context.tell);
  const lists = rootLists(context);
  const settings = new Map<string, { value: Json; place: Place }>();
  for (const entry of root.entries.values()) {
    const own = Object.hasOwn(rootKeys, entry.key) ? rootKeys[entry.key] : undefined;
    if (Object.hasOwn(consentKeys, entry.key)) continue;
    if (own) readSetting(entry, own, settings, context);
    else if (isExtension(entry.key) || entry.key === "rendercad") context.tellOurs(entry.keyPlace, entry.key);
    else if (!lists.includes(entry.key) && entry.key !== "ungrouped") tellUnknown(entry, lists, context.tell);
    else if (isOurs(entry.key, context)) context.tellOurs(entry.keyPlace, entry.key);
  }
  return {
    drafts: [
      ...readLists(root, lists, {}, context),
      ...readUngrouped(memberOf(root, "ungrouped"), context),
      ...readRendercad(memberOf(root, "rendercad"), settings, context),
    ],
    settings,
    consents: readConsents(root, context),
  };
}

/**
 * Whether a key of the root is an extension, `x-...`. It holds anchors for the rest of the file, as in a compose
 * file, and is not read itself.
 */
function isExtension(key: string): boolean {
  return key.startsWith("x-");
}

/** The keys of the root that hold blocks, in the order of the kinds. */
function rootLists(context: FileContext): readonly string[] {
  const lists = context.kinds.flatMap((kind) =>
    kind.shapes
      .filter((shape) => shape.inside === undefined && !shape.list.includes("."))
      .map((shape) => shape.list),
  );
  return [...new Set(lists)];
}

function isOurs(list: string, context: FileContext): boolean {
  return context.kinds.some((kind) => kind.shapes.some((shape) => shape.list === list && shape.ours));
}

function readSetting(
  entry: Entry,
  own: { readonly schema: JsonObject; readonly ours: boolean; readonly noApi?: true },
  settings: Map<string, { value: Json; place: Place }>,
  context: FileContext,
): void {
  if (own.ours) context.tellOurs(entry.keyPlace, entry.key);
  if (isNull(entry.value)) return;
  const block = forBlock(context, `\`${entry.key}\``);
  const node = spell(entry.value, own.schema, { key: entry.key, loose: undefined }, block);
  const value = toJson(node);
  if (!context.checker.check(`root ${entry.key}`, () => own.schema, value, node, block)) return;
  settings.set(entry.key, { value, place: entry.keyPlace });
  if (entry.key === "settings") tellFreezes(memberOf(node, "freeze"), context.tell);
  if (!own.noApi) return;
  context.tell({
    code: "no-api",
    severity: "warning",
    message: `\`${entry.key}\` at the root has no API; it is kept for Blueprints only.`,
    remedy: "Nothing to do: trueup reads it and changes nothing because of it.",
    place: entry.keyPlace,
    fold: `root ${entry.key}`,
  });
}

/** A freeze that never comes would hold nothing back, and nobody would know. */
function tellFreezes(freezes: Node | undefined, tell: Tell): void {
  for (const [index, item] of (freezes?.is === "list" ? freezes.items : []).entries()) {
    const cron = memberOf(item, "cron");
    const why = refuseCron(textOf(cron) ?? "");
    if (cron === undefined || why === undefined) continue;
    tell({
      code: "freeze-cron",
      severity: "error",
      message: `\`settings.freeze[${index}].cron\` ${why}.`,
      remedy: 'Write five fields, as in "0 18 * * 5" (Fridays at 18:00, UTC).',
      place: cron.place,
    });
  }
}

function tellUnknown(entry: Entry, lists: readonly string[], tell: Tell): void {
  const known = (): readonly string[] => [
    ...lists,
    "ungrouped",
    "rendercad",
    ...Object.keys(consentKeys),
    ...Object.keys(rootKeys),
  ];
  tell({
    code: "unknown-key",
    severity: "error",
    message: `The root of the file has the unknown key \`${entry.key}\`.`,
    remedy: () => suggestKey(entry.key, known(), "root") ?? `Known keys: ${known().join(", ")}.`,
    place: entry.keyPlace,
  });
}

function readUngrouped(node: Node | undefined, context: FileContext): readonly Draft[] {
  const map = readMap(node, "ungrouped", ungroupedLists, context);
  return map ? readLists(map, ungroupedLists, { environment: null }, context) : [];
}

function readRendercad(
  node: Node | undefined,
  settings: Map<string, { value: Json; place: Place }>,
  context: FileContext,
): readonly Draft[] {
  const lists = context.kinds
    .flatMap((kind) => kind.shapes.map((shape) => shape.list))
    .filter((list) => list.startsWith("rendercad."));
  const keys = [...lists.map((list) => list.replace("rendercad.", "")), "self"];
  const map = readMap(node, "rendercad", keys, context);
  if (!map) return [];
  const self = map.entries.get("self");
  if (
    self &&
    context.checker.check("rendercad.self", () => rendercadSelf, toJson(self.value), self.value, {
      ...context,
      subject: "`rendercad.self`",
    })
  ) {
    settings.set("rendercad.self", { value: textOf(self.value) ?? null, place: self.keyPlace });
  }
  // Kinds say where their blocks stand by the full path of the list, `rendercad.tokens`.
  const entries = new Map([...map.entries.values()].map((entry) => [`rendercad.${entry.key}`, entry]));
  return readLists({ ...map, entries }, lists, {}, context);
}

function readMap(
  node: Node | undefined,
  key: string,
  known: readonly string[],
  context: FileContext,
): MapNode | undefined {
  if (!node || isNull(node)) return undefined;
  const place = node.place;
  if (node.is !== "map") {
    const remedy = `Its keys are ${known.join(", ")}.`;
    context.tell({
      code: "wrong-type",
      severity: "error",
      message: `\`${key}\` must be a mapping, not ${describeNode(node)}.`,
      remedy,
      place,
    });
    return undefined;
  }
  for (const entry of node.entries.values()) {
    if (known.includes(entry.key)) continue;
    context.tell({
      code: "unknown-key",
      severity: "error",
      message: `\`${key}\` has the unknown key \`${entry.key}\`.`,
      remedy: () => suggestKey(entry.key, known, key) ?? `Known keys: ${known.join(", ")}.`,
      place: entry.keyPlace,
    });
  }
  return node;
}

/** The settings of all files together. Two files that disagree are an error. */
export function joinSettings(readings: readonly FileReading[], tell: (remark: Remark) => void): Settings {
  const joined = new Map<string, { value: Json; place: Place }>();
  for (const [key, next] of readings.flatMap((reading) => [...reading.settings])) {
    const before = joined.get(key);
    joined.set(key, next);
    if (
      !before ||
      canonical(before.value) === canonical(next.value) ||
      key === "version" ||
      key === "previews"
    )
      continue;
    tell({
      code: "settings-conflict",
      severity: "error",
      message: `\`${key}\` is said in ${before.place.source.name} and in ${next.place.source.name}, and the two differ.`,
      remedy: "Say it in one file.",
      place: next.place,
    });
  }
  return settingsOf(joined);
}

type ReadSettings = {
  readonly guards?: { readonly maxDeletes?: number; readonly maxDeleteShare?: number };
  readonly reserve?: { readonly [budget: string]: number };
  readonly freeze?: readonly { readonly cron: string; readonly duration: string }[];
  readonly secretKeys?: readonly string[];
  readonly publicKeys?: readonly string[];
};

function settingsOf(joined: ReadonlyMap<string, { readonly value: Json }>): Settings {
  const read = (joined.get("settings")?.value ?? {}) as ReadSettings;
  const workspace = joined.get("workspace")?.value;
  const repository = joined.get("repository")?.value;
  const state = joined.get("state")?.value as StateSettings | undefined;
  const rendercadSelf = joined.get("rendercad.self")?.value;
  const { maxDeletes, maxDeleteShare } = read.guards ?? {};
  const freeze = read.freeze?.map(readFreeze);
  const guards: GuardSettings = {
    ...(maxDeletes !== undefined && { maxDeletes }),
    ...(maxDeleteShare !== undefined && { maxDeleteShare }),
    ...(freeze && { freeze }),
    ...(read.secretKeys && { secretKeys: read.secretKeys }),
    ...(read.publicKeys && { publicKeys: read.publicKeys }),
  };
  return {
    ...(Object.keys(guards).length > 0 && { guards }),
    ...(typeof workspace === "string" && { workspace }),
    ...(typeof repository === "string" && { repository }),
    ...(state !== undefined && { state }),
    ...(typeof rendercadSelf === "string" && { rendercadSelf }),
    maxDeletes: maxDeletes ?? defaultSettings.maxDeletes,
    maxDeleteShare: maxDeleteShare ?? defaultSettings.maxDeleteShare,
    reserve: read.reserve ?? defaultSettings.reserve,
    ...(freeze && { freeze }),
  };
}

const units: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readFreeze({ cron, duration }: { readonly cron: string; readonly duration: string }): Freeze {
  return { cron, duration: Number(duration.slice(0, -1)) * (units[duration.slice(-1)] ?? 0) };
}
