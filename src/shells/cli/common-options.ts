import { InvalidArgumentError, Option, type Command } from "commander";

/** Options that every command which reads a file or an account has. */
export type CommonOptions = {
  readonly file: readonly string[];
  readonly label?: string;
  readonly repo?: string;
  readonly json: boolean;
  readonly events: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
  readonly color: boolean;
  readonly quiet: boolean;
  readonly exitZero: boolean;
};

export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

export function addCommonOptions(command: Command): Command {
  return command
    .optionsGroup("What is meant:")
    .option(
      "-f, --file <file>",
      "the file to keep to (repeatable; else trueup.yaml, render.yaml or render.yml)",
      collect,
      [],
    )
    .option("--label <name>", "which desired state this is, where several share a repository")
    .option("--repo <url>", "repository of git services that name none")
    .optionsGroup("Output:")
    .option("--json", "one JSON document on stdout", false)
    .option("--events", "progress as JSON lines on stderr", false)
    .option("--quiet", "no progress", false)
    .option("--no-color", "no colours (also: NO_COLOR)")
    .addOption(
      new Option("--log-level <level>", "what is logged to stderr").choices(logLevels).default("warn"),
    )
    .addOption(
      new Option("--log-format <format>", "how it is logged").choices(["text", "json"]).default("text"),
    )
    .option("--exit-zero", "exit 0 instead of 2 when changes are pending", false);
}

export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

export function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(value);
}
