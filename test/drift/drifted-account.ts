import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { DriftReport } from "../../src/core/planning/drift.ts";
import type { Json } from "../../src/core/base/json.ts";
import { rowNamed } from "../observe.ts";
import { portray } from "../properties/portrait.ts";
import { openScene, type Scene } from "../scene.ts";
import { account } from "./account.ts";
import type { Call } from "./edit.ts";

/** An account that a file was applied to; every test finds it as the apply left it. */
export type DriftedAccount = {
  readonly scene: Scene;
  /** Back to what the apply left: file, state and account. */
  restore(): Promise<void>;
  /** A call by somebody else. */
  perform(call: Call): Promise<void>;
  /** Everything in both workspaces, without what another object in the place of one would have for its own. */
  contents(): ReturnType<typeof portray>;
};

export async function openAccount(): Promise<DriftedAccount> {
  const scene = await openScene({ limits: "off", environment: { TOKEN: "token" } });
  await scene.write(account);
  const report = await scene.apply();
  expect(report.problems).toEqual([]);
  const saved = scene.simulator.save();
  const [state, kept] = [join(scene.folder, "state"), join(scene.folder, "kept")];
  await cp(state, kept, { recursive: true });
  return {
    scene,
    restore: async () => {
      scene.simulator.account.restore(saved);
      await rm(state, { recursive: true });
      await cp(kept, state, { recursive: true });
      await scene.write(account);
    },
    perform: async ([method, path, body]) => {
      const fill = (text: string): string =>
        text.replaceAll(/\{(\w+)(?:\/([^}]+))?\}/g, (_hole, table: string, name: string) =>
          findId(scene, table, name),
        );
      const filled = body === undefined ? undefined : (JSON.parse(fill(JSON.stringify(body))) as Json);
      await scene.edit(method, fill(path), filled);
    },
    contents: () => portray((table) => scene.rows(table)),
  };
}

function findId(scene: Scene, table: string, name: string): string {
  if (table === "owner") return scene.simulator.env["RENDER_OWNER_ID"]!;
  const row = table === "disk" ? rowNamed(scene, "services", name)["disk"] : rowNamed(scene, table, name);
  return (row as { readonly id: string }).id;
}

/** `changed render/service/api: plan, envVars.PORT (both)`, as the table of edits has it. */
export function verdictsIn(report: DriftReport): readonly string[] {
  return report.drifted.map(({ verdict, address, change }) => {
    const fields = change.fields.map(({ field, entry, verdict: own }) => {
      const key = entry === undefined ? field : `${field}.${entry}`;
      return own === "outside" ? key : `${key} (${own})`;
    });
    return verdict === "gone" || fields.length === 0
      ? `${verdict} ${address}`
      : `${verdict} ${address}: ${fields.join(", ")}`;
  });
}
