import { matchesAny } from "../core/glob.ts";
import type { Random } from "./random.ts";

/** What can go wrong with a list and still look right. */
const listFaults = ["short-page", "repeated-cursor", "stale-list"] as const;
export type ListFault = (typeof listFaults)[number];

/**
 * What can go wrong with a call. `slow` answers after ten seconds of clock time; `reset-before` breaks the connection with
 * nothing done, `drop-after-commit` with everything done; `timeout` does it and never answers; `truncated-json` and `html`
 * answer what is not JSON.
 */
const faultNames = [
  "402",
  "429",
  "500",
  "503",
  "slow",
  "reset-before",
  "drop-after-commit",
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

export type Faults = {
  /** The fault of this call, if any. Counts the call for every rule it fits. */
  draw(method: string, path: string): FaultName | undefined;
  change(specification: string): void;
};

export function makeFaults(specification: string, random: Random): Faults {
  let rules = countedRules(specification);
  return {
    draw(method, path) {
      let drawn: FaultName | undefined;
      for (const counted of rules) {
        if (!fitsRule(counted.rule, method, path)) continue;
        counted.calls += 1;
        if (drawn === undefined && hits(counted.rule, counted.calls, random)) drawn = counted.rule.fault;
      }
      return drawn;
    },
    change(specification) {
      rules = countedRules(specification);
    },
  };
}

export function isListFault(fault: FaultName | undefined): fault is ListFault {
  return listFaults.some((name) => name === fault);
}

/**
 * Rules joined by commas, each `FAULT[:PROBABILITY][@[METHOD ]PATH][#N]`: `429:0.05`, `500@POST /services`,
 * `drop-after-commit@POST /services*#2`, `timeout#7`. Paths are below the API's base.
 */
function parseFaults(specification: string): FaultRule[] {
  return specification
    .split(",")
    .map((rule) => rule.trim())
    .filter((rule) => rule !== "")
    .map(parseRule);
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
