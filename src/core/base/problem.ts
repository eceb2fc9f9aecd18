/** A place in a file of the user's: 1-based line and column (in UTF-16 units), file as the user named it. */
export type Where = { readonly file: string; readonly line: number; readonly column: number };

/**
 * `error` stops the stage that found it (exit 1), `refusal` stops a run before its first write (exit 3), `warning` and
 * `note` are shown and stop nothing.
 */
export type Severity = "error" | "refusal" | "warning" | "note";

/**
 * An expected failure, as a value. `code` is stable and documented in docs/problems.md; `message` is one sentence that
 * names the thing; `remedy` says what the reader can do now. `where` is the place in the file that it is about, `address`
 * the resource. `frame` is a code frame with secrets already masked. `log` holds the last lines of a program that failed,
 * oldest first, with secrets taken out. Texts from outside are escaped by the views, not here.
 */
export type Problem = {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly remedy: string;
  readonly where?: Where;
  readonly frame?: string;
  readonly log?: readonly string[];
  readonly address?: string;
  /** How a person may answer this refusal. Absent: only an edit of the file or of the account helps. */
  readonly answer?: Answer;
};

/**
 * What answers a refusal. `flags`: all of them together, ready to paste after the command (`--allow-data-loss
 * render/postgres/main`). `block`: YAML that answers it in the file instead, reviewed like everything else there. `word`:
 * what a person types under the plan, `yes` or the address whose data ends; absent where nothing typed answers it.
 */
export type Answer = { readonly flags: readonly string[]; readonly block?: string; readonly word?: string };

/** Thrown where a stage cannot go on; carries every problem the stage found, never only the first. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map((problem) => `${problem.code}: ${problem.message}`).join("\n"), options);
    this.name = "ProblemError";
    this.problems = problems;
  }
}

/** Makes a problem. Members of `more` that are `undefined` or empty are left out. */
export function problem(
  severity: Severity,
  code: string,
  message: string,
  remedy: string,
  more?: {
    where?: Where | undefined;
    address?: string | undefined;
    frame?: string | undefined;
    log?: readonly string[];
    answer?: Answer | undefined;
  },
): Problem {
  return {
    code,
    severity,
    message,
    remedy,
    ...(more?.where && { where: more.where }),
    ...(more?.address && { address: more.address }),
    ...(more?.frame && { frame: more.frame }),
    ...(more?.log && more.log.length > 0 && { log: more.log }),
    ...(more?.answer && { answer: more.answer }),
  };
}
