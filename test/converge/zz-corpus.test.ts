import { readdirSync, readFileSync } from "node:fs";
import { test } from "vitest";
import { ProblemError } from "../../src/core/problem.ts";
import { openScene } from "../scene.ts";
import { hasWork } from "../../src/core/plan.ts";
import { readDesired } from "../../src/file/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";

const folder = "/work/shared/corpus/blueprints";
test("corpus", async () => {
  const counts: Record<string, number> = {};
  for (const name of readdirSync(folder).sort()) {
    const text = readFileSync(`${folder}/${name}`, "utf8");
    const { state, problems } = readDesired([{ name: "render.yaml", text }], { kinds: fileKinds, today: "2026-11-22" });
    let outcome = "";
    if (!state) outcome = "invalid " + [...new Set(problems.filter((p) => p.severity === "error").map((p) => p.code))].join(",");
    else {
      const scene = await openScene({ limits: "off" });
      try {
        await scene.write(text, "render.yaml");
        for (const t of state.targets) {
          const owner = scene.simulator.env["RENDER_OWNER_ID"]!;
          if (t.kind === "render/postgres") await scene.edit("POST", "/postgres", { name: t.name, ownerId: owner, plan: "basic_256mb", version: "16" });
          else if (t.kind === "render/service") await scene.edit("POST", "/services", { type: "web_service", name: t.name, ownerId: owner, repo: "https://github.com/acme/x", serviceDetails: { runtime: "node", envSpecificDetails: { buildCommand: "x", startCommand: "y" } } });
          else if (t.kind === "render/key-value") await scene.edit("POST", "/key-value", { name: t.name, ownerId: owner, plan: "starter" });
          else if (t.kind === "render/env-group") await scene.edit("POST", "/env-groups", { name: t.name, ownerId: owner, envVars: [] });
        }
        const report = await scene.apply();
        if (report.verdict !== "done") outcome = report.verdict + " " + report.problems.map((p) => p.code + ":" + (p.code === "rejected" || report.verdict === "failed" ? p.message : p.address)).join(" | ");
        else {
          const again = await scene.plan();
          outcome = !hasWork(again) && again.changes.every((c) => c.action === "keep") ? "converges" : "NOT EMPTY " + JSON.stringify(again.changes.filter((c) => c.action !== "keep" || c.converged.length).map((c) => [c.address, c.action, c.fields, c.converged])).slice(0, 400);
        }
      } catch (e) {
        outcome = "ERROR " + (e instanceof ProblemError ? e.message : (e as Error).stack);
      } finally { await scene.close(); }
    }
    const k = outcome.split(" ")[0]!;
    counts[k] = (counts[k] ?? 0) + 1;
    if (outcome !== "converges") console.log(name, "=>", outcome.slice(0, 500));
  }
  console.log("COUNTS =>", counts);
}, 600000);
