import { matchesAny } from "../../core/base/glob.ts";
import type { Lag } from "./lag.ts";
import type { Random } from "./random.ts";

/** What can go wrong with a list and still look right. */
const listFaults = ["short-page", "repeated-cursor", "stale-list"] as const;
export type ListFault = (typeof listFaults)[number];

/**
 * What can go wrong with a call. `slow` answers after ten seconds of clock time; `reset-before` breaks the connection with
 * nothing done, `drop-after-commit` with everything done; `timeout` does it and never answers; `500-after-commit` and its like
 * do it and answer that it failed; `truncated-json` and `html` answer what is not JSON.
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
export type FaultName = (typeof faultNames)[number];

/** One rule of `--faults`. A rule with a number hits that one of the calls it fits, a rule without hits by chance. */
type FaultRule = {
  readonly fault: FaultName;
  readonly probability: number;
  readonly method: string | undefined;
  /** A glob of `core/glob.ts`. */
  readonly path: string | undefined;
  readonly nth: number | undefined;
};

/**
 * What goes wrong all the time: lists lag. `created`: what was made is not shown yet, `deleted`: what is gone is still shown,
 * each for `least` to `most` milliseconds, drawn once for each path.
 */
type LagRule = {
  readonly what: keyof Lag;
  readonly least: number;
  readonly most: number;
  readonly path: string | undefined;
};

export type Faults = {
  /** The fault of this call, if any. Counts the call for every rule it fits. */
  draw(method: string, path: string): FaultName | undefined;
  /** How old what a list at this path shows is; `undefined`: it lags by nothing. */
  lagOf(path: string): Lag | undefined;
  /** The longest that any list lags. */
  longestLag(): number;
  change(specification: string): void;
};

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

export function isListFault(fault: FaultName | undefined): fault is ListFault {
  return listFaults.some((name) => name === fault);
}

/**
 * Rules joined by commas, each `FAULT[:PROBABILITY][@[METHOD ]PATH][#N]`: `429:0.05`, `500@POST /services`,
 * `drop-after-commit@POST /services*#2`, `timeout#7`. Paths are below the API's base. Lists lag by rules of their own:
 * `lag:SECONDS[-SECONDS][@PATH]`, `lag-deletes:...`.
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
    throw new Error(`--faults: "${text}" is not lag:SECONDS[-SECONDS][@PATH], as lag:60 or lag-deletes:0-90`);
  return { what: parts[1] ? "deleted" : "created", least, most, path: parts[4] };
}

/** Without a path, lists of objects lag; the entries of one (variables, files, headers, routes) only where a path names them. */
function fitsLag(rule: LagRule, path: string): boolean {
  if (rule.path !== undefined) return matchesAny([rule.path], path);
  return !/\/(?:env-vars|secret-files|headers|routes)$/u.test(path);
}

function parseRule(text: string): FaultRule {
  const parts = /^([a-z0-9-]+)(?::([0-9.]+))?(?:@(?:([A-Z]+) )?([^#]+))?(?:#(\d+))?$/.exec(text);
  const fault = faultNames.find((name) => name === parts?.[1]);
  const probability = Number(parts?.[2] ?? 1);
  if (!parts || !fault || !(probability >= 0 && probability <= 1)) {
    throw new Error(
      `--faults: "${text}" is not FAULT[:PROBABILITY][@[METHOD ]PATH][#N] with a fault of ${faultNames.join(", ")}`,
    );
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
