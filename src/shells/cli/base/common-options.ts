import { InvalidArgumentError, Option, type Command } from "commander";
import { spellOutFiles } from "./file-words.ts";
import { readDuration } from "./read-duration.ts";

/** Options of every command that reads a file. */
type FileOptions = {
  readonly file: readonly string[];
  readonly overlay: readonly string[];
  readonly json: boolean;
  readonly color: boolean;
  readonly verbose?: boolean;
};

/** Options of every command that reads an account, with or without a file. */
export type AccountOptions = {
  readonly json: boolean;
  readonly color: boolean;
  readonly verbose?: boolean;
  readonly events: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
  readonly quiet: boolean;
  readonly maxWait?: number;
  /** Of commands that tell a plan, a run or drift; absent: text. */
  readonly format?: OutputFormat;
};

/** What is told: text for a terminal, or one document on stdout. */
export type OutputFormat = "text" | "markdown" | "html";

/** Options of every command that holds a file against an account. */
export type CommonOptions = FileOptions &
  AccountOptions & {
    readonly label?: string;
    readonly repo?: string;
    readonly fileId?: string;
    readonly exitZero: boolean;
  };

const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

const fileHelp = "file, folder or glob to keep to (repeatable; else trueup.yaml, render.yaml or render.yml)";

/** What every command has, apart from its own options. */
export const everywhere = "Everywhere:";

function addFileNames(command: Command): Command {
  return command
    .optionsGroup("Which file:")
    .option("-f, --file <file>", fileHelp, collectFiles, [])
    .option("--overlay <file>", "merge patch or JSON Patch over the files (repeatable)", collect, []);
}

/** `exitZero`: the command can end with 2 or 5, and `--exit-zero` makes that a 0; others take it and have no use for it. */
export function addCommonOptions(command: Command, { exitZero = false } = {}): Command {
  addFileNames(command)
    .option("--label <name>", "which desired state this is, where several share a repository")
    .option("--repo <url>", "repository of git services that name none")
    .option("--file-id <id>", "what the file is known by in the state, instead of its repository and path");
  return addLogOptions(addOutputOptions(command)).addOption(
    new Option("--exit-zero", "exit 0 instead of 2 (changes are pending) or 5 (drift)")
      .default(false)
      .hideHelp(!exitZero),
  );
}

/** What a command is about, where that need not be everything. */
export function addSelectionOptions(command: Command): Command {
  return command
    .optionsGroup("Which part:")
    .option(
      "--target <address>",
      "only this, and what it needs; * stands for any text (repeatable)",
      collect,
      [],
    )
    .option("--exclude <address>", "all but this, and what cannot be without it (repeatable)", collect, []);
}

/** For a command that needs no file. */
export function addAccountOptions(command: Command): Command {
  return addLogOptions(addOutputOptions(command));
}

function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup(everywhere)
    .option("--json", "one JSON document on stdout", false)
    .option("-v, --verbose", "list what is told as a number else, and what is unchanged", false)
    .option("--no-color", "no colours (also: NO_COLOR)");
}

/** Of every command that asks an API: what is told meanwhile, and how long a limit is waited for. */
function addLogOptions(command: Command): Command {
  return command
    .optionsGroup(everywhere)
    .option("--events", "progress as JSON lines on stderr", false)
    .option("--quiet", "no progress", false)
    .option("--max-wait <time>", "stop before a wait for a limit that is longer than this", parseDuration)
    .addOption(
      new Option("--log-level <level>", "what is logged to stderr").choices(logLevels).default("warn"),
    )
    .addOption(
      new Option("--log-format <format>", "how it is logged").choices(["text", "json"]).default("text"),
    );
}

/** For an option that may be given several times: its values in their order. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function collectFiles(word: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, ...spellOutFiles(word)];
}

/** A whole number of at most nine digits. */
export function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(value);
}

/** As `readDuration`, for commander. */
export function parseDuration(value: string): number {
  const duration = readDuration(value);
  if (duration === undefined)
    throw new InvalidArgumentError("It must be a time such as 90s, 50m, 5h or 1h30m.");
  return duration;
}
