import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Alias,
  type Document,
  type Node as YamlNode,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Entry, MapNode, Node } from "./node.ts";
import type { Remark, Tell } from "./remark.ts";
import { describeSyntaxError } from "./syntax-errors.ts";
import { findTemplate } from "./template.ts";
import type { OpenSource, Place } from "./source.ts";

/** Render refuses larger Blueprints (documented). */
const maxLength = 10 * 1024 * 1024;
const maxDepth = 64;
/** Nodes that aliases may add to what is written; a file that needs more is not meant to be read. */
const maxAliasWeight = 100_000;
const maxSyntaxErrors = 20;
/** So many brackets in a row are meant to keep a reader busy: the library's time grows faster than their number. */
const manyBrackets = /(?:[[{]\s*){200}/u;

/** YAML 1.2 core, one document. `undefined`: the file has a syntax error or holds nothing, and it was told. */
export function parseSource(source: OpenSource, tell: Tell): Node | undefined {
  if (source.text.length > maxLength) {
    tell({
      code: "file-too-large",
      severity: "error",
      message: `${source.name} is larger than 10 MB.`,
      remedy: "Split it into several files and pass each with -f.",
      place: { source, start: 0, end: 0 },
    });
    return undefined;
  }
  const brackets = manyBrackets.exec(source.text);
  if (brackets) {
    tell(tooDeep({ source, start: brackets.index, end: brackets.index }));
    return undefined;
  }
  const remarks: Remark[] = [];
  const root = readNode(source, (remark) => remarks.push(remark));
  const template = findTemplate(source.text);
  if (template && (!root || template.certain)) {
    tell({
      code: "template-file",
      severity: "error",
      message: `${source.name} is a ${template.language} template, not a finished YAML file.`,
      remedy: "Render the template first and point trueup at the result.",
      place: { source, start: template.start, end: template.start },
    });
    return undefined;
  }
  for (const remark of remarks) tell(remark);
  return root;
}

function readNode(source: OpenSource, tell: Tell): Node | undefined {
  const start: Place = { source, start: 0, end: 0 };
  const document = readDocument(source, tell);
  if (!document) return undefined;
  for (const error of document.errors.slice(0, maxSyntaxErrors)) tell(describeSyntaxError(error, source));
  if (document.errors.length > 0) return undefined;
  const { directives, contents } = document;
  if (directives.yaml.explicit && directives.yaml.version !== "1.2") {
    tell({
      code: "yaml-version",
      severity: "error",
      message: `The file asks for YAML ${directives.yaml.version}; Blueprints are YAML 1.2.`,
      remedy: "Remove the %YAML line.",
      place: start,
    });
    return undefined;
  }
  if (!contents) return { is: "map", entries: new Map(), place: start, weight: 1 };
  return new Converter(source, tell).convertRoot(contents);
}

function readDocument(source: OpenSource, tell: Tell): Document.Parsed | undefined {
  try {
    // `uniqueKeys` would compare every key with every other; the converter finds duplicates with a map.
    return parseDocument(source.text, {
      version: "1.2",
      schema: "core",
      uniqueKeys: false,
      prettyErrors: false,
      // At "silent" the library would not even report several documents; it prints nothing here.
      logLevel: "error",
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    tell(tooDeep({ source, start: 0, end: 0 }));
    return undefined;
  }
}

function tooDeep(place: Place) {
  return {
    code: "yaml-too-deep",
    severity: "error",
    message: `The file is nested more than ${maxDepth} levels deep.`,
    remedy: "Nothing in this format needs that; remove the nesting.",
    place,
  } as const;
}

/** Turns the YAML library's tree into ours, once; it lives as long as the conversion of one document. */
class Converter {
  readonly #source: OpenSource;
  readonly #tell: Tell;
  readonly #anchors = new Map<string, Node | "open">();
  #aliasWeight = 0;
  #failed = false;

  constructor(source: OpenSource, tell: Tell) {
    this.#source = source;
    this.#tell = tell;
  }

  convertRoot(contents: YamlNode): Node | undefined {
    const node = this.#convert(contents, 0);
    return this.#failed ? undefined : node;
  }

  #convert(yaml: YamlNode | null, depth: number, fallback = 0): Node {
    const place = this.#placeOf(yaml, fallback);
    if (this.#failed) return { is: "scalar", value: null, text: "", place, weight: 1 };
    if (depth > maxDepth) {
      this.#failed = true;
      this.#tell(tooDeep(place));
      return { is: "scalar", value: null, text: "", place, weight: 1 };
    }
    if (yaml === null) return { is: "scalar", value: null, text: "", place, weight: 1 };
    if (isAlias(yaml)) return this.#convertAlias(yaml, place);
    const anchor = isScalar(yaml) || isMap(yaml) || isSeq(yaml) ? yaml.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, "open");
    const node = this.#convertContent(yaml, place, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #convertContent(yaml: YamlNode, place: Place, depth: number): Node {
    if (isScalar(yaml)) return this.#convertScalar(yaml, place);
    if (isSeq(yaml)) return this.#convertList(yaml, place, depth);
    if (isMap(yaml)) return this.#convertMap(yaml, place, depth);
    throw new Error(`unexpected node in ${this.#source.name}`);
  }

  #convertScalar(yaml: Scalar, place: Place): Node {
    const value: unknown = yaml.value;
    const text = yaml.source ?? "";
    if (value === null || value === undefined) return { is: "scalar", value: null, text, place, weight: 1 };
    if (typeof value === "boolean" || typeof value === "string") {
      return { is: "scalar", value, text: typeof value === "string" ? value : text, place, weight: 1 };
    }
    // `.inf` and `.nan` are no JSON; nobody means them, so they stay the text that was written.
    const number = typeof value === "number" && Number.isFinite(value) ? value : text;
    return { is: "scalar", value: number, text, place, weight: 1 };
  }

  #convertList(yaml: YAMLSeq, place: Place, depth: number): Node {
    const items = yaml.items.map((item) => this.#convert(item as YamlNode | null, depth + 1, place.start));
    return { is: "list", items, place, weight: weigh(items) };
  }

  #convertMap(yaml: YAMLMap, place: Place, depth: number): Node {
    const own = new Map<string, Entry>();
    const merged: MapNode[] = [];
    for (const pair of yaml.items as readonly Pair<YamlNode, YamlNode | null>[]) {
      const keyPlace = this.#placeOf(pair.key, place.start);
      const key = this.#readKey(pair.key, keyPlace);
      if (key === undefined) continue;
      const value = this.#convert(pair.value, depth + 1, keyPlace.end);
      if (key === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") {
        merged.push(...this.#readMerge(value));
        continue;
      }
      if (own.has(key)) this.#tellDuplicate(key, keyPlace);
      else own.set(key, { key, keyPlace, value });
    }
    // Earlier merges win over later ones, the map's own keys over all.
    for (const map of merged)
      for (const entry of map.entries.values()) if (!own.has(entry.key)) own.set(entry.key, entry);
    return { is: "map", entries: own, place, weight: weigh([...own.values()].map((entry) => entry.value)) };
  }

  #readKey(key: YamlNode, place: Place): string | undefined {
    if (isScalar(key) && !(key.value === null && key.source === "")) return key.source ?? String(key.value);
    this.#failed = true;
    this.#tell({
      code: "yaml-key",
      severity: "error",
      message: "A key must be a plain word.",
      remedy: "Write the key as text; quote it if it holds special characters.",
      place,
    });
    return undefined;
  }

  #tellDuplicate(key: string, place: Place): void {
    this.#failed = true;
    this.#tell({
      code: "yaml-duplicate-key",
      severity: "error",
      message: `The key ${key} is here twice in one mapping.`,
      remedy: "Keep one of the two.",
      place,
    });
  }

  #readMerge(value: Node): readonly MapNode[] {
    const maps = value.is === "list" ? value.items : [value];
    const usable = maps.filter((map) => map.is === "map");
    if (usable.length < maps.length) {
      this.#failed = true;
      this.#tell({
        code: "yaml-merge",
        severity: "error",
        message: "`<<` merges mappings, and this is not one.",
        remedy: "Point it at an anchor of a mapping, as in `<<: *defaults`.",
        place: value.place,
      });
    }
    return usable;
  }

  #convertAlias(alias: Alias, place: Place): Node {
    const target = this.#anchors.get(alias.source);
    if (target !== undefined && target !== "open") {
      this.#aliasWeight += target.weight;
      if (this.#aliasWeight <= maxAliasWeight) return target;
    }
    if (!this.#failed) this.#tell({ severity: "error", place, ...aliasFault(alias.source, target) });
    this.#failed = true;
    return { is: "scalar", value: null, text: "", place, weight: 1 };
  }

  #placeOf(yaml: YamlNode | null, fallback: number): Place {
    const [start, end] = yaml?.range ?? [fallback, fallback];
    return { source: this.#source, start, end: Math.max(start, end) };
  }
}

function aliasFault(name: string, target: Node | "open" | undefined) {
  if (target === undefined) {
    return {
      code: "yaml-alias",
      message: `There is no anchor &${name} before this alias.`,
      remedy: "Define the anchor first, or correct its name.",
    } as const;
  }
  if (target === "open") {
    return {
      code: "yaml-alias",
      message: `The alias *${name} stands inside its own anchor.`,
      remedy: "Move the alias out of it.",
    } as const;
  }
  return {
    code: "yaml-alias",
    message: "Aliases repeat so much here that the file cannot be meant.",
    remedy: "Write the content out, or use fewer aliases.",
  } as const;
}

function weigh(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.weight, 1);
}
