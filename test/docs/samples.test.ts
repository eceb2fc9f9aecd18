import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { readDocuments } from "./documents.ts";
import { isPlayed, playPage } from "./played-page.ts";

describe("samples", () => {
  const played = readDocuments().filter(({ text }) => isPlayed(text));

  test.each(played.map(({ path, text }) => [path, text] as const))(
    "%s shows what the program prints today; UPDATE_DOCS=1 writes it",
    async (path, text) => {
      const now = await playPage(text, process.cwd());
      if (process.env["UPDATE_DOCS"]) await writeFile(path, now);
      else expect(text).toBe(now);
    },
  );

  test("a sample that says something else is found", async () => {
    const page = "<!-- run: 0 -->\n```console\n$ trueup version\n9.9.9\n```\n";
    await expect(playPage(page, process.cwd())).resolves.not.toBe(page);
    await expect(playPage(page.replace("run: 0", "run: 2"), process.cwd())).rejects.toThrow("ended with 0");
  });
});
