import { fork, type ChildProcess } from "node:child_process";
import type { Answer, Order } from "./worker.ts";

/** A process that runs tests, started when it is first needed, and again after it had to be ended. */
export class Tester {
  readonly #root: string;
  #child: Promise<ChildProcess> | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** `lost`: no answer within that time (milliseconds), or the process broke. */
  async ask(order: Order, within: number): Promise<Answer | "lost"> {
    this.#child ??= start(this.#root);
    const child = await this.#child;
    const answer = await new Promise<Answer | "lost">((resolve) => {
      const timer = setTimeout(() => resolve("lost"), within);
      const finish = (said: Answer | "lost"): void => {
        clearTimeout(timer);
        child.removeAllListeners("message");
        child.removeAllListeners("exit");
        resolve(said);
      };
      child.once("message", (said: Answer) => finish(said));
      child.once("exit", () => finish("lost"));
      child.send(order);
    });
    if (answer === "lost") this.close(child);
    return answer;
  }

  close(child?: ChildProcess): void {
    const open = child ? Promise.resolve(child) : this.#child;
    this.#child = undefined;
    // With everything that it started: a test that never ends is in a process of its own.
    void open?.then(({ pid }) => pid !== undefined && endGroup(pid));
  }
}

async function start(root: string): Promise<ChildProcess> {
  const program = process.argv[1] ?? "";
  const child = fork(program, ["--worker"], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", () => reject(new Error("the process that runs the tests did not start")));
  });
  return child;
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
