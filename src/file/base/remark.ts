import { problem, type Problem, type Severity } from "../../core/base/problem.ts";
import { areasAround, drawFrame, maskText, type Masks, type Stretch } from "./frame.ts";
import { maskSecretShapes } from "./secrecy.ts";
import { whereOf, type OpenSource, type Place } from "./source.ts";
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

/** More than anybody reads; a file with as many problems has one that the others follow from. */
const mostPerFile = 200;
/** A collection is cut back when it has grown to this, so that a remark costs little more than being made. */
const mostWaiting = 4 * mostPerFile;

/** What must not be shown of a source, as far as it is in these areas. */
type FindMasks = (source: OpenSource, areas: readonly Stretch[]) => Masks;
type Counted = { readonly remark: Remark; readonly count: number };

/**
 * Takes the remarks of one reading and keeps those that can be among the first of their file and severity, and of those with
 * a `fold` the first and their number: a file can have a million faults. It lives until they are settled.
 */
export class RemarkCollector {
  readonly #single = new Map<string, Waiting>();
  readonly #folded = new Map<string, Counted>();

  readonly tell: Tell = (remark) => {
    if (remark.fold === undefined) this.#waitingOf(remark).add(remark);
    else this.#fold(remark, keyOf(remark));
  };

  /** Sorted by place, folded, framed. Only here do remarks become text with a piece of the file in it. */
  settle(masksOf: FindMasks, order: readonly string[]): readonly Problem[] {
    const all = [...this.kept().map((remark) => ({ remark, count: 1 })), ...this.#folded.values()];
    const rank = new Map(order.map((name, index) => [name, index]));
    const rankOf = ({ place }: Remark): number => rank.get(place.source.name) ?? 0;
    const sorted = all.sort(
      (a, b) => rankOf(a.remark) - rankOf(b.remark) || compareRemarks(a.remark, b.remark),
    );
    const shown = capPerFile(sorted);
    const masks = new Map<OpenSource, Masks>();
    for (const source of new Set(shown.map(({ remark }) => remark.place.source))) {
      const places = shown.map(({ remark }) => remark.place).filter((place) => place.source === source);
      masks.set(source, masksOf(source, areasAround(places)));
    }
    return shown.map(({ remark, count }) =>
      settleOne(remark, count, masks.get(remark.place.source) ?? "everything"),
    );
  }

  /** Those without a `fold`, sorted within file and severity. */
  kept(): readonly Remark[] {
    return [...this.#single.values()].flatMap((waiting) => waiting.sorted());
  }

  #waitingOf({ place, severity }: Remark): Waiting {
    const key = `${severity} ${place.source.name}`;
    const waiting = this.#single.get(key) ?? new Waiting();
    this.#single.set(key, waiting);
    return waiting;
  }

  #fold(remark: Remark, key: string): void {
    const before = this.#folded.get(key);
    const isFirst = !before || remark.place.start < before.remark.place.start;
    this.#folded.set(key, {
      remark: isFirst ? remark : before.remark,
      count: (before?.count ?? 0) + 1,
    });
  }
}

/** Remarks of one file and severity; beyond the most that are shown, the later ones are dropped. */
class Waiting {
  #remarks: readonly Remark[] = [];
  #added: Remark[] = [];
  /** Start of the last one that is shown, once there are enough. */
  #last = Infinity;

  add(remark: Remark): void {
    if (remark.place.start > this.#last) return;
    this.#added.push(remark);
    if (this.#added.length < mostWaiting) return;
    this.#remarks = this.sorted();
    this.#added = [];
    if (this.#remarks.length === mostPerFile) this.#last = this.#remarks.at(-1)?.place.start ?? Infinity;
  }

  /** The same remark about the same place is one: an anchor's content is read as often as it is used. */
  sorted(): readonly Remark[] {
    const first = new Map<string, Remark>();
    for (const remark of [...this.#remarks, ...this.#added].sort(compareRemarks)) {
      const key = keyOf(remark);
      if (!first.has(key)) first.set(key, remark);
    }
    return [...first.values()].slice(0, mostPerFile);
  }
}

function compareRemarks(a: Remark, b: Remark): number {
  return a.place.start - b.place.start || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}

/** Errors first come first: where a file has too many problems, notes and warnings give way. */
function capPerFile(all: readonly Counted[]): readonly Counted[] {
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

function keyOf({ place, code, message, fold }: Remark): string {
  return fold === undefined
    ? `${place.start} ${code} ${message}`
    : JSON.stringify([place.source.name, code, fold]);
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
