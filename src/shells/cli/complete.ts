import type { Argument, Command, Option } from "commander";

/**
 * What can stand at the end of a command line, told from the parser itself, so that no option can be missing.
 *
 *     trueup gr             graph
 *     trueup graph --f      --file, --format, --file-id
 *     trueup graph --format svg, dot ...
 *     trueup state show r   the addresses of the file and of the state
 */
export type Offers = {
  /** Each with what it is, where that is known. */
  readonly words: readonly (readonly [word: string, says: string])[];
  /** The names of files can stand here as well. */
  readonly files: boolean;
};

/** What a command line has before the word that is typed now. */
type Typed = {
  readonly command: Command;
  /** An option whose value is awaited. */
  readonly option?: Option;
  /** How many arguments of the command are there already. */
  readonly arguments: number;
  readonly used: ReadonlySet<Option>;
};

/** `before`: the words between `trueup` and the one that is typed now, `current`. `addresses` is asked for at most once. */
export async function findOffers(
  program: Command,
  before: readonly string[],
  current: string,
  addresses: (given: ReadonlyMap<string, readonly string[]>) => Promise<readonly string[]>,
): Promise<Offers> {
  const typed = read(program, before);
  const ask = (): Promise<readonly string[]> => addresses(valuesOf(typed.command, before));
  if (typed.option) return valuesFor(typed.option, "", ask);
  const [, name, equals] = /^(--[\w-]+)(=)/u.exec(current) ?? [];
  if (equals !== undefined) {
    const option = typed.command.options.find(({ long }) => long === name);
    return option ? valuesFor(option, `${name}=`, ask) : { words: [], files: false };
  }
  if (current.startsWith("-")) return { words: optionsOf(typed), files: false };
  const subcommands = typed.arguments > 0 ? [] : typed.command.createHelp().visibleCommands(typed.command);
  const words = subcommands.map((sub) => [sub.name(), sub.summary() || sub.description()] as const);
  if (words.length > 0) return { words, files: false };
  const argument = argumentAt(typed);
  const offered = argument ? await valuesFor(argument, "", ask) : { words: [], files: false };
  return offered.words.length > 0 || offered.files || current !== ""
    ? offered
    : { words: optionsOf(typed), files: false };
}

function read(program: Command, before: readonly string[]): Typed {
  let typed: Typed = { command: program, arguments: 0, used: new Set() };
  for (const word of before) {
    if (typed.option) {
      const { option: _done, ...rest } = typed;
      typed = rest;
    } else typed = take(typed, word);
  }
  return typed;
}

function take(typed: Typed, word: string): Typed {
  const { command, used } = typed;
  if (word.startsWith("-") && word !== "-") {
    const option = command.options.find(
      ({ short, long }) => word === short || word.replace(/=.*$/su, "") === long,
    );
    if (!option) return typed;
    const isAwaited = option.required && !word.includes("=");
    return { ...typed, used: new Set([...used, option]), ...(isAwaited && { option }) };
  }
  const sub = typed.arguments === 0 && command.commands.find((one) => one.name() === word);
  return sub ? { command: sub, arguments: 0, used: new Set() } : { ...typed, arguments: typed.arguments + 1 };
}

function argumentAt({ command, arguments: place }: Typed): Argument | undefined {
  const all = command.registeredArguments;
  const last = all.at(-1);
  return all[place] ?? (last?.variadic ? last : undefined);
}

/** Options that are not there yet, or that may be given again. */
function optionsOf({ command, used }: Typed): Offers["words"] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => !used.has(option) || Array.isArray(option.defaultValue))
    .flatMap(({ long, description }) => (long ? [[long, description] as const] : []));
}

/** By what the help shows in place of the value: `--target <address>`, `[planfile]`. */
async function valuesFor(
  asked: Option | Argument,
  prefix: string,
  addresses: () => Promise<readonly string[]>,
): Promise<Offers> {
  const choices = asked.argChoices ?? [];
  if (choices.length > 0) return { words: choices.map((word) => [prefix + word, ""]), files: false };
  const name = "flags" in asked ? (/[<[](\w+)/u.exec(asked.flags)?.[1] ?? "") : asked.name();
  if (/^(?:address|addresses|from|to)$/u.test(name))
    return { words: (await addresses()).map((word) => [prefix + word, ""]), files: false };
  return { words: [], files: /file|folder/iu.test(name) };
}

/** The values of options that say which file is meant, as they stand on the command line. */
function valuesOf(command: Command, before: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  before.forEach((word, at) => {
    const [name = "", ...rest] = word.split("=");
    const option = command.options.find(({ short, long }) => name === short || name === long);
    const value = rest.length > 0 ? rest.join("=") : before[at + 1];
    if (option?.long && option.required && value !== undefined)
      values.set(option.long, [...(values.get(option.long) ?? []), value]);
  });
  return values;
}
