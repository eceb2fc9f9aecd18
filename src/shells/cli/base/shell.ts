import type { Screen } from "../../../views/base/screen.ts";

/** The process a command runs in, as far as commands may see it; only `main.ts` reads the real one. */
export type Shell = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: { readonly [name: string]: string | undefined };
  /** The file that Node was started with, for running this very program again. */
  readonly program: string;
};

/** A stream that may or may not be a terminal; Node leaves both out where it is none. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Width of output that goes into a file or a log. */
const widthOfNoTerminal = 100;

/** What a stream can show: colour and width come from the terminal, the character set from the locale. */
export function findScreen(
  stream: Output,
  env: Shell["env"],
  { color, verbose = false }: { readonly color: boolean; readonly verbose?: boolean },
): Screen {
  const isTerminal = stream.isTTY === true;
  const forbidsColour = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return {
    columns: stream.columns ?? (Number(env["COLUMNS"]) || widthOfNoTerminal),
    colour: isTerminal && color && !forbidsColour,
    unicode: hasUnicode(env),
    verbose,
  };
}

/** A locale that is not set at all says nothing: containers have none and their logs are UTF-8. */
function hasUnicode(env: Shell["env"]): boolean {
  if ((env["TRUEUP_ASCII"] ?? "") !== "") return false;
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return locale === "" || /utf-?8/i.test(locale);
}
