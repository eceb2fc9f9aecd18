/** What completion needs to know of a command; the shell takes it from the argument parser, so it cannot be out of date. */
export type CommandOutline = {
  readonly name: string;
  readonly summary: string;
  /** Long flags, with their dashes. */
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly takesFile: boolean;
  }[];
  readonly subcommands: readonly CommandOutline[];
};

/** The shells that `trueup completion` writes a script for. */
export const completionShells = ["bash", "zsh", "fish"] as const;
export type CompletionShell = (typeof completionShells)[number];

/** A script for the shell to source: `source <(trueup completion bash)`. */
export function completionScript(shell: CompletionShell, program: CommandOutline): string {
  switch (shell) {
    case "bash":
      return bashScript(program);
    case "zsh":
      return zshScript(program);
    case "fish":
      return fishScript(program);
    default:
      return shell satisfies never;
  }
}

function bashScript(program: CommandOutline): string {
  const cases = program.subcommands.map(
    (command) => `    ${command.name}) words="${wordsOf(command).join(" ")}" ;;`,
  );
  return `# bash completion for ${program.name}
_${program.name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words
  case "$previous" in
    ${fileFlags(program).join("|")}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="${wordsOf(program).join(" ")}" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${wordsOf(program).join(" ")}"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _${program.name} ${program.name}
`;
}

function zshScript(program: CommandOutline): string {
  const commands = program.subcommands.map(
    (command) => `    ${quote(`${zshWord(command.name)}:${command.summary}`)}`,
  );
  const cases = program.subcommands.map((command) => {
    const options = command.options.map(
      (option) =>
        `        ${quote(`${option.flag}[${zshText(option.description)}]${option.takesFile ? ":file:_files" : ""}`)}`,
    );
    const words =
      command.subcommands.length === 0
        ? []
        : [`        ${quote(`1:command:(${command.subcommands.map(({ name }) => name).join(" ")})`)}`];
    return `      ${command.name})\n        _arguments \\\n${[...options, ...words].join(" \\\n")}\n        ;;`;
  });
  return `#compdef ${program.name}
# zsh completion for ${program.name}
_${program.name}() {
  local -a commands
  commands=(
${commands.join("\n")}
  )
  _arguments -C '1: :->command' '*:: :->rest'
  case "$state" in
    command) _describe command commands ;;
    rest)
      case "$words[1]" in
${cases.join("\n")}
      esac
      ;;
  esac
}
compdef _${program.name} ${program.name}
`;
}

function fishScript(program: CommandOutline): string {
  const lines = program.subcommands.flatMap((command) => {
    const inside = `__fish_seen_subcommand_from ${command.name}`;
    return [
      `complete -c ${program.name} -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`,
      ...command.options.map(
        (option) =>
          `complete -c ${program.name} -n ${quote(inside)} -l ${option.flag.slice(2)}${option.takesFile ? " -r" : " -f"} -d ${quote(option.description)}`,
      ),
      ...command.subcommands.map(
        (sub) => `complete -c ${program.name} -n ${quote(inside)} -f -a ${sub.name} -d ${quote(sub.summary)}`,
      ),
    ];
  });
  return `# fish completion for ${program.name}\n${lines.join("\n")}\n`;
}

function wordsOf(command: CommandOutline): readonly string[] {
  return [...command.subcommands.map(({ name }) => name), ...command.options.map(({ flag }) => flag)];
}

function fileFlags(program: CommandOutline): readonly string[] {
  const options = program.subcommands.flatMap((command) => command.options);
  return ["-f", ...new Set(options.filter(({ takesFile }) => takesFile).map(({ flag }) => flag))];
}

/** In single quotes every character is itself, but the quote. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function zshWord(text: string): string {
  return text.replaceAll(":", "\\:");
}

function zshText(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, "\\$&");
}
