import { closest } from "../../core/base/text.ts";
import { matchesAny } from "../../core/base/glob.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Lag } from "./lag.ts";
import type { Random } from "./random.ts";

/** Faults of a list whose answer looks right. */
const listFaults = ["short-page", "repeated-cursor", "stale-list"] as const;
/** One of `listFaults`. */
export type ListFault = (typeof listFaults)[number];

/**
 * Faults of a call. `slow` answers after ten seconds of clock time. `reset-before` breaks the connection and does
 * nothing. `drop-after-commit` does the call and breaks the connection; `timeout` does it and never answers;
 * `500-after-commit` and its like do it and answer that it failed. `truncated-json` and `html` answer with a body
 * that is not JSON.
 */
const faultNames = [
  "402",
  "429",
  "500",
  "503",
  "slow",
  "reset-before",
  "drop-after-commit",
  "500-after-commit",
  "502-after-commit",
  "503-after-commit",
  "504-after-commit",
  "truncated-json",
  "html",
  "timeout",
  ...listFaults,
] as const;
/** One of `faultNames`. */
export type FaultName = (typeof faultNames)[number];

/**
 * One rule of `--faults`. With a number it hits the call of that number among those that it fits; without, it hits by
 * chance.
 */
type FaultRule = {
  readonly fault: FaultName;
  readonly probability: number;
  readonly method: string | undefined;
  /** A glob (core/base/glob.ts) over paths. */
  readonly path: string | undefined;
  readonly nth: number | undefined;
};

/**
 * A rule by which lists lag all the time. `created`: objects that were made do not show yet; `deleted`: objects that
 * are gone still show. Each path lags by a time between `least` and `most` milliseconds, which is drawn once.
 */
type LagRule = {
  readonly what: keyof Lag;
  readonly least: number;
  readonly most: number;
  readonly path: string | undefined;
};

/** The faults of a simulator. */
export type Faults = {
  /** The fault of a call, if it has one. The call is counted for every rule that it fits. */
  draw(method: string, path: string): FaultName | undefined;
  /** How far the list at a path lags; `undefined`: it does not. */
  lagOf(path: string): Lag | undefined;
  /** The longest time, in milliseconds, that any list lags. */
  longestLag(): number;
  change(specification: string): void;
};

/** The faults that the rules of a `--faults` text describe. Throws an `Error` where the text is wrong. */
export function makeFaults(specification: string, random: Random): Faults {
  let rules = countedRules(specification);
  let lags = parseLags(specification);
  let drawn = new Map<string, number>();
  const drawLag = (path: string, rule: LagRule): number => {
    const place = `${lags.indexOf(rule)} ${path.replaceAll(/[a-z]{3}-[0-9a-v]{20}(-a)?/gu, "*")}`;
    const known = drawn.get(place) ?? rule.least + Math.floor(random.next() * (rule.most - rule.least));
    drawn.set(place, known);
    return known;
  };
  const lagOf = (path: string): Lag | undefined => {
    const of = (what: LagRule["what"]): number =>
      lags
        .filter((rule) => rule.what === what && fitsLag(rule, path))
        .reduce((longest, rule) => Math.max(longest, drawLag(path, rule)), 0);
    const lag = { created: of("created"), deleted: of("deleted") };
    return lag.created > 0 || lag.deleted > 0 ? lag : undefined;
  };
  return {
    lagOf,
    longestLag: () => lags.reduce((longest, { most }) => Math.max(longest, most), 0),
    draw(method, path) {
      let hit: FaultName | undefined;
      for (const counted of rules) {
        if (!fitsRule(counted.rule, method, path)) continue;
        counted.calls += 1;
        if (hit === undefined && hits(counted.rule, counted.calls, random)) hit = counted.rule.fault;
      }
      return hit;
    },
    change(changed) {
      rules = countedRules(changed);
      lags = parseLags(changed);
      drawn = new Map();
    },
  };
}

/** Whether a fault is one of a list. */
export function isListFault(fault: FaultName | undefined): fault is ListFault {
  return listFaults.some((name) => name === fault);
}

/**
 * Parses rules with commas between, each `FAULT[:PROBABILITY][@[METHOD ]PATH][#N]`: `429:0.05`, `500@POST /services`,
 * `drop-after-commit@POST /services*#2`, `timeout#7`. Paths are below the base of the API. Rules that make lists lag
 * are `lag:SECONDS[-SECONDS][@PATH]` and `lag-deletes:...`.
 */
function parseFaults(specification: string): FaultRule[] {
  return splitRules(specification)
    .filter((rule) => !isLag(rule))
    .map(parseRule);
}

function parseLags(specification: string): readonly LagRule[] {
  return splitRules(specification).filter(isLag).map(parseLag);
}

function splitRules(specification: string): string[] {
  return specification
    .split(",")
    .map((rule) => rule.trim())
    .filter((rule) => rule !== "");
}

function isLag(rule: string): boolean {
  return /^lag(?:-deletes)?(?:[:@]|$)/u.test(rule);
}

function parseLag(text: string): LagRule {
  const parts = /^lag(-deletes)?:(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?(?:@(?:GET )?(\/[^#]*))?$/u.exec(text);
  const least = Number(parts?.[2]) * 1_000;
  const most = parts?.[3] === undefined ? least : Number(parts[3]) * 1_000;
  if (!parts || !(least <= most))
    throw refuse(`"${text}" is not lag:SECONDS[-SECONDS][@PATH], as lag:60 or lag-deletes:0-90.`);
  return { what: parts[1] ? "deleted" : "created", least, most, path: parts[4] };
}

/**
 * Whether a list lags by a rule. Without a path the rule is for lists of objects; entries of one object (variables,
 * files, headers, routes) lag only where a path names them.
 */
function fitsLag(rule: LagRule, path: string): boolean {
  if (rule.path !== undefined) return matchesAny([rule.path], path);
  return !/\/(?:env-vars|secret-files|headers|routes)$/u.test(path);
}

function parseRule(text: string): FaultRule {
  const parts = /^([a-z0-9-]+)(?::([0-9.]+))?(?:@(?:([A-Z]+) )?([^#]+))?(?:#(\d+))?$/.exec(text);
  const fault = faultNames.find((name) => name === parts?.[1]);
  const probability = Number(parts?.[2] ?? 1);
  if (!parts || !fault || !(probability >= 0 && probability <= 1)) {
    const word = /^[^:@#]*/u.exec(text)?.[0] ?? "";
    const near = fault ? undefined : closest(word, [...faultNames, "lag", "lag-deletes"]);
    if (!fault)
      throw refuse(
        `There is no fault "${word}".`,
        near === undefined ? `Faults: ${faultNames.join(", ")}, lag, lag-deletes.` : `Did you mean ${near}?`,
      );
    throw refuse(`"${text}" is not FAULT[:PROBABILITY][@[METHOD ]PATH][#N], with a probability from 0 to 1.`);
  }
  const nth = parts[5] === undefined ? undefined : Number(parts[5]);
  return { fault, probability, method: parts[3], path: parts[4], nth };
}

function countedRules(specification: string): { rule: FaultRule; calls: number }[] {
  return parseFaults(specification).map((rule) => ({ rule, calls: 0 }));
}

function fitsRule(rule: FaultRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method !== method) return false;
  return rule.path === undefined || matchesAny([rule.path], path);
}

function hits(rule: FaultRule, calls: number, random: Random): boolean {
  if (rule.nth !== undefined && rule.nth !== calls) return false;
  return rule.probability >= 1 || random.next() < rule.probability;
}

function refuse(
  message: string,
  remedy = "Write it as in 429:0.05, 500@POST /services#2 or lag:0-90@/services.",
): ProblemError {
  return new ProblemError([problem("error", "sim-faults", `--faults: ${message}`, remedy)]);
}
