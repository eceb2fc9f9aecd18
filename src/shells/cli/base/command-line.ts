import type { CommonOptions } from "./common-options.ts";
import { foldFiles } from "./file-words.ts";

/** A command line that works on the same files and state as this one. */
export function writeCommand(
  command: string,
  options: Pick<CommonOptions, "file" | "overlay" | "label" | "repo" | "fileId">,
): string {
  const words = [
    command,
    ...foldFiles(options.file).map((file) => `-f ${quote(file)}`),
    ...options.overlay.map((file) => `--overlay ${quote(file)}`),
    ...(options.label === undefined ? [] : [`--label ${quote(options.label)}`]),
    ...(options.repo === undefined ? [] : [`--repo ${quote(options.repo)}`]),
    ...(options.fileId === undefined ? [] : [`--file-id ${quote(options.fileId)}`]),
  ];
  return words.join(" ");
}

/** One word of a shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
