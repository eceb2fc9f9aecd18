import { test } from "vitest";
import { openScene } from "../scene.ts";
import { runExport } from "../../src/commands/export.ts";
test("try", async () => {
  const scene = await openScene({ services: 12, seed: 3 });
  const out = await runExport({ literals: ["SETTING_*"] }, scene.deps);
  console.log(out.text, out.problems, out.reads);
  await scene.write(out.text);
  const plan = await scene.plan();
  console.log(plan.problems.map(p=>p.code+" "+p.message), plan.refusals.map(p=>p.message), plan.changes.filter(c => c.action !== "adopt" || c.fields.length).map(c=>[c.action,c.address,JSON.stringify(c.fields)]));
  await scene.close();
});
