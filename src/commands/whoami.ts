import { byText } from "../core/address.ts";
import { isObject } from "../core/json.ts";
import { ProblemError } from "../core/problem.ts";
import type { Identity } from "../views/whoami.ts";
import { connect, findWorkspace } from "./connect.ts";
import type { Deps } from "./deps.ts";
import { stateWithout } from "./without-file.ts";

/** `whoami`: whose key this is, and what it reaches. Three reads at most. */
export async function runWhoami(input: { readonly workspace?: string }, deps: Deps): Promise<Identity> {
  const state = stateWithout(input.workspace);
  const { reader } = await connect(deps, state, { onWait: () => undefined });
  const [user, owners] = await Promise.all([reader.get("/users"), reader.list("/owners", {}, "owner")]);
  const textOf = (object: unknown, member: string): string =>
    isObject(object) && typeof object[member] === "string" ? object[member] : "";
  const workspaces = owners
    .map((owner) => ({ id: textOf(owner, "id"), name: textOf(owner, "name"), type: textOf(owner, "type") }))
    .sort((a, b) => byText(a.name, b.name) || byText(a.id, b.id));
  const workspace = await findWorkspace(deps, state, reader).catch((error: unknown) => {
    if (error instanceof ProblemError) return { problems: error.problems };
    throw error;
  });
  const named =
    "id" in workspace ? { ...workspaces.find(({ id }) => id === workspace.id), ...workspace } : workspace;
  return { user: { name: textOf(user, "name"), email: textOf(user, "email") }, workspaces, workspace: named };
}
