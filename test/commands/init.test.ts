import { describe, expect, test } from "vitest";
import { runInit } from "../../src/commands/init.ts";
import { readText, toldBy } from "../file/read.ts";

const folderOf = (...names: readonly string[]) => ({
  folder: "/project",
  readFile: (path: string) =>
    Promise.resolve(names.some((name) => path === `/project/${name}`) ? new Uint8Array() : undefined),
});

describe("init", () => {
  test("starts a file that is valid as it is", async () => {
    const { name, text } = await runInit({}, folderOf());
    expect(name).toBe("trueup.yaml");
    expect(toldBy(readText(text))).toEqual([]);
  });

  test("what it teaches in comments is valid as well", async () => {
    const { text } = await runInit({}, folderOf());
    const taught = text
      .slice(text.indexOf("# workspace"))
      .replaceAll(/^(services|databases): \[\]$/gm, "")
      .replaceAll(/^# /gm, "");
    const { state, problems } = readText(taught);
    expect(problems).toEqual([]);
    expect(state?.resources.map(({ address }) => address)).toEqual([
      "render/service/api",
      "render/postgres/main",
    ]);
    expect(state?.settings.workspace).toBe("Acme");
  });

  test.each(["trueup.yaml", "render.yaml", "render.yml"])("leaves a folder with %s alone", async (name) => {
    await expect(runInit({}, folderOf(name))).rejects.toThrow("file-exists");
  });

  test("can start a second file beside the first", async () => {
    expect((await runInit({ file: "staging.yaml" }, folderOf("trueup.yaml"))).name).toBe("staging.yaml");
    await expect(runInit({ file: "trueup.yaml" }, folderOf("trueup.yaml"))).rejects.toThrow("file-exists");
  });
});
