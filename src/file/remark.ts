import { problem, type Problem, type Severity } from "../core/problem.ts";
import { drawFrame, maskText, type Masks } from "./frame.ts";
import { maskSecretShapes } from "./secrecy.ts";
import { whereOf, type Place } from "./source.ts";
import type { FileCode } from "./codes.ts";

/**
 * A problem before it has its frame. Remarks with one `fold` in one file become a single problem at the first place, which
 * says how many there are: a file with seventy unquoted booleans has one thing to tell, not seventy.
 */
export type Remark = {
  readonly code: FileCode;
  readonly severity: Severity;
  readonly message: string;
  /** A function where finding the words takes a search: it is called for the remarks that are shown. */
  readonly remedy: string | (() => string);
  readonly place: Place;
  readonly address?: string;
  readonly fold?: string;
};

export type Tell = (remark: Remark) => void;

/** Sorted by place, folded, framed. Only here do remarks become text with a piece of the file in it. */
export function settleRemarks(
  remarks: readonly Remark[],
  masksOf: (place: Place) => Masks,
  order: readonly string[],
): readonly Problem[] {
  const rank = new Map(order.map((name, index) => [name, index]));
  const sorted = [...remarks].sort(
    (a, b) =>
      (rank.get(a.place.source.name) ?? 0) - (rank.get(b.place.source.name) ?? 0) ||
      a.place.start - b.place.start ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
  const folded = new Map<string, { remark: Remark; count: number }>();
  for (const remark of sorted) {
    const key = foldKey(remark);
    const first = folded.get(key);
    if (first) first.count += remark.fold === undefined ? 0 : 1;
    else folded.set(key, { remark, count: 1 });
  }
  const settled = capPerFile([...folded.values()]);
  return settled.map(({ remark, count }) => settleOne(remark, count, masksOf(remark.place)));
}

/** More than anybody reads; a file with as many problems has one that the others follow from. */
const mostPerFile = 200;

/** Errors first come first: where a file has too many problems, notes and warnings give way. */
function capPerFile(
  all: readonly { readonly remark: Remark; readonly count: number }[],
): readonly { readonly remark: Remark; readonly count: number }[] {
  const kept = new Set<Remark>();
  const counts = new Map<string, number>();
  const byWeight = [...all].sort((a, b) => weightOf(a.remark) - weightOf(b.remark));
  for (const { remark } of byWeight) {
    const file = remark.place.source.name;
    const count = (counts.get(file) ?? 0) + 1;
    counts.set(file, count);
    if (count <= mostPerFile) kept.add(remark);
  }
  return all.filter(({ remark }) => kept.has(remark));
}

function weightOf(remark: Remark): number {
  return remark.severity === "error" ? 0 : remark.severity === "warning" ? 1 : 2;
}

/** The same remark about the same place is one: an anchor's content is read as often as it is used. */
function foldKey(remark: Remark): string {
  const { source, start } = remark.place;
  return remark.fold === undefined
    ? JSON.stringify([source.name, start, remark.code, remark.message])
    : JSON.stringify([source.name, remark.code, remark.fold]);
}

function settleOne(remark: Remark, count: number, masks: Masks): Problem {
  const others = count === 1 ? "" : ` (and ${count - 1} more in this file)`;
  const remedy = typeof remark.remedy === "string" ? remark.remedy : remark.remedy();
  // Keys and names can hold a secret that was pasted into the wrong place.
  const hide = (text: string): string => maskSecretShapes(text, maskText);
  return problem(remark.severity, remark.code, hide(`${remark.message}${others}`), hide(remedy), {
    where: whereOf(remark.place),
    address: remark.address,
    frame: drawFrame(remark.place, masks),
  });
}
