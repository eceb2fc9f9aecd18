import { byText } from "../core/base/address.ts";
import { isObject } from "../core/base/json.ts";
import type { Reader } from "../core/kind/reader.ts";
import { ProblemError, type Problem } from "../core/base/problem.ts";
import { Secret } from "../core/base/secret.ts";
import type { Identity, RenderIdentity } from "../views/account/whoami.ts";
import { connect } from "./accounts/connect.ts";
import type { Deps } from "./base/deps.ts";
import { findRenderKey, findWorkspace } from "./accounts/render-account.ts";
import { findRendercadToken } from "./accounts/rendercad-account.ts";
import { readRendercadIdentity } from "./accounts/rendercad-identity.ts";
import { stateWithout } from "./accounts/without-file.ts";

type WhoamiInput = { readonly workspace?: string };

/**
 * `whoami`: whose credentials these are, and what they reach. Reads each account that there are some for; throws a
 * `ProblemError` when there are none at all.
 */
export async function runWhoami(input: WhoamiInput, deps: Deps): Promise<Identity> {
  const [key, token] = await Promise.all([findRenderKey(deps), findRendercadToken(deps)]);
  if (!(key instanceof Secret) && !(token instanceof Secret)) throw new ProblemError([key, token]);
  const state = stateWithout(input.workspace);
  const open = async (provider: "render" | "rendercad"): Promise<Reader> =>
    (await connect(deps, state, {}, new Set([provider]))).readers[provider];
  const [render, rendercad] = await Promise.all([
    key instanceof Secret
      ? orProblems(async () => readRenderIdentity(await open("render"), input, deps))
      : undefined,
    token instanceof Secret
      ? orProblems(async () => readRendercadIdentity(await open("rendercad"), deps))
      : isLost(token),
  ]);
  return { ...(render && { render }), ...(rendercad && { rendercad }) };
}

/** The report of a sign-in that is there and cannot be read; `undefined` where there is none, which is no problem. */
function isLost(problem: Problem): { readonly problems: readonly Problem[] } | undefined {
  return problem.code === "no-rendercad-token" ? undefined : { problems: [problem] };
}

async function readRenderIdentity(
  reader: Reader,
  { workspace: given }: WhoamiInput,
  deps: Deps,
): Promise<RenderIdentity> {
  const [user, owners] = await Promise.all([reader.get("/users"), reader.list("/owners", {}, "owner")]);
  const textOf = (object: unknown, member: string): string =>
    isObject(object) && typeof object[member] === "string" ? object[member] : "";
  const workspaces = owners
    .map((owner) => ({ id: textOf(owner, "id"), name: textOf(owner, "name"), type: textOf(owner, "type") }))
    .sort((a, b) => byText(a.name, b.name) || byText(a.id, b.id));
  const workspace = await orProblems(() => findWorkspace(deps, stateWithout(given), reader));
  const named =
    "id" in workspace ? { ...workspaces.find(({ id }) => id === workspace.id), ...workspace } : workspace;
  return { user: { name: textOf(user, "name"), email: textOf(user, "email") }, workspaces, workspace: named };
}

async function orProblems<Found>(
  find: () => Promise<Found>,
): Promise<Found | { readonly problems: readonly Problem[] }> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof ProblemError) return { problems: error.problems };
    throw error;
  }
}
