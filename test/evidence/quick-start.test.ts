import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/start.ts";
import { sharedFolder } from "./shared-folder.ts";

const reference = join(sharedFolder(), "reference/seed-rendercad-api-reference.txt");

/** The first script of the reference, from its comment to the last line that prints. */
async function readQuickStart(): Promise<string> {
  const text = await readFile(reference, "utf8");
  const script = /^# Quick start[^]*?^echo "\$STATUS".*$/m.exec(text)?.[0];
  if (script === undefined) throw new Error(`${reference} has no quick-start script`);
  return script;
}

test("the quick start of RENDERCAD's reference runs against the simulator, unchanged but for the host", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  // Jobs that end at once, so that the script's own pauses never begin.
  const simulator = await startSimulator({
    clock: "real",
    switches: { rendercadQueueMs: 0, rendercadImageMs: 0 },
  });
  try {
    await writeFile(join(folder, "photo.jpg"), new Uint8Array([0xff, 0xd8, 0xff, 0xe0]));
    const script = (await readQuickStart()).replaceAll("https://rendercad.ai/backend", simulator.rendercad);
    const env = { PATH: process.env["PATH"], TOKEN: simulator.env["RENDERCAD_API_TOKEN"] };
    const { stdout } = await promisify(execFile)("bash", ["-euc", script], { cwd: folder, env });
    expect(JSON.parse(stdout)).toEqual({
      status: "completed",
      output_url: expect.stringMatching(/\/serve_render\.php\?id=render_\w+$/),
      asset_url: expect.stringMatching(/^https:\/\/renders\.rendercad\.ai\/\w+$/),
      error_message: null,
    });
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
});
