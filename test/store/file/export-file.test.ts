import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openExportFile } from "../../../src/store/file/export-file.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "trueup-test-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a file has its name when it is whole, and no byte of another one is written over", async () => {
  await writeFile(join(folder, "main.tar"), "theirs");
  const [one, two] = [
    await openExportFile(folder, "main", ".tar"),
    await openExportFile(folder, "main", ".tar"),
  ];
  await one.write(bytes("fir"));
  await two.write(bytes("second"));
  await one.write(bytes("st"));
  expect((await readdir(folder)).sort()).toEqual(["main-2.tar.partial", "main-3.tar.partial", "main.tar"]);
  expect(await two.finish()).toBe(join(folder, "main-3.tar"));
  expect(await one.finish()).toBe(join(folder, "main-2.tar"));
  const text = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
  expect([await text("main.tar"), await text("main-2.tar"), await text("main-3.tar")]).toEqual([
    "theirs",
    "first",
    "second",
  ]);
  expect((await stat(join(folder, "main-2.tar"))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder), "git saw this folder before").not.toContain(".gitignore");
});

test("what is discarded leaves nothing, and its name is free again", async () => {
  const file = await openExportFile(join(folder, "deep", "new"), "main", ".tar");
  await file.write(bytes("half"));
  await file.discard();
  expect(await readdir(join(folder, "deep", "new"))).toEqual([".gitignore"]);
  expect((await stat(join(folder, "deep", "new"))).mode & 0o777).toBe(0o700);
  const again = await openExportFile(join(folder, "deep", "new"), "main", ".tar");
  expect(await again.finish()).toBe(join(folder, "deep", "new", "main.tar"));
});

test("of one name there are a hundred files and no more", async () => {
  const names = Array.from({ length: 99 }, (_, index) =>
    index === 0 ? "main.tar" : `main-${index + 1}.tar`,
  );
  await Promise.all(names.map((name) => writeFile(join(folder, name), "")));
  const last = await openExportFile(folder, "main", ".tar");
  expect(await last.finish()).toBe(join(folder, "main-100.tar"));
  await expect(openExportFile(folder, "main", ".tar")).rejects.toThrow("has 100 files named main already");
});
