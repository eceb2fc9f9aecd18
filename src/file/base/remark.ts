import { problem, type Problem, type Severity } from "../../core/base/problem.ts";
import { areasAround, drawFrame, maskText, type Masks, type Stretch } from "./frame.ts";
import { maskSecretShapes } from "./secrecy.ts";
import { whereOf, type OpenSource, type Place } from "./source.ts";
import type { FileCode } from "./codes.ts";

/**
 * A problem of a file before its frame is drawn. Remarks with the same `fold` in one file become one problem at the
 * first place, which says how many there are: a file with seventy unquoted booleans gets one message and not seventy.
 */
export type Remark = {
  readonly code: FileCode;
  readonly severity: Severity;
  readonly message: string;
  /** What to do. It is a function where finding the words takes a search, and is called only for remarks that are shown. */
  readonly remedy: string | (() => string);
  readonly place: Place;
  readonly address?: string;
  readonly fold?: string;
};

/** Takes a remark. */
export type Tell = (remark: Remark) => void;

/** The most problems that are shown of one file. A file with more has one that the others follow from. */
const mostPerFile = 200;
/** A collection that has grown to this is cut back to `mostPerFile`. So each remark costs little, however many there are. */
const mostWaiting = 4 * mostPerFile;

/** Finds what must not be shown of a source, within these areas. */
type FindMasks = (source: OpenSource, areas: readonly Stretch[]) => Masks;
type Counted = { readonly remark: Remark; readonly count: number };

/**
 * Collects the remarks of one reading. It keeps those that can be among the first of their file and severity; of
 * those with a `fold`, the first and their number. A file can have a million faults, and they need not all be held.
 * It is used for one reading, and is done once `settle` was called.
 */
export class RemarkCollector {
  readonly #single = new Map<string, Waiting>();
  readonly #folded = new Map<string, Counted>();

  readonly tell: Tell = (remark) => {
    if (remark.fold === undefined) this.#waitingOf(remark).add(remark);
    else this.#fold(remark, keyOf(remark));
  };

  /**
   * The problems: sorted by place, folded, with frames. Only here does a remark become a text with a piece of the
   * file in it.
   */
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

  /** The kept remarks without a `fold`, sorted within file and severity. */
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

/** The remarks of one file and severity. Beyond the number that is shown, later ones are dropped. */
class Waiting {
  #remarks: readonly Remark[] = [];
  #added: Remark[] = [];
  /** The place of the last remark that is shown, once there are enough of them. */
  #last = Infinity;

  add(remark: Remark): void {
    if (remark.place.start > this.#last) return;
    this.#added.push(remark);
    if (this.#added.length < mostWaiting) return;
    this.#remarks = this.sorted();
    this.#added = [];
    if (this.#remarks.length === mostPerFile) this.#last = this.#remarks.at(-1)?.place.start ?? Infinity;
  }

  /** Sorted, with equal remarks about one place as one: the content of an anchor is read as often as it is used. */
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

/**
 * Cuts the problems of each file to the number that is shown. Errors are kept before warnings, and warnings before
 * notes.
 */
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
  // Keys and names are masked too: a secret may have been pasted into the wrong place.
  const hide = (text: string): string => maskSecretShapes(text, maskText);
  return problem(remark.severity, remark.code, hide(`${remark.message}${others}`), hide(remedy), {
    where: whereOf(remark.place),
    address: remark.address,
    frame: drawFrame(remark.place, masks),
  });
}
