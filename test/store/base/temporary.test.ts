import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  openNew,
  openOwn,
  sweepStaged,
  sweepTemporaries,
  temporaryName,
} from "../../../src/store/base/temporary.ts";
import { appendDurably, removeIfThere, writeDurably } from "../../../src/store/file/durable-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  path = join(folder, "ledger.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = (): Promise<string> => readFile(path, "utf8");
const agree = async (): Promise<void> => undefined;
const refuse = (): Promise<void> => Promise.reject(new Error("the lock is another's"));
/** Agrees so many times and refuses from then on. */
const agreeing = (times: number) => {
  let left = times;
  return () => ((left -= 1) >= 0 ? agree() : refuse());
};

describe("a file of the state", () => {
  test("is not opened through a link, whatever it leads to", async () => {
    await writeFile(join(folder, "precious"), "precious");
    for (const target of ["precious", "missing"]) {
      await symlink(join(folder, target), path);
      await expect(openOwn(path, "read")).rejects.toThrow();
      await expect(openOwn(path, "append", 0o600)).rejects.toThrow();
      await expect(openNew(path, 0o600)).rejects.toThrow("EEXIST");
      await rm(path);
    }
    expect(await readdir(folder)).toEqual(["precious"]);
  });

  test("is whole under its name or not there, and nothing else is left of it", async () => {
    await expect(writeDurably(path, "one", 0o600, refuse)).rejects.toThrow("the lock is another's");
    expect(await readdir(folder)).toEqual([]);
    await writeDurably(path, "one", 0o600);
    await expect(writeDurably(path, "two", 0o600, refuse)).rejects.toThrow();
    expect(await text()).toBe("one");
    expect(await readdir(folder)).toEqual(["ledger.json"]);
  });

  test("gets no line of one who lost the lock before, and tells one who lost it meanwhile", async () => {
    await appendDurably(path, "one\n", 0o600, agree);
    await expect(appendDurably(path, "two\n", 0o600, refuse)).rejects.toThrow("the lock is another's");
    expect(await text()).toBe("one\n");
    await expect(appendDurably(path, "three\n", 0o600, agreeing(1))).rejects.toThrow();
    expect(await text()).toBe("one\nthree\n");
  });

  /** Text of which the disk takes the first part and not the second. */
  async function* breaking(): AsyncGenerator<string> {
    yield "half of";
    throw new Error("no space left");
  }
  const broken = (): string => breaking() as unknown as string;

  test("has no half of a line when the disk took no more, unless it is another's by then", async () => {
    await appendDurably(path, "one\n", 0o600, agree);
    await expect(appendDurably(path, broken(), 0o600, agree)).rejects.toThrow("no space left");
    expect(await text()).toBe("one\n");
    await expect(appendDurably(path, broken(), 0o600, agreeing(1))).rejects.toThrow("no space left");
    expect(await text()).toBe("one\nhalf of");
    await expect(writeDurably(path, broken(), 0o600)).rejects.toThrow("no space left");
    expect(await readdir(folder)).toEqual(["ledger.json"]);
  });

  test("is gone once it is removed, and was no file where it cannot be", async () => {
    await writeFile(path, "one");
    await removeIfThere(path);
    expect(await readdir(folder)).toEqual([]);
    await removeIfThere(path);
    await mkdir(path);
    await expect(removeIfThere(path)).rejects.toThrow();
  });
});

describe("what is left of a process", () => {
  /** Above every number that Linux gives (4194304). */
  const dead = "ledger.json.2000000000.0123456789abcdef.temporary";

  test("goes where that one has ended, and stays where it runs", async () => {
    const own = temporaryName("ledger.json");
    const others = ["ledger.json", "ledger.json.temporary", "notes.2000000000.temporary"];
    for (const name of [own, dead, ...others]) await writeFile(join(folder, name), "");
    await sweepTemporaries(folder);
    expect(await readdir(folder)).toEqual([own, ...others].sort());
  });

  test("goes altogether where somebody new holds the lock, but for a lock that is being made", async () => {
    const own = temporaryName("ledger.json");
    const lock = temporaryName("lock");
    for (const name of [own, dead, lock, "ledger.json"]) await writeFile(join(folder, name), "");
    await sweepStaged(folder);
    expect(await readdir(folder)).toEqual(["ledger.json", lock].sort());
  });

  test("is nothing where there is no folder", async () => {
    await sweepTemporaries(join(folder, "missing"));
    await sweepStaged(join(folder, "missing"));
    expect(await readdir(folder)).toEqual([]);
  });
});
