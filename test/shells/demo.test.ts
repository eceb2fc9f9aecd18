import { mkdtemp, readdir, rm } from "node:fs/promises";
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
  expect(demo.stdout).toMatch(/Plan {3}nothing to do, 3 unchanged\n[^$]*\n\$ RENDER_API_KEY=/);
  expect(demo.code).toBe(0);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
