import { join } from "node:path";
import { cp, rm } from "node:fs/promises";
import { ourRows, variablesOf, type Row } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { finish, input } from "./course.ts";
import { Mortal, type Cut } from "./mortal.ts";

/**
 * A replacement that is killed, and a file that is edited before the next run: its block has another name, is gone, or asks
 * for something else again. `block`: by its name, how it is to be (`oregon`), and what it was called before.
 */
export type Subject = {
  readonly kind: string;
  readonly table: string;
  readonly asks: readonly [first: string, then: string, last: string];
  readonly block: (name: string, asks: string, former?: string) => string;
  /** What the file has besides, which uses the block of that name; nothing where there is none. */
  readonly user: (name: string | undefined) => string;
  /** Column of its name; absent where it has none at the API, so that nothing can say which one was renamed. */
  readonly named?: string;
  /** Column of what the block asks for. */
  readonly column: string;
  /** Column of the row that the user's variable has, or has in it. */
  readonly used?: string;
};

export const edits = {
  "has another name": (subject: Subject) => file(subject, "two", subject.asks[1]),
  "has another name and says which it had": (subject: Subject) =>
    file(subject, "two", subject.asks[1], subject.named === undefined ? undefined : "one"),
  "has another name and asks for something else": (subject: Subject) => file(subject, "two", subject.asks[2]),
  "is gone": (subject: Subject) => file(subject, undefined, ""),
  "asks for something else again": (subject: Subject) => file(subject, "one", subject.asks[2]),
  "asks for what it was": (subject: Subject) => file(subject, "one", subject.asks[0]),
} as const;
export type Edit = keyof typeof edits;

function file(subject: Subject, name: string | undefined, asks: string, former?: string): string {
  return `${name === undefined ? "" : subject.block(name, asks, former)}${subject.user(name)}`;
}

export type Start = {
  readonly saved: ReturnType<Scene["simulator"]["save"]>;
  readonly state: string;
  readonly writes: number;
};

/** The block as it was first, applied; and how many writes its replacement takes when nothing is in its way. */
export async function begin(subject: Subject): Promise<Start> {
  const scene = await openScene();
  try {
    await scene.write(file(subject, "one", subject.asks[0]));
    await finish(scene);
    const state = `${scene.folder}.origin`;
    await cp(join(scene.folder, "state"), state, { recursive: true });
    const saved = scene.simulator.save();
    await scene.write(file(subject, "one", subject.asks[1]));
    const whole = new Mortal(scene);
    const report = await whole.apply(input);
    if (report === "died" || report.verdict !== "done") throw new Error(`${subject.kind}: not replaced`);
    return { saved, state, writes: whole.passed.writes };
  } finally {
    await scene.close();
  }
}

export const forget = (start: Start): Promise<void> => rm(start.state, { recursive: true, force: true });

/** Answers with what is wrong in the end. Nobody agrees to an adoption: whatever is there of the block's is ours. */
export async function goOn(subject: Subject, start: Start, cut: Cut, edit: Edit): Promise<readonly string[]> {
  const scene = await openScene({ saved: start.saved });
  try {
    await cp(start.state, join(scene.folder, "state"), { recursive: true });
    await scene.write(file(subject, "one", subject.asks[1]));
    if ((await new Mortal(scene, cut).apply(input)) !== "died") return ["it was not killed"];
    const text = edits[edit](subject);
    await scene.write(text);
    await finish(scene);
    return await findWrong(scene, subject, edit);
  } catch (error) {
    return [String(error)];
  } finally {
    await scene.close();
  }
}

async function findWrong(scene: Scene, subject: Subject, edit: Edit): Promise<readonly string[]> {
  const nameOf = (row: Row): string => (subject.named === undefined ? "" : textOf(row[subject.named]));
  const rows = ourRows(scene, subject.table).filter((row) => nameOf(row) !== "user");
  const [name, asks] = wantedBy(subject, edit);
  const there = rows.map((row) => `${nameOf(row)} ${textOf(row[subject.column])}`);
  const wanted = name === undefined ? [] : [`${subject.named === undefined ? "" : name} ${asks}`];
  const wrong = there.join() === wanted.join() ? [] : [`there is ${there.join(", ")}, not ${wanted.join()}`];
  const [row] = rows;
  const value = variablesOf(scene, "user")["USES"] ?? "";
  if (row && subject.used !== undefined && !value.includes(textOf(row[subject.used])))
    wrong.push("what uses it has another value");
  const left = await scene.plan();
  wrong.push(...left.steps.map(({ id }) => `left to do: ${id}`));
  wrong.push(...left.refusals.map(({ message }) => `refused: ${message}`));
  const { pending = {} } = await scene.inventory();
  // A successor that was never made is looked for again by the next replacement.
  const begun = Object.values(pending).filter(
    (one) => one.successor === undefined || one.successor.id !== undefined,
  );
  return begun.length > 0 ? [...wrong, `pending: ${JSON.stringify(pending)}`] : wrong;
}

function textOf(value: Row[string] | undefined): string {
  return Array.isArray(value) ? value.join() : typeof value === "string" ? value : "";
}

function wantedBy({ asks: [first, then, last] }: Subject, edit: Edit): readonly [string | undefined, string] {
  switch (edit) {
    case "has another name":
    case "has another name and says which it had":
      return ["two", then];
    case "has another name and asks for something else":
      return ["two", last];
    case "is gone":
      return [undefined, ""];
    case "asks for something else again":
      return ["one", last];
    case "asks for what it was":
      return ["one", first];
    default:
      return edit satisfies never;
  }
}
