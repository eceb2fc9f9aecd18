import {
  isNull,
  keyPlaceOf,
  memberOf,
  textOf,
  type Entry,
  type MapNode,
  type Node,
  type ScalarNode,
} from "../base/node.ts";
import type { KindName } from "../../core/base/address.ts";
import type { JsonSchema } from "../../core/model/field.ts";
import { referredKinds } from "../base/reference-forms.ts";
import type { Remark, Tell } from "../base/remark.ts";

/**
 * A spelling that Render still accepts, by the place that it stands in. The old key is taken away, and what it says stands
 * under the key of today; after that the file is validated as if it had been written so. Where both are there, the one of
 * today counts.
 *
 * - `member`: the member of today's mapping that the old key means; absent, it means the whole key.
 * - `convert`: what the value says today. `undefined`: it is none of the old key's, so that the key stays, and validation
 *   says what is wrong with it.
 */
type LegacyRule = {
  readonly old: string;
  readonly becomes: string;
  readonly member?: string;
  readonly schema: JsonSchema;
  readonly convert: (value: Node, current: Node | undefined) => Node | undefined;
};

const asItIs = (value: Node): Node => value;
const asScalar = (value: Node): Node | undefined => (value.is === "scalar" ? value : undefined);
/** A boolean as one of two words. */
const asWord =
  (yes: string, no: string): LegacyRule["convert"] =>
  (value) =>
    isBoolean(value) ? textNode(value, value.value ? yes : no) : undefined;

const serviceLegacy: readonly LegacyRule[] = [
  {
    // Older than `runtime`; it stands in nearly half of the real files.
    old: "env",
    becomes: "runtime",
    schema: { type: "string", description: "Old name of `runtime`." },
    convert: asScalar,
  },
  {
    old: "autoDeploy",
    becomes: "autoDeployTrigger",
    schema: {
      type: "boolean",
      description: "Old form of `autoDeployTrigger`: true is `commit`, false is `off`.",
    },
    convert: asWord("commit", "off"),
  },
  {
    old: "pullRequestPreviewsEnabled",
    becomes: "previews",
    member: "generation",
    schema: { type: "boolean", description: "Old form of `previews.generation`." },
    convert: asWord("automatic", "off"),
  },
  {
    old: "previewPlan",
    becomes: "previews",
    member: "plan",
    schema: { type: "string", description: "Old form of `previews.plan`." },
    convert: asItIs,
  },
  {
    old: "domain",
    becomes: "domains",
    schema: { type: "string", description: "One custom domain; `domains` holds several." },
    convert: (value, current) => {
      if (value.is !== "scalar" || (current && current.is !== "list" && !isNull(current))) return undefined;
      const others = current?.is === "list" ? current.items : [];
      return { is: "list", items: [...others, value], place: value.place, weight: others.length + 2 };
    },
  },
  {
    old: "afterFirstDeployCommand",
    becomes: "initialDeployHook",
    schema: { type: "string", description: "Old name of `initialDeployHook`." },
    convert: asItIs,
  },
];

/** Old spellings at the root. */
export const rootLegacy: readonly LegacyRule[] = [
  {
    old: "previewsEnabled",
    becomes: "previews",
    member: "generation",
    schema: { type: "boolean", description: "Old form of `previews.generation`." },
    convert: asWord("automatic", "off"),
  },
  {
    old: "previewsExpireAfterDays",
    becomes: "previews",
    member: "expireAfterDays",
    schema: { type: "integer", minimum: 1, description: "Old form of `previews.expireAfterDays`." },
    convert: asItIs,
  },
];

/**
 * Shapes that have `previews` with a plan of their own. For Key Value and databases, `previewPlan` is still the right
 * key.
 */
const serverShapes = ["web", "pserv", "worker"];
const otherLegacy = serviceLegacy.filter(({ old }) => old !== "previewPlan");

/** Old spellings in a block of this kind and shape. */
export function legacyOf(kind: KindName, shape: string): readonly LegacyRule[] {
  if (kind !== referredKinds.service) return [];
  return serverShapes.includes(shape) ? serviceLegacy : otherLegacy;
}

/** A type under its name of today: `redis` is `keyvalue`. Both words stand in real files, also in references. */
export function normalType(type: string): string {
  return type === "redis" ? "keyvalue" : type;
}

/** Types that people write by mistake, with those that they mean. Render answers `unknown type` to them. */
export const inventedTypes: { readonly [invented: string]: string } = {
  static: "A static site is `type: web` with `runtime: static`.",
  static_site: "A static site is `type: web` with `runtime: static`.",
  web_service: "Did you mean `web`?",
  background_worker: "Did you mean `worker`?",
  private_service: "Did you mean `pserv`?",
  private: "Did you mean `pserv`?",
  cron_job: "Did you mean `cron`?",
  cronjob: "Did you mean `cron`?",
  key_value: "Did you mean `keyvalue`?",
  "key-value": "Did you mean `keyvalue`?",
  postgres: "Databases stand in `databases`, not in `services`.",
  postgresql: "Databases stand in `databases`, not in `services`.",
  database: "Databases stand in `databases`, not in `services`.",
};

/** A mapping with every old spelling replaced. One that disagrees with the spelling of today beside it is told. */
export function applyLegacy(map: MapNode, rules: readonly LegacyRule[], tell: Tell): MapNode {
  if (!rules.some(({ old }) => map.entries.has(old))) return map;
  const entries = new Map(map.entries);
  for (const rule of rules) {
    const old = entries.get(rule.old);
    if (!old) continue;
    const current = entries.get(rule.becomes);
    const value = replaceOld(rule, old, current?.value, tell);
    if (!value) continue;
    entries.delete(rule.old);
    entries.set(rule.becomes, {
      key: rule.becomes,
      keyPlace: current?.keyPlace ?? keyPlaceOf(map, rule.old),
      value,
    });
  }
  return { ...map, entries };
}

/** What stands under the key of today once the old one is taken away. */
function replaceOld(
  rule: LegacyRule,
  { value: old }: Entry,
  current: Node | undefined,
  tell: Tell,
): Node | undefined {
  const said = rule.convert(old, current);
  if (!said || said.is === "list") return said;
  const today = rule.member === undefined ? current : memberOf(current, rule.member);
  if (!today || (rule.member === undefined && isNull(today)))
    return rule.member === undefined ? said : withMember(current, old, rule.member, said);
  if (today.is === "scalar" && textOf(today) !== textOf(said)) tell(disagree(rule, old));
  return current;
}

function disagree({ old, becomes, member }: LegacyRule, node: Node): Remark {
  const today = member === undefined ? becomes : `${becomes}.${member}`;
  return {
    code: "legacy-conflict",
    severity: "warning",
    message: `\`${old}: ${textOf(node)}\` is the old form of \`${today}\` and disagrees with it; \`${today}\` counts.`,
    remedy: old === "env" ? "Remove `env`. Variables are called `envVars`." : `Remove \`${old}\`.`,
    place: node.place,
  };
}

function isBoolean(node: Node): node is ScalarNode & { readonly value: boolean } {
  return node.is === "scalar" && typeof node.value === "boolean";
}

function textNode(at: Node, text: string): ScalarNode {
  return { is: "scalar", value: text, text, place: at.place, weight: 1 };
}

function withMember(map: Node | undefined, at: Node, key: string, value: Node): MapNode | undefined {
  if (map && map.is !== "map" && !isNull(map)) return undefined;
  const entry: Entry = { key, keyPlace: at.place, value };
  const others = map?.is === "map" ? map.entries : new Map<string, Entry>();
  return {
    is: "map",
    entries: new Map([...others, [key, entry]]),
    place: map?.is === "map" ? map.place : at.place,
    weight: value.weight + 1,
  };
}
