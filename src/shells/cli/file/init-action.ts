import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { runInit } from "../../../commands/init.ts";
import { escapeText } from "../../../views/base/escape.ts";
import { printDocument } from "../../../views/json/document.ts";
import { exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { readBytes } from "../base/read-bytes.ts";
import type { Shell } from "../base/shell.ts";

export async function init(
  input: { readonly file?: string },
  options: { readonly json: boolean; readonly color: boolean },
  shell: Shell,
): Promise<number> {
  const folder = process.cwd();
  try {
    const { name, text } = await runInit(input, { folder, readFile: readBytes });
    await writeFile(resolve(folder, name), text, { flag: "wx" });
    shell.stdout.write(
      options.json
        ? printDocument("init", "done", { file: name, resources: [], problems: [] })
        : `Wrote ${escapeText(name)}. Fill it in, then: trueup plan\n`,
    );
    return exitCodes.done;
  } catch (error) {
    return reportFailure(error, options, shell);
  }
}
