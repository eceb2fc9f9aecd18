import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built program; `npm test` builds it first. */
export const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
export type Options = {
  readonly folder: string;
  readonly env?: { readonly [name: string]: string };
  /** What is piped into it; absent: nothing is. */
  readonly input?: string;
  /** Called with each piece of stderr, to act on what the program says. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
};

/** Runs the program as a user's shell would, without a terminal, and waits for its end. */
export function runTrueup(
  args: readonly string[],
  { folder, env = {}, input, onStderr }: Options,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, LANG: "C.UTF-8", ...env },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdin?.end(input);
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onStderr?.(text, child);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
