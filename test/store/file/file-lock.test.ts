import { renameSync, utimesSync } from "node:fs";
import { mkdtemp, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileLock, readLease } from "../../../src/store/file/file-lock.ts";
import { leaseLength } from "../../../src/store/base/lease.ts";
import { problemsOf } from "../../observe.ts";
import { holder } from "../contract.ts";

const start = Date.UTC(2026, 10, 22, 9);
let folder: string;
let path: string;
let now = start;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  path = join(folder, "lock");
  now = start;
});
afterEach(() => rm(folder, { recursive: true }));

/** Of this very process, so that only its time ends the lock. */
const mine = (run: string) => ({ ...holder(run), pid: process.pid });

async function take(run: string): Promise<FileLock> {
  const lock = await FileLock.take(path, mine(run), () => now);
  if (lock instanceof FileLock) return lock;
  throw new Error(`${lock.holder.run} has it`);
}

test("of several who find it free at once, one has it and the others are told who", async () => {
  const runs = ["r1", "r2", "r3", "r4"];
  const took = await Promise.all(runs.map((run) => FileLock.take(path, mine(run), () => now)));
  const holders = took.flatMap((one, index) => (one instanceof FileLock ? [runs[index]!] : []));
  expect(holders).toHaveLength(1);
  const told = took.flatMap((one) => (one instanceof FileLock ? [] : [one?.holder.run]));
  expect(told).toEqual([holders[0], holders[0], holders[0]]);
});

test("a holder that beat while another run took its lock for ended gets it back", async () => {
  const held = await take("r1");
  now += leaseLength + 1;
  let looks = 0;
  const other = await FileLock.take(path, mine("r2"), () => {
    looks += 1;
    // The other has read the old beat and not moved the file yet.
    if (looks === 1) utimesSync(path, now / 1000, now / 1000);
    return now;
  });
  expect(looks).toBeGreaterThan(1);
  expect(other).toMatchObject({ holder: { run: "r1" } });
  await held.beat();
  await held.release();
  expect(await readdir(folder)).toEqual([]);
});

test("a lock that a run put aside to look at, and died, is still its holder's and nobody else's", async () => {
  const held = await take("r1");
  await rename(path, `${path}.1.0123456789abcdef.temporary.over`);
  expect(await FileLock.take(path, mine("r2"), () => now)).toMatchObject({ holder: { run: "r1" } });
  await held.check();
  expect(await FileLock.take(path, mine("r2"), () => now)).toMatchObject({ holder: { run: "r1" } });
});

test("a holder whose lease is over does not take its file back: else it and the next one would rename it without an end", async () => {
  const held = await take("r1");
  await rename(path, `${path}.1.0123456789abcdef.temporary.over`);
  now += leaseLength + 1;
  expect(await problemsOf(held.beat())).toMatchObject([{ code: "lock-lost" }]);
  expect(await readdir(folder)).toEqual(["lock.1.0123456789abcdef.temporary.over"]);
});

test("a beat while a holder of before has the file aside to look whose it is prolongs the lease", async () => {
  let meanwhile = (): void => undefined;
  const held = await FileLock.take(path, mine("r1"), () => {
    meanwhile();
    return now;
  });
  now += 60_000;
  // The file is there when the beat looks at it, and aside when its time is set.
  meanwhile = () => {
    meanwhile = () => undefined;
    renameSync(path, `${path}.1.0123456789abcdef.temporary.over`);
  };
  if (held instanceof FileLock) await held.beat();
  expect((await readLease(path))?.expires).toBe(now + leaseLength);
});

test("one that was put aside and has ended goes to the next, and its holder is told", async () => {
  const held = await take("r1");
  await rename(path, `${path}.1.0123456789abcdef.temporary.over`);
  now += leaseLength + 1;
  const next = await take("r2");
  expect(await problemsOf(held.check())).toMatchObject([{ code: "lock-lost" }]);
  await next.release();
  expect(await readdir(folder)).toEqual([]);
});

test("a file that looks like one put aside and is of another run gives nobody a lock", async () => {
  const held = await take("r1");
  await held.release();
  await writeFile(`${path}.2.over`, "{}");
  await utimes(`${path}.2.over`, now / 1000, now / 1000);
  expect(await problemsOf(held.check())).toMatchObject([{ code: "lock-lost" }]);
});

test.each(["", "{", "null", "[]", '"r1"', '{ "holder": null }'])(
  "a lock with the text %j is somebody's, and ends by its time alone",
  async (text) => {
    await writeFile(path, text);
    await utimes(path, now / 1000, now / 1000);
    expect(await readLease(path)).toEqual({
      holder: expect.objectContaining({ user: "somebody", run: "unknown" }) as unknown,
      expires: now + leaseLength,
    });
    expect(await FileLock.take(path, mine("r2"), () => now)).toMatchObject({ holder: { run: "unknown" } });
    now += leaseLength;
    expect(await FileLock.take(path, mine("r2"), () => now)).toBeInstanceOf(FileLock);
  },
);
