import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLanguageServer, type LanguageServer } from "./language-server.ts";

/*
 * The published schema in yaml-language-server, asked as an editor asks it. The server is 27 MB and no dependency: install it
 * anywhere and name its program, `TRUEUP_YAML_SERVER=node_modules/yaml-language-server/bin/yaml-language-server npm run evidence`.
 */
const command = process.env["TRUEUP_YAML_SERVER"] ?? "";

describe.skipIf(command === "")("yaml-language-server", () => {
  let server: LanguageServer;
  let small = "";
  beforeAll(async () => {
    server = await startLanguageServer(command, pathToFileURL("schemas/trueup.schema.json").href);
    small = await readFile("examples/small/trueup.yaml", "utf8");
  }, 60_000);
  afterAll(() => server.close());

  /** Where a key stands, in the lines that are no comments. */
  const placeOf = (text: string, key: string): readonly [number, number] => {
    const lines = text.split("\n");
    const line = lines.findIndex((one) => new RegExp(`^[^#]*\\b${key}:`).test(one));
    return [line, (lines[line] ?? "").indexOf(`${key}:`) + 1];
  };

  test("finds nothing wrong with any example", async () => {
    const folders = (await readdir("examples", { withFileTypes: true })).filter((one) => one.isDirectory());
    for (const { name } of folders.filter((one) => one.name !== "workflows")) {
      for (const file of (await readdir(join("examples", name))).filter((one) =>
        /^(?:trueup|render)\./.test(one),
      )) {
        server.open(await readFile(join("examples", name, file), "utf8"));
        expect({ name, file, problems: await server.problems() }).toEqual({ name, file, problems: [] });
      }
    }
  }, 60_000);

  test("explains every key of the smallest one", async () => {
    server.open(small);
    await server.problems();
    for (const key of ["type", "name", "runtime", "plan", "repo", "branch", "buildCommand", "envVars"])
      expect({ key, says: await server.hover(...placeOf(small, key)) }).toMatchObject({
        says: expect.stringMatching(/\w{4}/) as string,
      });
  }, 60_000);

  test("offers keys and values where they belong, and names the values of a wrong one", async () => {
    server.open("services:\n  - type: ");
    expect(await server.complete(1, 10)).toEqual(expect.arrayContaining(["web", "worker", "cron"]));
    server.open("");
    expect(await server.complete(0, 0)).toEqual(
      expect.arrayContaining(["services", "databases", "rendercad"]),
    );
    server.open(small.replace("plan: starter", "plan: "));
    const [line, column] = placeOf(small, "plan");
    expect(await server.complete(line, column + 5)).toEqual(expect.arrayContaining(["starter", "standard"]));
    server.open(small.replace("plan: starter", "plan: startr"));
    expect(await server.problems()).toEqual([expect.stringContaining('"starter"') as string]);
  }, 60_000);
});
