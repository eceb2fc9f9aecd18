import { users, type User } from "../base/account.ts";
import { jsonOf, type Loader, type Loading } from "../server/loader.ts";
import { insertToken, scopes, tokens } from "./account/token-row.ts";
import { insertWebhook, rendercadWebhooks, webhookEvents } from "./webhook/webhook-row.ts";

/**
 * The user whose account is filled. An account of RENDERCAD belongs to a user and not to a workspace, so only the
 * load of the first workspace of a user fills it.
 */
function findOwner({ world, workspace }: Loading): User | undefined {
  return world.account.list(users).find((user) => user.workspaceIds[0] === workspace.id);
}

const tokenLoader: Loader = {
  kind: "rendercad/token",
  load(desired, loading) {
    const user = findOwner(loading);
    if (!user) return;
    const scope = scopes.find((name) => name === jsonOf(desired.spec["scope"])) ?? "full-access";
    const own = loading.world.account.list(tokens).filter((row) => row.userId === user.id);
    // The token that trueup signs in with is there from the start; a file may name it like any other.
    const row =
      own.find((token) => token.tokenName === desired.name) ??
      insertToken(loading.world, user, { tokenName: desired.name, scope });
    loading.ids.set(desired.address, row.id);
  },
  output: (id, output, world) => (output === "id" ? id : world.account.find(tokens, id)?.token),
};

const webhookLoader: Loader = {
  kind: "rendercad/webhook",
  load(desired, loading) {
    const user = findOwner(loading);
    const url = jsonOf(desired.spec["url"]);
    const events = jsonOf(desired.spec["events"]);
    if (!user || typeof url !== "string" || !Array.isArray(events)) return;
    const row = insertWebhook(loading.world, user, {
      url,
      events: webhookEvents.filter((event) => events.includes(event)),
    });
    loading.ids.set(desired.address, row.id);
  },
  output: (id, output, world) => (output === "id" ? id : world.account.find(rendercadWebhooks, id)?.secret),
};

/** The loaders of the simulated RENDERCAD. */
export const rendercadLoaders: readonly Loader[] = [tokenLoader, webhookLoader];
