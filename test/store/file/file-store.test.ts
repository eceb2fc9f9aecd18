import { execFile } from "node:child_process";
import fs from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyInventory } from "../../../src/core/model/inventory.ts";
import { removeConfirmed } from "../../../src/store/file/durable-file.ts";
import { openFileStore } from "../../../src/store/file/file-store.ts";
import { lockLost } from "../../../src/store/base/lease.ts";
import { sweepStaged } from "../../../src/store/base/temporary.ts";
import { openStateFolder } from "../../../src/store/file/state-folder.ts";
import { problemsOf } from "../../observe.ts";
import { makeClock } from "../clock.ts";
import { describeBackend, holder, intent, key, type Place } from "../contract.ts";
import { describePlanRecords } from "../plan-records.ts";
import { describeStaleHolders } from "../stale-holder.ts";

async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  const path = (name: string): string => join(folder, "default", name);
  return {
    open: (world, label = "default") => openFileStore(openStateFolder(folder, folder), label, { world }),
    read: (name) => readFile(path(name), "utf8").catch(() => undefined),
    write: async (name, text) => {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text);
    },
    close: () => rm(folder, { recursive: true }),
  };
}

describeBackend("a folder", openPlace);
describePlanRecords("a folder", openPlace);
describeStaleHolders("a folder", openPlace);

describe("a state folder", () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "trueup-test-"))));
  afterEach(() => rm(folder, { recursive: true }));
  const clock = makeClock();
  const { world } = clock;
  const open = (given?: string) =>
    openFileStore(openStateFolder(folder, folder), "default", {
      world,
      ...(given !== undefined && { key: given }),
    });

  test("keeps the key and the journal to its owner, and all but the inventory out of git", async () => {
    const locked = await open().lock(holder("r1"));
    await locked.makeKey(key);
    await locked.append(intent("r1", "a"));
    await locked.commit(emptyInventory("line"));
    await locked.append(intent("r1", "b"));
    const mode = async (name: string): Promise<number> => (await stat(join(folder, name))).mode & 0o777;
    expect(await mode("key")).toBe(0o600);
    expect(await mode("default/journal.ndjson")).toBe(0o600);
    const ignored = (await readFile(join(folder, ".gitignore"), "utf8")).split("\n");
    expect(ignored).toEqual(expect.arrayContaining(["key", "*/journal.ndjson", "*/lock*"]));
    await locked.unlock();
    expect((await readdir(join(folder, "default"))).sort(), "nothing is left over").toEqual([
      "inventory.json",
      "journal.ndjson",
    ]);
  });

  test("git takes the inventory and sealed values and nothing else, here and in the folder of this checkout", async () => {
    const locked = await open().lock(holder("r1"));
    await locked.makeKey(key);
    await locked.commit(emptyInventory("line"));
    await locked.append(intent("r1", "b"));
    await locked.keep("plan.json", "{}");
    await locked.keep("sealed/token.age", "sealed");
    const others = [
      "ledger.json",
      "runs/r0.json",
      "plans/7-3f2a-9c41.json",
      "backup/inventory.json.version-1",
      "damaged/5-inventory.json",
      "inventory.json.4711.9f86d081884c7d65.temporary",
      "runs/r1.json.4711.9f86d081884c7d65.temporary",
      "lock.4711.9f86d081884c7d65.temporary",
      "../.simulator/tried/default/inventory.json",
    ].map((name) => join(folder, "default", name));
    for (const path of others) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, "");
    }
    const git = (...args: readonly string[]) => promisify(execFile)("git", ["-C", folder, ...args]);
    await git("init", "--quiet");
    await git("add", "--all");
    const { stdout } = await git("ls-files");
    expect(stdout.split("\n")).toEqual([
      ".gitignore",
      "default/inventory.json",
      "default/sealed/token.age",
      "",
    ]);
    const written = await readFile(join(folder, ".gitignore"), "utf8");
    expect(await readFile("state/.gitignore", "utf8")).toBe(written);
    await locked.unlock();
  });

  test("the key that the first one made is all labels' key, also for those that planned at the same time", async () => {
    const other = openFileStore(openStateFolder(folder, folder), "other", { world });
    const [one, two] = [await open().lock(holder("r1")), await other.lock(holder("r2"))];
    const made = await one.makeKey(key);
    expect(await problemsOf(two.makeKey("f".repeat(64)))).toMatchObject([{ code: "state-moved" }]);
    expect(await other.key()).toEqual(made);
    expect((await readdir(folder)).filter((name) => name.startsWith("key"))).toEqual(["key"]);
    await one.unlock();
    await two.unlock();
  });

  test("a key that is given goes before the one that is kept", async () => {
    const locked = await open().lock(holder("r1"));
    const kept = await locked.makeKey(key);
    await locked.unlock();
    expect(await open().key()).toEqual(kept);
    expect((await open("f".repeat(64)).key())?.id).not.toBe(kept.id);
    expect(await problemsOf(open("short").key())).toMatchObject([
      { code: "key-unreadable", message: "TRUEUP_STATE_KEY does not hold 64 hex digits." },
    ]);
  });

  test("a holder of this machine that is certainly dead keeps nobody waiting", async () => {
    // Larger than any process number that Linux gives.
    await open().lock({ ...holder("r1"), pid: 2 ** 22 + 1 });
    const next = open().lock(holder("r2"));
    if (process.platform === "linux") await (await next).unlock();
    else expect(await problemsOf(next)).toMatchObject([{ code: "locked" }]);
  });

  test("what a holder of before was about to write is gone before the next one reads, though its process lives", async () => {
    await mkdir(join(folder, "default"));
    const path = join(folder, "default", `inventory.json.${process.pid}.0123456789abcdef.temporary`);
    const ofLock = join(folder, "default", `lock.${process.pid}.0123456789abcdef.temporary`);
    for (const one of [path, ofLock]) await writeFile(one, "{}");
    const locked = await open().lock(holder("r2"));
    const names = await readdir(join(folder, "default"));
    expect(names.some((name) => name.startsWith("inventory.json."))).toBe(false);
    expect(names, "and that of somebody who is about to take the lock stays").toContain(basename(ofLock));
    await locked.unlock();
  });

  test("a sweep of a holder of before that comes too late takes nothing from the holder", async () => {
    const locked = await open().lock(holder("r2"));
    const first = await locked.commit(emptyInventory("line"));
    const { rename } = fs.promises;
    const swept: string[] = [];
    const late: typeof rename = async (from, to) => {
      const name = basename(String(to));
      if (!swept.includes(name)) await sweepStaged(join(folder, "default"));
      swept.push(name);
      return rename(from, to);
    };
    try {
      fs.promises.rename = late;
      syncBuiltinESMExports();
      await locked.keep("plan.json", "of r2");
      const next = await locked.commit(first);
      expect(await open().inventory()).toEqual(next);
    } finally {
      fs.promises.rename = rename;
      syncBuiltinESMExports();
    }
    expect(await readFile(join(folder, "default", "plan.json"), "utf8")).toBe("of r2");
    expect(swept.filter((name) => name === "inventory.json")).toHaveLength(2);
    await locked.unlock();
  });

  test("a removal that comes too late puts back what is another holder's by then", async () => {
    await mkdir(join(folder, "default"));
    const path = join(folder, "default", "plan.json");
    await writeFile(path, "of r2");
    const late = removeConfirmed(path, () => Promise.reject(lockLost("another run took it over")));
    expect(await problemsOf(late)).toMatchObject([{ code: "lock-lost" }]);
    expect(await readFile(path, "utf8")).toBe("of r2");
    expect(await readdir(join(folder, "default"))).toEqual(["plan.json"]);
  });

  test("a lock file that cannot be read is somebody's, until its lease ends", async () => {
    const path = join(folder, "default", "lock");
    await mkdir(dirname(path));
    await writeFile(path, "");
    await utimes(path, world.now() / 1000, world.now() / 1000);
    expect(await problemsOf(open().lock(holder("r2")))).toMatchObject([{ code: "locked" }]);
    clock.pass(5 * 60_000);
    await (await open().lock(holder("r3"))).unlock();
  });
});
