import { readFile, readlink } from "node:fs/promises";

/**
 * Names a process so that another one can find out later whether it has ended: boot, process namespace, number and start time. A
 * number alone is not enough, since each container counts its own processes and numbers are used again. `undefined` on all
 * systems but Linux, which do not tell this.
 */
export async function identifyProcess(pid: number): Promise<string | undefined> {
  const space = await readSpace();
  return space === undefined ? undefined : `${space} ${pid} ${await readStart(pid)}`;
}

/** Whether the process has certainly ended. False when that cannot be known: it is of another machine, container or system. */
export async function isProcessGone(identity: string | undefined): Promise<boolean> {
  const space = await readSpace();
  if (identity === undefined || space === undefined || !identity.startsWith(`${space} `)) return false;
  const [pid, started] = identity.slice(space.length + 1).split(" ");
  const now = await readStart(Number(pid));
  return now === gone || now !== started;
}

/** Whether the process certainly runs here. False when that cannot be known: it is of another machine, container or system. */
export async function isProcessHere(identity: string | undefined): Promise<boolean> {
  const space = await readSpace();
  if (identity === undefined || space === undefined || !identity.startsWith(`${space} `)) return false;
  return !(await isProcessGone(identity));
}

const gone = "gone";

async function readSpace(): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** When the process started: field 22 of `stat`, in ticks since the boot. The name in field 2 may hold any character and ends at the last bracket. */
async function readStart(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? gone;
  } catch {
    return gone;
  }
}
