import { readFile, readlink } from "node:fs/promises";

/**
 * Names a process so that a later one can tell whether it is gone: boot, process namespace, number and start time. A number
 * alone says nothing: containers have their own, and numbers are used again. `undefined` where the system does not tell
 * (all but Linux).
 */
export async function identifyProcess(pid: number): Promise<string | undefined> {
  const space = await readSpace();
  return space === undefined ? undefined : `${space} ${pid} ${await readStart(pid)}`;
}

/** True only when it is certain. */
export async function isProcessGone(identity: string | undefined): Promise<boolean> {
  const space = await readSpace();
  if (identity === undefined || space === undefined || !identity.startsWith(`${space} `)) return false;
  const [pid, started] = identity.slice(space.length + 1).split(" ");
  const now = await readStart(Number(pid));
  return now === gone || now !== started;
}

/** True only when it is certain: a process of another machine or container is not known here. */
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

/** Field 22 of `stat`, in ticks since the boot; the name in field 2 may hold anything but ends at the last bracket. */
async function readStart(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? gone;
  } catch {
    return gone;
  }
}
