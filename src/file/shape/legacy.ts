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
import type { Tell } from "../base/remark.ts";

/**
 * A spelling that Render still accepts, by the place that it stands in. The rule takes the old key away and answers
 * with the entry that means the same today; after that the file is validated as if it had been written so.
 * `undefined`: the key stays, and validation says what is wrong with it.
 */
type LegacyRule = {
  readonly old: string;
  readonly becomes: string;
  readonly schema: JsonSchema;
  readonly convert: (value: Node, current: Node | undefined, tell: Tell) => Node | undefined;
};

const serviceLegacy: readonly LegacyRule[] = [
  {
    old: "env",
    becomes: "runtime",
    schema: { type: "string", description: "Old name of `runtime`." },
    // `env` is older than `runtime` and stands in nearly half of the real files. Where both are there, `runtime`
    // counts.
    convert: (value, current, tell) => {
      if (value.is !== "scalar") return undefined;
      if (current && textOf(current) !== textOf(value)) {
        tell({
          code: "legacy-conflict",
          severity: "warning",
          message: `\`env: ${value.text}\` is the old name of \`runtime\` and disagrees with it; \`runtime\` counts.`,
          remedy: "Remove `env`. Variables are called `envVars`.",
          place: value.place,
        });
      }
      return current ?? value;
    },
  },
  {
    old: "autoDeploy",
    becomes: "autoDeployTrigger",
    schema: {
      type: "boolean",
      description: "Old form of `autoDeployTrigger`: true is `commit`, false is `off`.",
    },
    convert: (value, current) =>
      current ?? (isBoolean(value) ? textNode(value, value.value ? "commit" : "off") : undefined),
  },
  {
    old: "pullRequestPreviewsEnabled",
    becomes: "previews",
    schema: { type: "boolean", description: "Old form of `previews.generation`." },
    convert: (value, current) => {
      if (!isBoolean(value)) return undefined;
      if (memberOf(current, "generation")) return current;
      return withMember(current, value, "generation", textNode(value, value.value ? "automatic" : "off"));
    },
  },
  {
    old: "previewPlan",
    becomes: "previews",
    schema: { type: "string", description: "Old form of `previews.plan`." },
    convert: (value, current) =>
      memberOf(current, "plan") ? current : withMember(current, value, "plan", value),
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
    convert: (value, current) => current ?? value,
  },
];

/** Old spellings at the root. */
export const rootLegacy: readonly LegacyRule[] = [
  {
    old: "previewsEnabled",
    becomes: "previews",
    schema: { type: "boolean", description: "Old form of `previews.generation`." },
    convert: (value, current) => {
      if (!isBoolean(value)) return undefined;
      if (memberOf(current, "generation")) return current;
      return withMember(current, value, "generation", textNode(value, value.value ? "automatic" : "off"));
    },
  },
  {
    old: "previewsExpireAfterDays",
    becomes: "previews",
    schema: { type: "integer", minimum: 1, description: "Old form of `previews.expireAfterDays`." },
    convert: (value, current) =>
      memberOf(current, "expireAfterDays") ? current : withMember(current, value, "expireAfterDays", value),
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

/** A mapping with every old spelling replaced; each is told. */
export function applyLegacy(map: MapNode, rules: readonly LegacyRule[], tell: Tell): MapNode {
  if (!rules.some(({ old }) => map.entries.has(old))) return map;
  const entries = new Map(map.entries);
  for (const rule of rules) {
    const old = entries.get(rule.old);
    if (!old) continue;
    const current = entries.get(rule.becomes);
    const value = rule.convert(old.value, current?.value, tell);
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
