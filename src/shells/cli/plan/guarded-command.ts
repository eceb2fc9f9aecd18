import { quote, writeCommand } from "../base/command-line.ts";
import type { CommonOptions } from "../base/common-options.ts";
import type { GuardOptions, ValueOptions } from "./guard-options.ts";

/**
 * A command line with all that this one was given, and the `flags` that answer what it was refused for. A flag that counts
 * (`--allow-deletes 3`) takes the place of the one that was given.
 */
export function writeGuarded(
  command: string,
  options: CommonOptions & GuardOptions & ValueOptions,
  flags: readonly string[],
): string {
  const isCounted = flags.some((flag) => flag.startsWith("--allow-deletes "));
  const given = [
    ...(options.values === undefined ? [] : [`--values ${quote(options.values)}`]),
    ...(options.replaceValues ? ["--replace-values"] : []),
    ...options.allowEnv.map((glob) => `--allow-env ${quote(glob)}`),
    ...(options.allowDeletes === undefined || isCounted ? [] : [`--allow-deletes ${options.allowDeletes}`]),
    ...options.allowDataLoss.map((address) => `--allow-data-loss ${quote(address)}`),
    ...options.allowReplace.map((address) => `--allow-replace ${quote(address)}`),
    ...(options.recreateGone ? ["--recreate-gone"] : []),
    ...(options.allowOlder ? ["--allow-older"] : []),
    ...options.allowGap.map((address) => `--allow-gap ${quote(address)}`),
    ...(options.export ? [] : ["--no-export"]),
    ...(options.exportTo === undefined ? [] : [`--export-to ${quote(options.exportTo)}`]),
    ...options.rewrite.map((address) => `--rewrite ${quote(address)}`),
    ...options.target.map((glob) => `--target ${quote(glob)}`),
    ...options.exclude.map((glob) => `--exclude ${quote(glob)}`),
    ...(options.adopt ? ["--adopt"] : []),
    ...(options.skipRefused ? ["--skip-refused"] : []),
  ];
  return [writeCommand(command, options), ...new Set([...given, ...flags])].join(" ");
}
