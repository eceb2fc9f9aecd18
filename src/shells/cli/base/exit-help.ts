import { exitCodes } from "./exit-code.ts";

type Ending = keyof typeof exitCodes;

/** What each exit code says. Commands whose 0 says something else have a word of their own for it. */
const meanings: { readonly [Name in Ending]: string } = {
  done: "done",
  error: "error",
  pending: "changes are pending",
  refused: "refused: the plan says what answers it",
  stopped: "stopped by --max-duration or --max-wait, with work left",
  drift: "drift found",
  locked: "the state is locked by another run",
  interrupted: "interrupted",
};

/** The exit codes that a command can end with, for its help: 0 in its own words, 1, and the others that are named. */
export function exitHelp(done: string, ...others: readonly Ending[]): string {
  const told: readonly (readonly [Ending, string])[] = [
    ["done", done],
    ["error", meanings.error],
    ...others.map((name) => [name, meanings[name]] as const),
  ];
  const lines = [...told]
    .sort(([a], [b]) => exitCodes[a] - exitCodes[b])
    .map(([name, words]) => `  ${String(exitCodes[name]).padEnd(4)} ${words}`);
  return ["", "Exit codes:", ...lines].join("\n");
}

/** All of them, for the help of the program. */
export function allExits(): string {
  const others = (Object.keys(exitCodes) as Ending[]).filter((name) => name !== "done" && name !== "error");
  return exitHelp("nothing to do, or done", ...others);
}
