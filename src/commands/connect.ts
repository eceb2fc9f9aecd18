import { join } from "node:path";
import { parseDocument } from "yaml";
import type { DesiredState } from "../core/desired.ts";
import { isObject } from "../core/json.ts";
import type { Reader } from "../core/kind.ts";
import { problem, ProblemError, type Problem } from "../core/problem.ts";
import { Secret } from "../core/secret.ts";
import { makeReader, makeWriter, type ClientOptions, type Writer } from "../http/client.ts";
import { Limiter, type LimiterOptions } from "../http/limiter.ts";
import { readBudget } from "../providers/render/budgets.ts";
import { checkFreezes, findFreeze, type Frozen } from "./freeze.ts";
import { readText, type Deps, type Environment } from "./deps.ts";

export type Connection = {
  readonly reader: Reader & { readonly calls: () => number };
  readonly limiter: Limiter;
  /** Makes the one object that can write. Throws when this process may not write at all. */
  readonly openWriter: () => Writer;
};

const defaultHost = "https://api.render.com/v1";

/** The client of Render's API, from the environment and the Render CLI's file. Nothing is called yet. */
export async function connect(
  deps: Deps,
  state: DesiredState,
  limits: Omit<LimiterOptions, "reserve">,
): Promise<Connection> {
  const cli = await readCliFile(deps);
  const freezes = state.settings.freeze ?? [];
  checkFreezes(freezes);
  const host = apiHost(deps.environment["RENDER_HOST"]);
  const limiter = new Limiter(deps.world, { ...limits, reserve: state.settings.reserve });
  const options: ClientOptions = {
    world: deps.world,
    limiter,
    host,
    token: apiKey(deps.environment, cli),
    userAgent: `trueup/${deps.version}`,
    readBudget,
    log: deps.log,
  };
  return {
    reader: makeReader(options),
    limiter,
    openWriter: () => {
      if (isSet(deps.environment["TRUEUP_READ_ONLY"])) throw readOnly();
      const frozen = findFreeze(freezes, deps.world.now());
      if (frozen) throw refuseFrozen(frozen);
      return makeWriter(options);
    },
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}

function refuseFrozen({ cron, until }: Frozen): ProblemError {
  const time = new Date(until).toISOString().replace(/\.\d+Z$/u, "Z");
  const message = `A freeze (settings.freeze, ${cron}) holds until ${time}, so nothing is written.`;
  return new ProblemError([
    problem("refusal", "frozen", message, "Run again afterwards, or take the freeze out of the file."),
  ]);
}

function readOnly(): ProblemError {
  return new ProblemError([
    problem("refusal", "read-only", "TRUEUP_READ_ONLY is set, so nothing is written.", "Unset it to apply."),
  ]);
}

/** A full URL; `/v1` is added when there is no path. Plain http only to this machine, so that no key crosses a network in clear. */
export function apiHost(given: string | undefined): string {
  if (given === undefined || given === "") return defaultHost;
  const text = given.includes("://") ? given : `https://${given}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !url ||
    (url.protocol !== "https:" && url.protocol !== "http:") ||
    url.username !== "" ||
    url.password !== ""
  ) {
    throw new ProblemError([
      problem(
        "error",
        "host-invalid",
        "RENDER_HOST is not a URL of the form https://host/v1.",
        `Correct it, or unset it to use ${defaultHost}.`,
      ),
    ]);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new ProblemError([
      problem(
        "error",
        "plain-http",
        `RENDER_HOST is plain http to ${url.hostname}: the API key would cross the network in clear.`,
        "Use https; plain http is for this machine only.",
      ),
    ]);
  }
  const path = url.pathname.replace(/\/+$/u, "");
  return `${url.origin}${path === "" ? "/v1" : path}`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/u.test(host);
}

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

function apiKey(environment: Environment, cli: CliFile): Secret {
  const key = environment["RENDER_API_KEY"] || cli.key;
  if (key !== undefined && key !== "") return new Secret(key.trim());
  throw new ProblemError([
    problem(
      "error",
      "no-api-key",
      "There is no API key for Render.",
      "Set RENDER_API_KEY (Render's dashboard, Account Settings, API Keys), or sign in with the Render CLI.",
    ),
  ]);
}

export type Workspace = { readonly id: string; readonly name?: string };

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
