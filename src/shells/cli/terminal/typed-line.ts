/**
 * What a person has typed so far, as the raw bytes of a terminal come in. Pure: the reader in `ask.ts` shows and hides it.
 *
 * A terminal sends keys as characters (`\r` for Enter, `\x7f` for Backspace, `\x03` for Ctrl-C) and sequences that begin with
 * Escape (arrows). Pasted text stands between `\x1b[200~` and `\x1b[201~` where the terminal was asked to mark it. A key in
 * PEM form can so be pasted whole: a line break inside of a paste belongs to the value, the Enter after it ends the line.
 * Example: `feed(noLine, "abd\x7fc\r")` is the text `abc`, ended by Enter.
 */
export type TypedLine = {
  readonly text: string;
  /** `open`: nothing has ended it yet; `closed`: Ctrl-D on an empty line. */
  readonly end: "open" | "entered" | "closed" | "interrupted";
  readonly isPasting: boolean;
  /** The beginning of a sequence whose rest has not come yet. */
  readonly pending: string;
};

/** Before the first key. */
export const noLine: TypedLine = { text: "", end: "open", isPasting: false, pending: "" };

/** Ask the terminal to mark what is pasted, and to stop it. */
export const markPastes = "\u001b[?2004h";
export const unmarkPastes = "\u001b[?2004l";

const pasteBegins = "\u001b[200~";
const pasteEnds = "\u001b[201~";
/** What follows Escape in the sequence of a key; one that is cut off fits `unfinished`. A control key is one by itself. */
const sequence = /^(?:\[[0-?]*[ -/]*[@-~]|O.|[^[O\p{Cc}])/su;
const unfinished = /^(?:\[[0-?]*[ -/]*|O)?$/u;

/** What comes after the end of a line in the same piece is dropped: it was meant for no other question. */
export function feed(line: TypedLine, typed: string): TypedLine {
  let now: TypedLine = { ...line, pending: "" };
  let rest = line.pending + typed;
  while (rest !== "" && now.end === "open") {
    if (rest.startsWith("\u001b")) {
      const key = `\u001b${sequence.exec(rest.slice(1))?.[0] ?? ""}`;
      if (key === "\u001b" && unfinished.test(rest.slice(1))) return { ...now, pending: rest };
      if (key === pasteBegins || key === pasteEnds) now = { ...now, isPasting: key === pasteBegins };
      rest = rest.slice(key.length);
    } else {
      const [character = ""] = rest;
      now = now.isPasting ? insert(now, character) : press(now, character);
      rest = rest.slice(character.length);
    }
  }
  return now;
}

/** A terminal pastes line breaks as carriage returns. */
function insert(line: TypedLine, character: string): TypedLine {
  return { ...line, text: line.text + (character === "\r" ? "\n" : character) };
}

function press(line: TypedLine, character: string): TypedLine {
  switch (character) {
    case "\r":
    case "\n":
      return { ...line, end: "entered" };
    case "\u0003":
      return { ...line, end: "interrupted" };
    case "\u0004":
      return line.text === "" ? { ...line, end: "closed" } : line;
    case "\u007f":
    case "\b":
      return { ...line, text: Array.from(line.text).slice(0, -1).join("") };
    case "\u0015":
      return { ...line, text: "" };
    default:
      return character < " " && character !== "\t" ? line : insert(line, character);
  }
}
