import { test } from "vitest";
import { openScene } from "../scene.ts";
import { account } from "./account.ts";
test("probe", async () => {
  const scene = await openScene({ limits: "off" });
  await scene.write(account);
  let t0 = Date.now();
  const r = await scene.apply();
  console.log(r.verdict, r.problems, Date.now() - t0);
  t0 = Date.now();
  const d = await scene.drift();
  console.log(JSON.stringify(d.drifted), d.pending, d.unchanged, d.problems, Date.now() - t0);
  const saved = scene.simulator.save();
  for (const [t, rows] of Object.entries(saved.tables))
    console.log(t, rows.length, JSON.stringify(rows[0] ?? null).slice(0, 2500));
  await scene.close();
});
