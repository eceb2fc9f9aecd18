import type { Json } from "../src/core/base/json.ts";
import { ProblemError, type Problem } from "../src/core/base/problem.ts";
import type { Scene } from "./scene.ts";

export type Row = { readonly [column: string]: Json };

/** Rows of one table in the workspace that the scene works on; the others are somebody else's. */
export function ourRows(scene: Scene, table: string): readonly Row[] {
  if (table.startsWith("rendercad ")) return ourRendercadRows(scene, table);
  const owner = scene.simulator.env["RENDER_OWNER_ID"];
  return scene.rows(table).filter((row) => row["ownerId"] === owner);
}

/** RENDERCAD has no workspaces; a revoked token stays in its table and is gone, and trueup's own is nobody's block. */
function ourRendercadRows(scene: Scene, table: string): readonly Row[] {
  const own = scene.simulator.env["RENDERCAD_API_TOKEN"];
  return scene.rows(table).filter((row) => row["isActive"] !== false && row["token"] !== own);
}

/** The only row of that name in the scene's workspace. */
export function rowNamed(scene: Scene, table: string, name: string): Row {
  const rows = ourRows(scene, table).filter((row) => row["name"] === name);
  const [only] = rows;
  if (only === undefined || rows.length > 1)
    throw new Error(`${table} has ${rows.length} rows named ${name}, not one`);
  return only;
}

export function idNamed(scene: Scene, table: string, name: string): string {
  return rowNamed(scene, table, name)["id"] as string;
}

/** Ids of the workspaces that the simulator begins with; the scene works on the first, and its key reaches the second too. */
export function workspaceIds(scene: Scene): readonly string[] {
  return scene.rows("workspaces").map((row) => row["id"] as string);
}

/** Variables of a service as the account has them. */
export function variablesOf(scene: Scene, name: string): { readonly [key: string]: string } {
  const entries = rowNamed(scene, "services", name)["envVars"] as readonly { key: string; value: string }[];
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/** Every request that could have changed something, with its status. */
export function writesOf(scene: Scene): readonly string[] {
  return scene.requests
    .filter((request) => request.method !== "GET")
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
}

/** From now on the simulator's answers fail as told; an empty text ends it. */
export async function setFaults(scene: Scene, faults: string): Promise<void> {
  const answer = await fetch(`${scene.simulator.control}/faults`, {
    method: "POST",
    body: JSON.stringify({ faults }),
  });
  if (!answer.ok) throw new Error(`the simulator refused the faults ${faults}: ${await answer.text()}`);
}

/** The problems that a command ended with; it is an error when it did not. */
export async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return error.problems;
  throw new Error("the command found no problem", { cause: error });
}
