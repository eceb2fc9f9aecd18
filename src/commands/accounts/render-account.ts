import { join } from "node:path";
import { parseDocument } from "yaml";
import type { DesiredState } from "../../core/model/desired.ts";
import { isObject } from "../../core/base/json.ts";
import type { Reader } from "../../core/kind/reader.ts";
import { CallError } from "../../http/failure.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import { readText, type Deps } from "../base/deps.ts";

type CliFile = { readonly key?: string; readonly workspace?: string };

/** `~/.render/cli.yaml` of the Render CLI: its key (when it has not expired) and its workspace. */
async function readCliFile(deps: Deps): Promise<CliFile> {
  const { environment } = deps;
  const home = environment["HOME"] ?? "";
  const path =
    environment["RENDER_CLI_CONFIG_PATH"] ??
    join(environment["RENDER_CLI_CONFIG_DIR"] ?? join(home, ".render"), "cli.yaml");
  const text = await readText(deps, path);
  if (text === undefined) return {};
  const value = parseDocument(text).toJS() as unknown;
  if (!isObject(value)) return {};
  const api = isObject(value["api"]) ? value["api"] : {};
  const expires = api["expires_at"];
  const isExpired =
    typeof expires === "number"
      ? expires * 1000 <= deps.world.now()
      : Date.parse(typeof expires === "string" ? expires : "") <= deps.world.now();
  return {
    ...(typeof api["key"] === "string" && api["key"] !== "" && !isExpired && { key: api["key"] }),
    ...(typeof value["workspace"] === "string" &&
      value["workspace"] !== "" && { workspace: value["workspace"] }),
  };
}

/** RENDER_API_KEY, else the key of the Render CLI's file; a problem where there is neither. */
export async function findRenderKey(deps: Deps): Promise<Secret | Problem> {
  const key = deps.environment["RENDER_API_KEY"] || (await readCliFile(deps)).key;
  if (key !== undefined && key !== "") return new Secret(key.trim());
  return problem(
    "error",
    "no-api-key",
    "There is no API key for Render.",
    "Set RENDER_API_KEY (Render's dashboard, Account Settings, API Keys), or sign in with the Render CLI.",
  );
}

/** A Render workspace. `name`: only where it was found by its name, or in the list of what the key reaches. */
export type Workspace = { readonly id: string; readonly name?: string };

/**
 * An id that no call has been made with yet: a mistyped one would make everything look as if it were to be created. It costs one
 * call, until the state is bound to a workspace, and answers with its name. Throws a `ProblemError` that lists what the key reaches.
 */
export async function confirmWorkspace(workspace: Workspace, reader: Reader): Promise<Workspace> {
  const { id } = workspace;
  // One with a name comes out of the list of those that the key reaches.
  if (workspace.name !== undefined) return workspace;
  const found = await reader.get(`/owners/${encodeURIComponent(id)}`).catch((error: unknown) => {
    if (error instanceof CallError && error.status === 403) return undefined;
    throw error;
  });
  if (found !== undefined) {
    if (isObject(found) && found["id"] === id)
      return { id, ...(typeof found["name"] === "string" && { name: found["name"] }) };
    const message = `GET /owners/${id} answered something that is not that workspace.`;
    throw new ProblemError([
      problem("error", "unexpected-answer", message, "Run again; if it stays, report this."),
    ]);
  }
  const owners = (await reader.list("/owners", {}, "owner")).filter(isObject);
  const listed = owners.map((owner) => `${String(owner["name"])} (${String(owner["id"])})`).join(", ");
  const reached = listed === "" ? "It reaches none." : `It reaches ${listed}.`;
  throw new ProblemError([
    problem(
      "error",
      "workspace-unknown",
      `The key reaches no workspace with the id ${id}. ${reached}`,
      "Correct workspace: in the file or RENDER_OWNER_ID, or use a key of a member of that workspace.",
    ),
  ]);
}

/** Whether an error is that of `confirmWorkspace`: the key reaches no workspace with that id. */
export function isUnknownWorkspace(error: unknown): boolean {
  return error instanceof ProblemError && error.problems.some(({ code }) => code === "workspace-unknown");
}

/**
 * The file's `workspace`, else RENDER_OWNER_ID, RENDER_WORKSPACE, RENDER_WORKSPACE_ID, the Render CLI's, else the only one
 * that the key reaches. An id costs no call, a name one.
 */
export async function findWorkspace(deps: Deps, state: DesiredState, reader: Reader): Promise<Workspace> {
  const { environment } = deps;
  const cli = await readCliFile(deps);
  const given = [
    state.settings.workspace,
    environment["RENDER_OWNER_ID"],
    environment["RENDER_WORKSPACE"],
    environment["RENDER_WORKSPACE_ID"],
    cli.workspace,
  ].find((text) => text !== undefined && text !== "");
  if (given !== undefined && /^(tea|usr|own)-[0-9a-v]{4,}$/u.test(given)) return { id: given };
  const query = given === undefined ? {} : { name: given };
  const owners = (await reader.list("/owners", query, "owner"))
    .filter(isObject)
    .map((owner) => ({ id: String(owner["id"]), name: String(owner["name"]) }));
  const matching =
    given === undefined ? owners : owners.filter((owner) => owner.name === given || owner.id === given);
  const [only] = matching;
  if (only && matching.length === 1) return only;
  throw new ProblemError([workspaceProblem(given, matching)]);
}

function workspaceProblem(
  given: string | undefined,
  owners: readonly { readonly id: string; readonly name: string }[],
): Problem {
  const listed = owners.map((owner) => `${owner.name} (${owner.id})`).join(", ");
  if (given !== undefined && owners.length === 0) {
    return problem(
      "error",
      "workspace-unknown",
      `The key reaches no workspace named ${given}.`,
      "Correct workspace: or RENDER_OWNER_ID, or use a key of that workspace.",
    );
  }
  if (owners.length === 0)
    return problem(
      "error",
      "workspace-unknown",
      "The key reaches no workspace.",
      "Use a key of a user who is a member of one.",
    );
  return problem(
    "error",
    "workspace-ambiguous",
    `The key reaches several workspaces: ${listed}.`,
    "Say which one: workspace: ID in the file, or RENDER_OWNER_ID.",
  );
}
