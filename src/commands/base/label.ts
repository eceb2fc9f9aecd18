import { problem, ProblemError } from "../../core/base/problem.ts";

/** The folder of a label is its percent-encoded form, and a file system takes 255 bytes, of which backups need some. */
const longest = 200;
/** Cannot be seen or typed: controls, formats such as bidi marks, lone surrogates, line separators. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Names of devices on Windows, with any ending. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

/**
 * The label as it is, or an error: an empty one is what `--label "$UNSET"` gives, and would quietly be a state of its own.
 * A slash is allowed (`preview/42`); it is encoded, so a label never leads to another folder.
 */
export function checkLabel(label: string): string {
  const wrong = findFault(label);
  if (wrong === undefined) return label;
  const message = `${JSON.stringify(label.slice(0, 60))} cannot be a label: ${wrong}.`;
  const remedy =
    "Give another name after --label (or in state.name), such as production; leave it out for default.";
  throw new ProblemError([problem("error", "label-not-allowed", message, remedy)]);
}

function findFault(label: string): string | undefined {
  if (label === "") return "it is empty";
  if (hidden.test(label)) return "it holds characters that cannot be seen";
  if (label.trim() !== label) return "it begins or ends with a space";
  if (label === "." || label === "..") return "it names a folder";
  if (devices.test(label)) return "Windows has a device of that name";
  if (encodeURIComponent(label).length > longest) return `it is longer than ${longest} bytes`;
  return undefined;
}
