import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { runExport } from "../../src/commands/export/export.ts";
import { kinds } from "../../src/providers/kinds.ts";
import { arbitraryWorkspaceFile } from "./arbitrary-workspace.ts";
import { applyTo, inScene } from "./property-scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

test(
  "of every kind: the export of an account is a file that adopts it, and changes nothing",
  async () => {
    const property = fc.asyncProperty(arbitraryWorkspaceFile, (text) =>
      inScene(async (scene) => {
        await applyTo(scene, text);
        // Whoever exports owns nothing yet.
        await rm(join(scene.folder, "state"), { recursive: true });
        const sent = scene.requests.length;
        const exported = await runExport({ literals: ["PLAIN"] }, scene.deps);
        // A value that looks like a secret stays out of the file.
        expect(exported.problems.filter(({ code }) => code !== "literal-withheld")).toEqual([]);
        await scene.write(exported.text);
        const plan = await scene.plan();
        expect(plan.refusals).toEqual([]);
        const others = plan.changes.filter(
          ({ action, kind }) => action !== "adopt" && !(action === "keep" && kinds.get(kind)?.permanent),
        );
        expect(others).toEqual([]);
        expect(
          plan.changes.flatMap(({ address, fields }) => fields.map((field) => [address, field])),
        ).toEqual([]);
        expect(plan.steps.filter((step) => step.step === "write" && !step.optional)).toEqual([]);
        expect(scene.requests.slice(sent).filter(({ method }) => method !== "GET")).toEqual([]);
      }),
    );
    await fc.assert(property, propertyRuns(8));
  },
  propertyTimeout,
);
