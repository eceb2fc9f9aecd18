import { spawn, spawnSync } from "node:child_process";
import { program } from "./start-program.ts";

/**
 * The program at a real pseudo-terminal, made by what most machines have: `script` of util-linux, else Python. Both pass on
 * what is typed and give back every byte of the screen. The terminal echoes, as everybody's does, until a program tells it not to.
 */
const python = "import pty, sys; pty.spawn(['sh', '-c', sys.argv[1]])";

/** `undefined`: there is nothing on this machine to make a terminal with. */
export const terminal = findTerminal();

function findTerminal(): ((command: string) => readonly [string, ...string[]]) | undefined {
  if (outputOf("script --version").includes("util-linux"))
    return (command) => ["sh", "-c", 'exec script -qec "$0" /dev/null', command];
  const hasPython = outputOf("python3 -c 'import pty; print(1)'") !== "";
  return hasPython ? (command) => ["python3", "-c", python, command] : undefined;
}

function outputOf(command: string): string {
  return (
    spawnSync("sh", ["-c", command], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).stdout ?? ""
  );
}

export type Typing = {
  /** Typed as soon as the screen shows the text, in order. */
  readonly when: string;
  readonly type?: string;
  /** Sent to the program in place of a key. */
  readonly signal?: NodeJS.Signals;
};

/**
 * Everything that was on the screen. After the program, `mode:` shows whether the terminal echoes and reads lines again, and
 * `code:` how the program ended.
 */
export async function runAtTerminal(
  args: readonly string[],
  typing: readonly Typing[],
  { folder, env }: { readonly folder: string; readonly env: { readonly [name: string]: string } },
): Promise<string> {
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(" ");
  const command = `stty echo; sh -c 'echo "pid:$$"; exec "$0" "$@"' ${words}; echo "code:$?"; stty -a | tr ' ;' '\\n\\n' | grep -xE -e '-?(echo|icanon|isig)' | tr '\\n' ' ' | sed 's/^/mode:/'`;
  const [first, ...rest] = terminal!(command);
  const child = spawn(first, rest, {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      LANG: "C.UTF-8",
      TERM: "xterm",
      SHELL: "/bin/sh",
      ...env,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let [screen, seen] = ["", 0];
  const left = [...typing];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    for (let [next] = left; next && screen.includes(next.when, seen); [next] = left) {
      seen = screen.indexOf(next.when, seen) + next.when.length;
      left.shift();
      if (next.type !== undefined) child.stdin.write(next.type);
      if (next.signal) process.kill(Number(/pid:(\d+)/u.exec(screen)?.[1]), next.signal);
    }
  });
  await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (left[0]) throw new Error(`the screen never showed ${left[0].when}:\n${screen}`);
  return screen;
}
