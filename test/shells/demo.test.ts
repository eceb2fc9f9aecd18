import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runTrueup } from "./start-program.ts";

it("the demo plays to its end with the real program and leaves nothing behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  const demo = await runTrueup(["demo"], {
    folder,
    env: { TMPDIR: folder, RENDER_API_KEY: "of somebody's real account" },
  });
  expect(demo.stderr).toContain("Did you mean `standard`?");
  expect(demo.stdout).toContain("Plan   3 to create");
  expect(demo.stdout).toContain("! render/service/shop");
  expect(demo.stdout).toContain("Plan   nothing to do, 3 unchanged");
  expect(demo.stdout).toMatch(
    /± rendercad\/token\/mailer +rotated, asked for[^$]*Done {3}\d+ steps[^$]*\n\$ RENDER_API_KEY=/,
  );
  expect(demo.code).toBe(0);
  expect(withoutChance(demo.stdout)).toContain(withoutChance(await readSample("demo")));
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

/** A block of the page about the simulator that says it was printed by the program. */
async function readSample(name: string): Promise<string> {
  const page = await readFile(join(import.meta.dirname, "../../docs/reference/simulator.md"), "utf8");
  const block = page.split(`<!-- sample: ${name} -->\n\`\`\`\n`)[1]?.split("\n```")[0];
  if (block === undefined) throw new Error(`the page has no sample ${name}`);
  return block;
}

/** Ids and fingerprints differ from run to run. */
function withoutChance(text: string): string {
  return text.replaceAll(/tea-[0-9a-v]{20}/g, "tea-ID").replaceAll(/\b[0-9a-f]{4} -> /g, "0000 -> ");
}
