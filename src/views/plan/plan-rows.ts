import type { Address } from "../../core/base/address.ts";
import { count } from "../../core/base/text.ts";
import { groupBy } from "../../core/base/group.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import type { Plan } from "../../core/model/plan.ts";
import { describeEstimate } from "../base/duration.ts";
import { displayWidth } from "../base/escape.ts";
import { countKind, countKinds, namesOf } from "../base/kind-names.ts";
import { joinNames, wrapText, wrapWords } from "../base/layout.ts";
import { byNature } from "../base/natural.ts";
import type { Row } from "../base/rows.ts";
import { withGlyphs, type Canvas, type Line, type Paint } from "../base/screen.ts";
import { describeChange, mannerOf, placeOf, type Manner } from "./change-words.ts";
import { countedFields, fieldRows } from "./plan-fields.ts";
import { groupChanges, isGrave, isFolded, toldOf, type ChangeGroup } from "./plan-groups.ts";
import { findJointRemarks, noteRows } from "./plan-notes.ts";

/** The most lines of names below changes that are told together; where something is taken away, all names are shown. */
const namedLines = { few: 8, many: 2, manyChanged: 6 } as const;
const shownKept = 8;
/** Wider than this, the counts of what is unchanged take a line of their own. */
const widestCounts = 36;

type Around = {
  readonly canvas: Canvas;
  /** How long what is replaced is away. */
  readonly away: ReadonlyMap<Address, string>;
  /** What a run makes whose first deploy it cancels. */
  readonly cancelled: ReadonlySet<Address>;
  /** Texts of remarks that stand at the end of the plan. */
  readonly joint: ReadonlySet<string>;
  readonly isBrief: boolean;
};

/** The listing of a plan: one row for each change, or for several that are told together. */
export function planRows(
  changes: readonly ResourceChange[],
  canvas: Canvas,
  { schedule, steps }: Partial<Pick<Plan, "schedule" | "steps">> = {},
): readonly Row[] {
  const listed = changes.filter((change) => change.action !== "keep");
  const around: Around = {
    canvas,
    away: new Map((schedule?.gaps ?? []).map(({ address, time }) => [address, describeEstimate(time)])),
    cancelled: new Set(
      (steps ?? []).flatMap((step) =>
        step.step === "write" && step.verb === "create" && step.incomplete ? [step.address] : [],
      ),
    ),
    joint: new Set(findJointRemarks(changes).map(({ text }) => text)),
    isBrief: isFolded(changes, canvas),
  };
  const groups = groupChanges(listed, { isWhole: canvas.verbose, ...around });
  return [
    ...groups.flatMap((group) => groupRows(group, around)),
    ...keptRows(
      changes.filter((change) => change.action === "keep"),
      around,
    ),
  ];
}

function groupRows(group: ChangeGroup, around: Around): readonly Row[] {
  const { first, changes, isAlike } = group;
  if (changes.length === 1) return changeRows(first, around);
  const { canvas, joint } = around;
  const { action, kind } = first;
  const reason = isAlike || action !== "create" ? describeChange(first, changes.length) : listSorts(changes);
  const head = headRow(first, countKind(kind, changes.length), reason, around);
  const fields = isAlike ? fieldRows(first, canvas, fieldLimit(around)) : countedFields(changes, canvas);
  const notes = isAlike ? noteRows(first.notes, canvas, joint) : [];
  return [head, ...fields, ...notes, ...cancelRows(changes, around), namesRow(changes, around)];
}

function changeRows(change: ResourceChange, around: Around): readonly Row[] {
  const { canvas, joint } = around;
  const reason = describeChange(change) + placeOf(change);
  const head = headRow(change, canvas.text(change.address), reason, around);
  return [
    head,
    ...fieldRows(change, canvas, fieldLimit(around)),
    ...noteRows(change.notes, canvas, joint),
    ...cancelRows([change], around),
  ];
}

/** A service that its creation cannot give everything is not to run without it. */
function cancelRows(changes: readonly ResourceChange[], { canvas, cancelled }: Around): readonly Row[] {
  const many = changes.filter(({ address }) => cancelled.has(address)).length;
  if (many === 0) return [];
  const who = changes.length === 1 ? "first deploy" : count(many, "first deploy");
  const text = `${who} cancelled: deployed once, when everything it refers to is there`;
  return [
    {
      indent: 6,
      label: "deploy",
      words: (columns) => wrapText(text, columns).map((line): Line => [[line, canvas.ink.dim]]),
    },
  ];
}

/** The fields of a new resource are only counted after the first few, where there is much to see. */
function fieldLimit({ isBrief, canvas }: Around): number {
  return canvas.verbose ? Infinity : isBrief ? 6 : 30;
}

function headRow(change: ResourceChange, label: string, reason: string, { canvas, away }: Around): Row {
  const paint = paintOf(mannerOf(change), canvas);
  const time = away.get(change.address);
  const words = reason + (time === undefined ? "" : `, away for ${time}`);
  return {
    indent: 2,
    mark: [markOf(mannerOf(change), canvas), paint],
    label,
    paint,
    words: (columns) => headWords(words, change, canvas, columns),
  };
}

/** Who is meant by a head that stands for several. What is taken away is named in full. */
function namesRow(changes: readonly ResourceChange[], { canvas, isBrief }: Around): Row {
  const names = namesOf(changes.map(({ address }) => address)).map((name) => canvas.text(name));
  const isChanged = changes.some(({ action }) => action === "update");
  const many = isChanged ? namedLines.manyChanged : namedLines.many;
  const most = changes.some(isGrave) ? Infinity : isBrief ? many : namedLines.few;
  return {
    indent: 6,
    label: "",
    isWide: true,
    words: (columns) => joinNames(names, columns, most).map((line): Line => [[line, canvas.ink.dim]]),
  };
}

const shownSorts = 6;

/** What new ones of a kind are, by what their summaries begin with: `140 web, 20 worker`. Of too many sorts, nothing. */
function listSorts(changes: readonly ResourceChange[]): string {
  const sorts = [...groupBy(changes, ({ summary }) => summary.split(" · ")[0] ?? "")];
  const [first] = sorts;
  if (!first || sorts.length === 1) return first?.[0] ?? "";
  if (sorts.length > shownSorts || sorts.length * 2 > changes.length) return "";
  const counted = sorts.sort(([, a], [, b]) => b.length - a.length);
  return counted.map(([sort, all]) => `${all.length} ${sort === "" ? "others" : sort}`).join(", ");
}

function markOf(manner: Manner, { glyphs }: Canvas): string {
  const marks: Record<Manner, string> = {
    create: "+",
    adopt: ">",
    update: "~",
    drift: "!",
    replace: glyphs.replace,
    delete: "-",
    forget: "<",
    keep: ".",
  };
  return marks[manner];
}

function paintOf(manner: Manner, { ink }: Canvas): Paint {
  const paints: Record<Manner, Paint> = {
    create: ink.green,
    adopt: ink.cyan,
    update: ink.yellow,
    drift: ink.magenta,
    replace: ink.red,
    delete: ink.red,
    forget: ink.dim,
    keep: ink.dim,
  };
  return paints[manner];
}

function headWords(reason: string, change: ResourceChange, canvas: Canvas, columns: number): readonly Line[] {
  const lines = wrapText(canvas.text(withGlyphs(canvas, reason)), columns).map((line): Line => [[line]]);
  if (!change.losesData) return lines;
  const last = lines.at(-1) ?? [];
  const loss: Line = [["DATA IS LOST", (text) => canvas.ink.bold(canvas.ink.red(text))]];
  const room = columns - last.reduce((width, [text]) => width + text.length, 0);
  return room > 14 ? [...lines.slice(0, -1), [...last, [". "], ...loss]] : [...lines, loss];
}

/**
 * What stays as it is: counted by kind. Only what has something to say about itself is listed, alike ones together, and with
 * `-v` all of it.
 */
function keptRows(kept: readonly ResourceChange[], around: Around): readonly Row[] {
  const { canvas, joint } = around;
  if (canvas.verbose)
    return [...kept]
      .sort((a, b) => byNature(a.address, b.address))
      .flatMap((change) => changeRows(change, around));
  const speaking = kept.filter((change) => speaks(change, joint));
  const groups = [...groupBy(speaking, toldOf).values()];
  const grave = groups.filter(([first]) => first && isGrave(first));
  const others = groups.filter(([first]) => first && !isGrave(first)).slice(0, shownKept);
  const shown = [...grave, ...others];
  const silent = groups.filter((group) => !shown.includes(group)).flat();
  const rows = shown.flatMap((changes) => {
    const [first] = changes;
    return first ? groupRows({ first, changes, isAlike: true }, around) : [];
  });
  const told = new Set(shown.flat());
  const counted = kept.filter((change) => !told.has(change));
  return counted.length === 0 ? rows : [...rows, countRow(counted, silent.length, canvas)];
}

function speaks({ notes, moved }: ResourceChange, joint: ReadonlySet<string>): boolean {
  return moved !== undefined || notes.some((note) => note.note !== "remark" || !joint.has(note.text));
}

/** Changes counted by kind, the most frequent first: `24 services, 3 env groups`. */
function countRow(counted: readonly ResourceChange[], silent: number, { ink }: Canvas): Row {
  const kinds = countKinds(counted.map(({ address }) => address)).join(", ");
  const words =
    silent === 0 ? "unchanged" : `unchanged, ${count(silent, "has", "have")} notes; -v lists them`;
  const mark = [".", ink.dim] as const;
  if (displayWidth(kinds) <= widestCounts)
    return {
      indent: 2,
      mark,
      label: kinds,
      paint: ink.dim,
      isLoose: true,
      words: () => [[[words, ink.dim]]],
    };
  return {
    indent: 2,
    mark,
    label: "",
    isWide: true,
    words: (columns) =>
      wrapWords([...kinds.split(/(?<=,) /u), words], columns).map((line): Line => [[line, ink.dim]]),
  };
}
