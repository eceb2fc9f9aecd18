import { readDuration } from "../cli/base/read-duration.ts";
import type { PlanInput } from "../../commands/planning/plan-input.ts";
import type { StateSettings } from "../../core/model/desired.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";

/** What a workflow says after `with:`. Lists have an item a line. */
export type Inputs = {
  readonly command: "plan" | "apply" | "drift" | "validate";
  readonly files: readonly string[];
  readonly overlays: readonly string[];
  readonly label?: string;
  /** Where the state lies, for a file that does not say it: `git`, or `git:BRANCH`. */
  readonly state?: string;
  readonly comment: "true" | "changes-only" | "always-new" | "rollup" | "false";
  /** What makes the job fail besides an error. */
  readonly failOn: readonly ("changes" | "drift" | "refused" | "destructive")[];
  readonly onStale: "stop" | "replan";
  /** Milliseconds. */
  readonly maxDuration?: number;
  readonly workingDirectory: string;
  /** Variables of trueup's own, as `NAME=VALUE` a line; they are masked. */
  readonly keys: { readonly [name: string]: string };
  readonly allowEnv: readonly string[];
  readonly githubToken?: string;
  readonly allowDataLoss: readonly string[];
  readonly allowReplace: readonly string[];
  readonly allowDeletes?: number;
  readonly adopt: boolean;
};

type Environment = { readonly [name: string]: string | undefined };

const choices = {
  command: ["plan", "apply", "drift", "validate"],
  comment: ["true", "changes-only", "always-new", "rollup", "false"],
  "on-stale": ["stop", "replan"],
  adopt: ["false", "true"],
} as const;
const failures = ["changes", "drift", "refused", "destructive"] as const;

/** Reads the texts of inputs, and collects what cannot be read. */
class InputReader {
  readonly problems: Problem[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Of the variable in which the runner hands it over: `INPUT_ON-STALE`. */
  text(name: string): string {
    return (this.#environment[`INPUT_${name.toUpperCase()}`] ?? "").trim();
  }

  lines(name: string): readonly string[] {
    const lines = this.text(name).split("\n");
    return lines.map((line) => line.trim()).filter((line) => line !== "");
  }

  /** One of a few words; the first of them where nothing is given. */
  choose<Name extends keyof typeof choices>(name: Name): (typeof choices)[Name][number] {
    const found = choices[name].find((one) => one === this.text(name));
    if (found === undefined && this.text(name) !== "") this.refuse(name, `Write ${listOr(choices[name])}.`);
    return found ?? choices[name][0];
  }

  /** A text that has to have a form; `undefined` where nothing is given. */
  match(name: string, form: RegExp, remedy: string): string | undefined {
    const text = this.text(name);
    if (text === "") return undefined;
    if (!form.test(text)) this.refuse(name, remedy);
    return text;
  }

  refuse(name: string, remedy: string): void {
    const message = `The input ${name} is ${JSON.stringify(this.text(name))}, which cannot be read.`;
    this.problems.push(problem("error", "action-input", message, remedy));
  }
}

/** Throws a `ProblemError` with code `action-input` for every input that cannot be read. */
export function readInputs(environment: Environment): Inputs {
  const reader = new InputReader(environment);
  const label = reader.text("label");
  const githubToken = reader.text("github-token");
  const state = reader.match("state", /^git(?::[\w./-]+)?$/u, "Write git, or git:BRANCH.");
  const deletes = reader.match("allow-deletes", /^\d{1,9}$/u, "Write a whole number.");
  const maxDuration = readMaxDuration(reader);
  const inputs: Inputs = {
    command: reader.choose("command"),
    files: reader.lines("file"),
    overlays: reader.lines("overlay"),
    ...(label !== "" && { label }),
    ...(state !== undefined && { state }),
    comment: reader.choose("comment"),
    failOn: readFailOn(reader),
    onStale: reader.choose("on-stale"),
    ...(maxDuration !== undefined && { maxDuration }),
    workingDirectory: reader.text("working-directory") || ".",
    keys: readKeys(reader),
    allowEnv: reader.lines("allow-env"),
    ...(githubToken !== "" && { githubToken }),
    allowDataLoss: reader.lines("allow-data-loss"),
    allowReplace: reader.lines("allow-replace"),
    ...(deletes !== undefined && { allowDeletes: Number(deletes) }),
    adopt: reader.choose("adopt") === "true",
  };
  if (reader.problems.length > 0) throw new ProblemError(reader.problems);
  return inputs;
}

function readFailOn(reader: InputReader): Inputs["failOn"] {
  const words = reader.lines("fail-on").flatMap((line) => line.split(/[\s,]+/u));
  const known = words.flatMap((word) => failures.find((one) => one === word) ?? []);
  if (known.length < words.length) reader.refuse("fail-on", `Write any of ${listOr(failures)}, a line each.`);
  return known;
}

function readMaxDuration(reader: InputReader): number | undefined {
  const text = reader.text("max-duration");
  const duration = text === "" ? undefined : readDuration(text);
  if (text !== "" && duration === undefined)
    reader.refuse("max-duration", "Write a time such as 50m, 5h or 1h30m.");
  return duration;
}

/** A line that is no NAME=VALUE may hold a key: it is not shown. */
function readKeys(reader: InputReader): Inputs["keys"] {
  const found = reader.lines("keys").map((line) => /^([A-Z][A-Z\d_]*)=(.*)$/u.exec(line));
  if (found.includes(null)) {
    const message = "The input keys has a line that is not NAME=VALUE.";
    const remedy = "Write RENDER_API_KEY=${{ secrets.RENDER_API_KEY }}, a line for each.";
    reader.problems.push(problem("error", "action-input", message, remedy));
  }
  return Object.fromEntries(found.flatMap((one) => (one ? [[one[1] ?? "", one[2] ?? ""]] : [])));
}

function listOr(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** A glob that is the name of no variable: without `allow-env` no variable of the job comes into a value. */
const noVariable = ["-"];

/** What the inputs say, as the commands take it. */
export function planSettings(inputs: Inputs): PlanInput {
  const { files, overlays, label, state, allowDeletes, allowEnv, allowDataLoss, allowReplace, adopt } =
    inputs;
  return {
    files,
    overlays,
    ...(label !== undefined && { label }),
    ...(state !== undefined && { chosenState: readChosenState(state) }),
    strictValues: false,
    ...(allowDeletes !== undefined && { allowDeletes }),
    allowDataLoss,
    allowReplace,
    adopt,
    replaceValues: false,
    allowEnv: allowEnv.length > 0 ? allowEnv : noVariable,
    targets: [],
    excludes: [],
  };
}

/** `git`, or `git:BRANCH`. */
function readChosenState(text: string): StateSettings {
  const [, branch] = text.split(":");
  return { backend: "git", ...(branch !== undefined && { branch }) };
}
