import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { expectPaced, text } from "../converge/generated-account.ts";
import { program, runTrueup } from "../shells/start-program.ts";

test("the real program makes 200 services on the virtual clock and never meets a limit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-generated-"));
  try {
    await writeFile(join(folder, "trueup.yaml"), text);
    const sim = ["sim", "--clock", "virtual", "--requests", "requests.ndjson", "--"];
    const apply = [process.execPath, program, "apply", "--yes", "--quiet"];
    const ended = await runTrueup([...sim, ...apply], { folder });
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    const lines = (await readFile(join(folder, "requests.ndjson"), "utf8")).trimEnd().split("\n");
    const requests = lines.map((line) => JSON.parse(line) as RequestLine);
    expectPaced(requests, requests.at(-1)!.t - requests[0]!.t);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
