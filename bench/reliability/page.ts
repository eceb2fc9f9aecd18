import { deletes, entries, hostile, twice, type Fault } from "./faults.ts";
import { promises, type Promised } from "./promises.ts";

/**
 * The public track record, as one page of Markdown: made of the table of faults, the table of promises and the results that the
 * scripts in `bench` left. Nothing in it is written by hand, so nothing in it can grow old unnoticed: `npm run reliability` makes
 * it, and a test holds the page to this text and each named test to its file.
 */
export type Results = {
  /** `bench/results/matrix.json`: counts by name of the matrix. */
  readonly matrix: {
    readonly [name: string]: { readonly commit: string; readonly points: number; readonly wrong: number };
  };
  /** Further results by their file's name, each a flat object of figures; absent where the script was never run. */
  readonly others: { readonly [name: string]: { readonly [figure: string]: unknown } };
};

const matrices: { readonly [name: string]: string } = {
  crash: "a run killed at every journal line, and before and after every HTTP write; then one more run",
  kill: "the built program, `kill -9` at every write and every third journal line",
  faults: "every fault of the simulator at every call",
  lag: "every kind that can be made: its answer lost or its run killed, while lists lag by 0 to 90 seconds",
  "crash-lag": "the crash points again, while every list lags by a time of its own",
  clock: "the clock set by hours, both ways, at every write",
  disk: "a disk that is full from each write of the state on",
};

/** By the name of a result: the command that left it, where it has another one. */
const commands: { readonly [result: string]: string } = { "named-mutants": "mutants -- --named" };

const parts: readonly (readonly [heading: string, faults: readonly Fault[]])[] = [
  ["Deletes and replacements", deletes],
  ["Entries", entries],
  ["Twice", twice],
  ["Values, secrets, hostile input", hostile],
];

export function makePage(results: Results): string {
  return (
    [
      "# Track record",
      "Made by `npm run reliability` from [bench/reliability](../bench/reliability) and [bench/results](../bench/results); a test holds it to them. Every row names the tests that failed before its fix: `npx vitest run --project test FILE -t NAME` shows each.",
      "## Promises",
      table(["promise", "held by"], promises.map(promiseRow)),
      "## What was tried, one thing at a time",
      "`npm run matrix`. A point is one run that is disturbed there, then finished by the next one, and judged on the account's rows.",
      table(
        ["matrix", "what happens", "points", "wrong", "on"],
        Object.entries(matrices).flatMap((one) => matrixRow(results, one)),
      ),
      ...Object.entries(results.others).flatMap(([name, figures]) => [
        `## \`npm run ${commands[name] ?? name}\``,
        table(["figure", "value"], Object.entries(figures).flatMap(figureRow)),
      ]),
      "## Faults that were found",
      ...parts.flatMap(([heading, faults]) => [`### ${heading}`, ...faults.map(describeFault)]),
    ].join("\n\n") + "\n"
  );
}

function promiseRow({ promise, shown }: Promised): readonly string[] {
  return [promise, shown.map(nameTest).join("<br>")];
}

function matrixRow(
  { matrix }: Results,
  [name, what]: readonly [string, string],
): readonly (readonly string[])[] {
  const result = matrix[name];
  if (!result) return [];
  return [[name, what, String(result.points), String(result.wrong), result.commit.slice(0, 7)]];
}

/** What is not a figure, a list of survivors for example, stays in its file. Of a room its score is told. */
function figureRow([figure, value]: readonly [string, unknown]): readonly (readonly string[])[] {
  if (figure === "commit" && typeof value === "string") return [[figure, value.slice(0, 7)]];
  if (figure === "rooms" && Array.isArray(value)) return value.flatMap(roomRow);
  return typeof value === "number" || typeof value === "string" ? [[figure, String(value)]] : [];
}

function roomRow(one: {
  readonly room: string;
  readonly tried?: number;
  readonly killed: number;
}): readonly (readonly string[])[] {
  const { room, tried, killed } = one;
  if (tried === undefined) return [];
  return [[room, `${killed} of ${tried}, ${Math.floor((100 * killed) / tried)} %`]];
}

function describeFault({ fault, found, harm, fix, shown }: Fault): string {
  return [
    `**${fault}.**`,
    `- found: ${found}`,
    `- could have meant: ${harm}`,
    `- now: ${fix}`,
    `- shown by: ${shown.map(nameTest).join("; ")}`,
  ].join("\n");
}

function nameTest([file, test]: readonly [file: string, test: string]): string {
  return `[${file}](../test/${file}) “${test}”`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
