import { isObject } from "../../src/core/base/json.ts";
import { Correspondence, idPattern, recordedOwner } from "./correspondence.ts";
import type { Exchange } from "./recordings.ts";

export type Answer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** Parsed; `null` when there is none. */
  readonly body: unknown;
};

/** `at` is `status`, `header.<name>`, or the place in the body with `[]` for every list item. */
export type Difference = { readonly at: string; readonly recorded: string; readonly ours: string };

export type Comparison = {
  readonly correspondence: Correspondence;
  /** Our id of the workspace that every recorded one stands for. */
  readonly owner: string;
};

/** Everything that differs: status, headers that callers act on, and the body by shape, order and determined values. */
export function compareAnswers(
  exchange: Exchange,
  ours: Answer,
  comparison: Comparison,
): readonly Difference[] {
  const found: Difference[] = [];
  const report = (at: string, recorded: unknown, actual: unknown): void => {
    found.push({ at, recorded: show(recorded), ours: show(actual) });
  };
  if (exchange.status !== ours.status) report("status", exchange.status, ours.status);
  for (const name of ["content-type", "ratelimit-limit"]) {
    if (exchange.headers[name] !== ours.headers[name])
      report(`header.${name}`, exchange.headers[name], ours.headers[name]);
  }
  compareReset(exchange, ours, report);
  compareValues(exchange.response, ours.body, {
    at: "body",
    field: "body",
    scope: exchange.path,
    comparison,
    report,
  });
  return found;
}

/**
 * Windows end with the minute or the hour of the clock. Ours is the time of the recorded answer, and the window was looked
 * up when the request came: up to 13 seconds before for a creation that clones a repository, 3 for anything else.
 */
function compareReset(exchange: Exchange, ours: Answer, report: Report): void {
  const recorded = Number(exchange.headers["ratelimit-reset"]);
  const actual = Number(ours.headers["ratelimit-reset"] ?? Number.NaN);
  const length = recorded > 60 || actual > 60 ? 3600 : 60;
  const apart = Math.abs(recorded - actual);
  const latency = exchange.method === "POST" && exchange.path === "/services" ? 14 : 4;
  if (!(Math.min(apart, length - apart) <= latency)) report("header.ratelimit-reset", recorded, actual);
}

type Report = (at: string, recorded: unknown, ours: unknown) => void;
type Place = {
  readonly at: string;
  /** Nearest key. */
  readonly field: string;
  /** Id of the nearest object that has one, else the path: times and passwords are compared within it. */
  readonly scope: string;
  readonly comparison: Comparison;
  readonly report: Report;
};

function compareValues(recorded: unknown, ours: unknown, place: Place): void {
  if (Array.isArray(recorded) && Array.isArray(ours)) return compareLists(recorded, ours, place);
  if (isObject(recorded) && isObject(ours)) return compareObjects(recorded, ours, place);
  const sameType = typeof recorded === typeof ours && (recorded === null) === (ours === null);
  if (!sameType || Array.isArray(recorded) !== Array.isArray(ours))
    return place.report(place.at, recorded, ours);
  if (rewritten.some((pattern) => pattern.test(place.at))) return;
  if (typeof recorded === "string" && typeof ours === "string") return compareTexts(recorded, ours, place);
  if (recorded !== ours) place.report(place.at, recorded, ours);
}

function compareLists(recorded: readonly unknown[], ours: readonly unknown[], place: Place): void {
  if (recorded.length !== ours.length) return place.report(place.at, recorded, ours);
  for (const [index, item] of recorded.entries())
    compareValues(item, ours[index], { ...place, at: `${place.at}[]` });
}

function compareObjects(recorded: JsonMap, ours: JsonMap, outer: Place): void {
  const place = typeof recorded["id"] === "string" ? { ...outer, scope: recorded["id"] } : outer;
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(ours)])) {
    const at = `${place.at}.${key}`;
    if (!(key in recorded) || !(key in ours)) place.report(at, recorded[key], ours[key]);
    else compareValues(recorded[key], ours[key], { ...place, at, field: key });
  }
}

type JsonMap = { readonly [key: string]: unknown };

/** What the recorder replaced by placeholders, and what the state of a git repository decides: the type is all we compare. */
const rewritten = [/\.owner\.(name|email)$/, /\.sshAddress$/, /\.commit\.(id|message|createdAt)$/];

/** Stands for every database's password, but not inside its connection strings. */
const placeholder = "thirtytwocharacterpasswooooooord";

function compareTexts(recorded: string, ours: string, place: Place): void {
  const { correspondence, owner } = place.comparison;
  const isName = place.field === "databaseName";
  const known = isName ? recorded : correspondence.translateNames(recorded);
  const expected = splitText(atProduction(known, owner), place);
  const actual = splitText(ours, place);
  const paired =
    expected.template === actual.template &&
    expected.parts.every((part, index) => {
      const other = actual.parts[index];
      if (other?.kind !== part.kind) return false;
      return (
        part.text === placeholder || correspondence.pair(scopeOf(part.kind, place), part.text, other.text)
      );
    });
  if (!paired) place.report(place.at, recorded, ours);
  else if (isName) correspondence.pair("database name", recorded, ours);
}

type Part = { readonly kind: string; readonly text: string };

/** A text without the parts that cannot be equal, and those parts in their order. */
function splitText(text: string, place: Place): { template: string; parts: readonly Part[] } {
  const parts: Part[] = [];
  let template = text;
  for (const { kind, pattern, field } of generated) {
    if (field && !field.test(place.at)) continue;
    template = template.replace(pattern, (match, ...groups) => {
      const part = kind === "id" ? String(groups[1]) : kind === "time" ? toMicroseconds(match) : match;
      parts.push({ kind, text: part });
      const role = kind === "id" ? `${String(groups[0])}-...${String(groups[2] ?? "")}` : kind;
      return kind === "time" ? `{${precisionOf(match)}}` : `{${role}}`;
    });
  }
  return { template, parts };
}

/** In this order: a cursor or a password might hold something that looks like a later one. */
const generated: readonly { kind: string; pattern: RegExp; field?: RegExp }[] = [
  { kind: "cursor", pattern: /^[\w-]{32}$/, field: /\.cursor$/ },
  { kind: "time", pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ },
  { kind: "id", pattern: idPattern },
  { kind: "slug suffix", pattern: /-[0-9a-z]{4}$/, field: /\.slug$/ },
  { kind: "database suffix", pattern: /_[0-9a-z]{4}$/, field: /\.databaseName$/ },
  { kind: "generated value", pattern: /^[A-Za-z0-9+/]{43}=$/ },
  { kind: "image digest", pattern: /sha256:[0-9a-f]{64}/ },
  { kind: "password", pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])/g },
  { kind: "address", pattern: /^\d+\.\d+\.\d+\.\d+$/, field: /\.ips\[\]$/ },
];

function scopeOf(kind: string, place: Place): string {
  return kind === "id" ? "id" : `${kind} ${place.scope}`;
}

/** Reads after a creation round its nanoseconds to microseconds (recorded), which makes one time of two texts. */
function toMicroseconds(time: string): string {
  const [seconds, fraction = ""] = time.slice(0, -1).split(".");
  const micros = Math.round(Number(`0.${fraction || "0"}`) * 1e6);
  return `${seconds}.${String(micros).padStart(6, "0")}`;
}

function precisionOf(time: string): string {
  const digits = time.slice(0, -1).split(".")[1]?.length ?? 0;
  return digits > 6 ? "nanoseconds" : "microseconds";
}

/** Some were recorded on staging or on a developer's machine, which have hosts and a port of their own. */
function atProduction(text: string, owner: string): string {
  return text
    .replace(recordedOwner, owner)
    .replace(
      /https?:\/\/dashboard\.(staging\.render\.com|render\.localhost:3000)/,
      "https://dashboard.render.com",
    )
    .replace(/\.(onrender-staging\.com|localhost\.onrender\.com:9443)/, ".onrender.com")
    .replace(
      /-keyvalue\.localhost\.render\.com(:6377| -p 6377)/,
      (_, port: string) => `-keyvalue.render.com${port.replace("6377", "6379")}`,
    );
}

function show(value: unknown): string {
  return value === undefined ? "(absent)" : JSON.stringify(value);
}
