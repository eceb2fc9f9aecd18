import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identifyProcess, isProcessGone, isProcessHere } from "../../../src/store/file/process-identity.ts";

/** Other systems do not tell, and then nothing is certain. */
const isTold = process.platform === "linux";

/** Whether it is certain that a process is gone, and that it is here. */
const known = async (identity: string | undefined) => ({
  gone: await isProcessGone(identity),
  here: await isProcessHere(identity),
});
const nothing = { gone: false, here: false };

test("nothing is certain of a process that nobody named", async () => {
  expect(await known(undefined)).toEqual(nothing);
});

test.runIf(isTold)("a process that runs is here, and once it has ended it is gone", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = once(child, "exit");
  const identity = await identifyProcess(child.pid!);
  expect(await known(identity)).toEqual({ gone: false, here: true });
  child.stdin.end();
  await ended;
  expect(await known(identity)).toEqual({ gone: true, here: false });
});

test.runIf(isTold)("a number that is used again is another process", async () => {
  const identity = await identifyProcess(process.pid);
  expect(identity).toMatch(/ \d+$/u);
  expect(await known(identity)).toEqual({ gone: false, here: true });
  expect(await known(identity!.replace(/\d+$/u, "1"))).toEqual({ gone: true, here: false });
});

test.runIf(isTold)("nothing is certain of a process of another machine, boot or container", async () => {
  const identity = (await identifyProcess(process.pid))!;
  const [boot, space, pid, started] = identity.split(" ");
  expect(identity).toBe([boot, space, pid, started].join(" "));
  expect(await known(["other", space, pid, started].join(" "))).toEqual(nothing);
  expect(await known([boot, "pid:[1]", pid, "1"].join(" "))).toEqual(nothing);
  expect(await known("")).toEqual(nothing);
});
