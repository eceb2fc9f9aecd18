/*
 * Words of other tools that people type out of habit, and the words for them here. Terraform's options have one dash, Pulumi's and
 * others' commands other names.
 */

/** By an option as it is typed, without its dashes and its value. */
const options: { readonly [option: string]: string } = {
  "auto-approve": "The word for it is --yes.",
  force: "The word for it is --yes; what a plan refuses is answered by the flag that its last line shows.",
  "dry-run": "`trueup plan` shows what apply would do, and writes nothing.",
  out: "Options have two dashes: --out FILE.",
  target: "Options have two dashes: --target ADDRESS, as in --target render/service/api.",
  exclude: "Options have two dashes: --exclude ADDRESS, as in --exclude render/service/api.",
  replace: "The word for it is --allow-replace ADDRESS; a token is rotated with `trueup rotate ADDRESS`.",
  var: "There are no variables: a value comes from the file, from `fromEnvironment` or from --values FILE.",
  "var-file": "What differs between environments stands in an overlay: --overlay FILE.",
  refresh: "Every plan reads the accounts; `trueup drift` tells what was changed outside.",
  "refresh-only": "`trueup drift` tells what was changed outside, and writes nothing.",
  parallelism: "There is none to set: a run keeps to the limits of the APIs by itself.",
  "detailed-exitcode": "That is always so: `trueup plan` ends with 2 while changes are pending.",
  stack: "The word for it is --label NAME.",
};

/** By the first word after `trueup`. */
const commands: { readonly [command: string]: string } = {
  import:
    "`trueup plan` adopts what exists under the same name; `trueup state adopt ADDRESS ID` what has another one.",
  refresh: "`trueup drift` tells what was changed outside; every plan reads the accounts.",
  preview: "The command is `trueup plan`.",
  diff: "The command is `trueup plan`.",
  up: "The command is `trueup apply`.",
  deploy: "The command is `trueup apply`: it deploys what a change takes effect in.",
  sync: "The command is `trueup apply`.",
  down: "The command is `trueup destroy`.",
  rm: "The command is `trueup state forget ADDRESS`; `trueup destroy ADDRESS` deletes.",
  show: "The command is `trueup state show`.",
  output: "`trueup state show ADDRESS` shows what is known of a resource; values are not kept.",
  fmt: "There is none: trueup leaves the form of a file alone.",
  taint: "`trueup apply --allow-replace ADDRESS` replaces; `trueup rotate ADDRESS` makes a new token.",
  "force-unlock": "The command is `trueup state unlock`.",
  workspace: "Several states of one file are told apart by --label NAME.",
};

/** What somebody meant who typed this; `undefined`: no habit is known that looks so. */
export function findHabit(args: readonly string[]): string | undefined {
  const own = args.slice(0, args.includes("--") ? args.indexOf("--") : undefined);
  const [command = "", ...rest] = own;
  if (Object.hasOwn(commands, command)) return commands[command];
  for (const word of rest) {
    const [, dashes = "", name = ""] = /^(--?)([a-z][a-z-]+)(?:=.*)?$/u.exec(word) ?? [];
    if (isAgreement(name) && !asking.has(command))
      return "Nothing is asked here; `trueup apply --yes` is what agrees beforehand.";
    if (Object.hasOwn(options, name) && !(dashes === "--" && isOurs(name))) return options[name];
    if (dashes === "-" && name.length > 2) return `Options have two dashes: --${name}.`;
  }
  const file = rest.find((word) => /\.ya?ml$/iu.test(word));
  return file === undefined ? undefined : `A file is given with -f: trueup ${command} -f ${file}`;
}

/** Commands that ask before they write. */
const asking: ReadonlySet<string> = new Set(["apply", "destroy", "rotate"]);

function isAgreement(name: string): boolean {
  return name === "auto-approve" || name === "force";
}

/** Options that are right with two dashes. */
function isOurs(name: string): boolean {
  return name === "out" || name === "target" || name === "exclude";
}
