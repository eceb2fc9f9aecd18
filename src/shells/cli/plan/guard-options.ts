import type { Command } from "commander";
import { addSelectionOptions, collect, parseCount } from "../base/common-options.ts";

/** What plan and apply have in common: the flags that answer a refusal, those that change the work, and what it is about. */
export type GuardOptions = {
  readonly adopt: boolean;
  readonly allowReplace: readonly string[];
  readonly recreateGone: boolean;
  readonly allowOlder: boolean;
  readonly allowDeletes?: number;
  readonly allowDataLoss: readonly string[];
  readonly allowGap: readonly string[];
  /** `false` with `--no-export`. */
  readonly export: boolean;
  readonly exportTo?: string;
  readonly skipRefused: boolean;
  readonly rewrite: readonly string[];
  readonly target: readonly string[];
  readonly exclude: readonly string[];
};

/** Where values come from: options of each command that makes a plan. */
export type ValueOptions = {
  readonly values?: string;
  readonly replaceValues: boolean;
  readonly allowEnv: readonly string[];
  readonly strictValues: boolean;
};

/** The heading of the options that agree to something. */
export const agreement = "What is agreed to:";

/** Adds the options of `GuardOptions`. */
export function addGuardOptions(command: Command): Command {
  const withConsents = command
    .optionsGroup(agreement)
    .option("--adopt", "manage what exists already under the same name", false)
    .option("--allow-deletes <n>", "delete from as many as n addresses", parseCount)
    .option(
      "--allow-data-loss <address>",
      "let the data of this end: deleted or replaced; * stands for any text (repeatable)",
      collect,
      [],
    )
    .option("--allow-replace <address>", "let another one take the place of this (repeatable)", collect, [])
    .option("--recreate-gone", "make again what is owned and gone, however much that is", false)
    .option("--allow-older", "apply an older commit over a newer one", false)
    .option(
      "--allow-gap <address>",
      "replace this though it is away until the new one is there (repeatable)",
      collect,
      [],
    )
    .option("--no-export", "let databases go without a copy of their data")
    .option("--export-to <folder>", "where that copy is kept (default: exports/ beside the file)")
    .option(
      "--rewrite <address>",
      "send its write-only values again; rotate what is shown once (repeatable)",
      collect,
      [],
    )
    .optionsGroup("Which part:")
    .option("--skip-refused", "leave out what is refused and what depends on it, and do the rest", false);
  return addSelectionOptions(withConsents);
}

/** Adds the options of `ValueOptions`. */
export function addValueOptions(command: Command): Command {
  return command
    .optionsGroup("Values:")
    .option("--values <file>", "dotenv file with the values of sync: false variables")
    .option("--replace-values", "replace sync: false values that are there already", false)
    .option(
      "--allow-env <glob>",
      "read only these variables of the environment into values (repeatable)",
      collect,
      [],
    )
    .option("--strict-values", "a value whose source is missing is an error, already in the plan", false);
}
