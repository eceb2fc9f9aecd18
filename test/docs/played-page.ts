import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStage, type Stage } from "../../bench/session/stage.ts";

/**
 * A page whose samples are played from top to bottom, in one folder and with one simulated account. What is played is said in
 * comments, which no reader sees:
 *
 * - `<!-- account: FILE -->`: from here on another account, which has what that file of this repository says, and no state; the
 *   files of the page stay
 * - `<!-- file: NAME -->` before a block: that is the file from here on
 * - `<!-- edit: NAME | before | after -->`: the file is changed
 * - `<!-- somebody: PATCH /services/{api} {...} -->`: somebody else changes the account
 * - `<!-- run: 2 0 -->` before a block: its lines that begin with `$ trueup` are run, end with these exit codes, and what stands
 *   below each is what it printed
 */
export async function playPage(text: string, root: string): Promise<string> {
  const [first = "", ...acts] = text.split(/(?=^<!-- account: )/mu);
  const files: Files = new Map();
  let played = await playAct(first, [], files);
  for (const act of acts) {
    const [, account = ""] = /^<!-- account: (\S+) -->/u.exec(act) ?? [];
    played += await playAct(act, [await readFile(join(root, account), "utf8")], files);
  }
  return played;
}

/** The files of the page by their names, as they are now. */
type Files = Map<string, string>;

export const isPlayed = (text: string): boolean => /^<!-- run: /mu.test(text);

const columns = 96;

async function playAct(text: string, account: readonly string[], files: Files): Promise<string> {
  const stage = await openStage({ account });
  try {
    for (const [name, content] of files) await writeFile(join(stage.folder, name), content);
    let played = "";
    for (const part of text.split(/(?=^<!-- [a-z]+: )/mu)) played += await playPart(part, stage, files);
    return played;
  } finally {
    await stage.close();
  }
}

async function playPart(part: string, stage: Stage, files: Files): Promise<string> {
  const [, verb = "", rest = ""] = /^<!-- ([a-z]+): (.*) -->\n/u.exec(part) ?? [];
  const write = async (name: string, content: string): Promise<void> => {
    files.set(name, content);
    await writeFile(join(stage.folder, name), content);
  };
  switch (verb) {
    case "file":
      await write(rest, blockOf(part).body);
      return part;
    case "edit": {
      const [name = "", before = "", after = ""] = rest
        .split(" |")
        .map((piece) => piece.replace(/^ /u, "").replaceAll(String.raw`\n`, "\n"));
      const text = files.get(name) ?? "";
      if (!text.includes(before)) throw new Error(`${name} has no ${before}`);
      await write(name, text.replace(before, after));
      return part;
    }
    case "somebody": {
      const [, method = "", path = "", body] = /^(\S+) (\S+)(?: (.*))?$/u.exec(rest) ?? [];
      await stage.edit(method, path, body === undefined ? undefined : JSON.parse(body));
      return part;
    }
    case "run": {
      const { before, body, after } = blockOf(part);
      return before + (await runLines(body, rest.split(" ").map(Number), stage)) + after;
    }
    default:
      return part;
  }
}

/** The first block behind a comment. */
function blockOf(part: string): { readonly before: string; readonly body: string; readonly after: string } {
  const [, before, body, after] = /^([\s\S]*?^```[a-z]*\n)([\s\S]*?)(^```$[\s\S]*)$/mu.exec(part) ?? [];
  if (before === undefined || body === undefined || after === undefined)
    throw new Error(`there is no block behind ${part.split("\n")[0]}`);
  return { before, body, after };
}

async function runLines(body: string, codes: readonly number[], stage: Stage): Promise<string> {
  const lines = body.split("\n").filter((line) => line.startsWith("$ "));
  let played = "";
  for (const [index, line] of lines.entries()) {
    const { writes, code } = await stage.run(wordsOf(line), { columns, terminal: false });
    if (code !== codes[index])
      throw new Error(`${line} ended with ${code}, not ${codes[index]}:\n${writes.join("")}`);
    played += `${index > 0 ? "\n" : ""}${line}\n${withoutChance(writes.join("")).trimEnd()}\n`;
  }
  return played;
}

/** What runs beside a simulator, or with a variable, is what stands behind: the page has both already. */
function wordsOf(line: string): readonly string[] {
  const [, words] = /^\$ (?:[A-Z_]+=\S+ )*(?:trueup sim .*?-- )?trueup (.*)$/u.exec(line) ?? [];
  if (words === undefined) throw new Error(`only trueup can be played: ${line}`);
  return [...words.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** The name of a run ends with six random digits; the folder and the user are those of whoever plays the page. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/\b(\d{8}T\d{6})-[0-9a-f]{6}\b/gu, "$1-4c1a7e")
    .replaceAll(/\s+\S*trueup-stage-\w+/gu, " ~/acme")
    .replaceAll(/(?<= by )\S+ on \S+/gu, "ada on laptop");
}
