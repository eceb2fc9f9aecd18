import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyInventory } from "../../src/core/model/inventory.ts";
import { openFileStore } from "../../src/store/file/file-store.ts";
import { openStateFolder } from "../../src/store/file/state-folder.ts";
import { checkoutPrefix, sweepCheckouts } from "../../src/store/base/temporary.ts";
import { problemsOf } from "../observe.ts";
import { makeClock } from "./clock.ts";
import { holder, intent, key } from "./contract.ts";

let top: string;
let repository: string;
let elsewhere: string;
beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), "trueup-test-")));
  repository = join(top, "repository");
  elsewhere = join(top, "elsewhere");
  await mkdir(join(repository, ".git"), { recursive: true });
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, "precious"), "precious\n");
});
afterEach(() => rm(top, { recursive: true }));

const { world } = makeClock();
const open = (path = "state") =>
  openFileStore(openStateFolder(join(repository, path), repository), "default", { world });

async function writeAll(path?: string): Promise<void> {
  const locked = await open(path).lock(holder("r1"));
  await locked.makeKey(key);
  await locked.append(intent("r1", "a"));
  await locked.keep("plan.json", "{}\n");
  await locked.commit(emptyInventory("line"));
  await locked.unlock();
}

const untouched = async (): Promise<void> => {
  expect(await readdir(elsewhere)).toEqual(["precious"]);
  expect(await readFile(join(elsewhere, "precious"), "utf8")).toBe("precious\n");
};

describe("a link that lies in the way of the state", () => {
  test.each([
    "inventory.json",
    "journal.ndjson",
    "plan.json",
    "lock",
    "lock.r1",
    "inventory.json.temporary",
    "plan.json.temporary",
    "journal.ndjson.temporary",
    "ledger.json.temporary",
  ])("at %s is not written through", async (name) => {
    await mkdir(join(repository, "state/default"), { recursive: true });
    await symlink(join(elsewhere, "precious"), join(repository, "state/default", name));
    await writeAll().catch(() => undefined);
    await untouched();
  });

  test.each(["key", "key.temporary", ".gitignore", ".gitignore.temporary"])(
    "at %s, beside the partitions, is not written through",
    async (name) => {
      await mkdir(join(repository, "state"));
      await symlink(join(elsewhere, "precious"), join(repository, "state", name));
      await writeAll().catch(() => undefined);
      await untouched();
    },
  );

  test.each(["state/default", "state/default/runs", "state/default/backup"])(
    "at the folder %s is refused",
    async (name) => {
      await mkdir(join(repository, name, ".."), { recursive: true });
      await symlink(elsewhere, join(repository, name));
      await writeAll().catch(() => undefined);
      await untouched();
    },
  );

  test("is told with its name, and an inventory is not read through it", async () => {
    await mkdir(join(repository, "state/default"), { recursive: true });
    await symlink(join(elsewhere, "precious"), join(repository, "state/default/inventory.json"));
    expect(await problemsOf(open().inventory())).toMatchObject([
      { code: "state-link", message: expect.stringContaining("state/default/inventory.json is a link") },
    ]);
  });
});

describe("the state lies inside the repository", () => {
  test.each(["../elsewhere", "../elsewhere/state", "..", "a/../../elsewhere"])("not at %s", async (path) => {
    expect(await problemsOf(writeAll(path))).toMatchObject([{ code: "state-path" }]);
    expect(await problemsOf(open(path).inventory())).toMatchObject([{ code: "state-path" }]);
    await untouched();
  });

  test("nor where a link leads out of it", async () => {
    await symlink(elsewhere, join(repository, "state"));
    expect(await problemsOf(writeAll())).toMatchObject([{ code: "state-path" }]);
    expect(await problemsOf(writeAll("state/deep"))).toMatchObject([{ code: "state-path" }]);
    await untouched();
  });

  test("but above the file's own folder, and where a link stays inside", async () => {
    await mkdir(join(repository, "infra"));
    await mkdir(join(repository, "shared"));
    await symlink(join(repository, "shared"), join(repository, "linked"));
    await writeAll("shared");
    const other = openFileStore(
      openStateFolder(join(repository, "linked"), join(repository, "infra")),
      "default",
      {
        world,
      },
    );
    expect((await other.inventory())?.lineage).toBe("line");
  });
});

describe("what a killed run left", () => {
  test("is swept from the state, and nothing that is in use or somebody's own", async () => {
    await writeAll();
    const folder = join(repository, "state/default");
    const digits = "0123456789abcdef";
    const inUse = `key.${process.pid}.${digits}.temporary`;
    const kept = ["notes.temporary", "inventory.json.bak", `lock.${process.pid}.${digits}.temporary`];
    // What is staged in a partition is its holder's; one that overslept its lease renames nothing any more.
    const staged = [2 ** 22 + 1, process.pid].map((pid) => `inventory.json.${pid}.${digits}.temporary`);
    for (const name of [...staged, ...kept]) await writeFile(join(folder, name), "");
    await writeFile(join(repository, "state", inUse), "");
    await (await open().lock(holder("r2"))).unlock();
    const left = await readdir(folder);
    expect(left).toEqual(expect.arrayContaining(kept));
    expect(left.filter((name) => name.startsWith("inventory.json."))).toEqual(["inventory.json.bak"]);
    expect(await readdir(join(repository, "state"))).toContain(inUse);
  });

  test("is swept from the temporary folder, but not what is in use or what a link points to", async () => {
    await mkdir(join(top, `trueup-state-${2 ** 22 + 1}-abc/deep`), { recursive: true });
    await symlink(elsewhere, join(top, `trueup-state-${2 ** 22 + 2}-abc`));
    await mkdir(join(top, `${checkoutPrefix()}abc`));
    await mkdir(join(top, "trueup-state-of-mine"));
    await sweepCheckouts(top);
    const names = await readdir(top);
    expect(names.sort()).toEqual(
      ["elsewhere", "repository", `${checkoutPrefix()}abc`, "trueup-state-of-mine"].sort(),
    );
    await untouched();
  });

  test("a write that fails leaves no temporary file", async () => {
    await mkdir(join(repository, "state/default/inventory.json"), { recursive: true });
    await expect(writeAll()).rejects.toThrow();
    const names = await readdir(join(repository, "state/default"));
    expect(names.filter((name) => name.endsWith(".temporary"))).toEqual([]);
  });
});

test("temporary names cannot be foretold, and what is made is a file of its owner", async () => {
  await writeAll();
  expect((await lstat(join(repository, "state/key"))).mode & 0o777).toBe(0o600);
});
