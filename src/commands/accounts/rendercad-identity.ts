import { isObject } from "../../core/base/json.ts";
import type { Reader } from "../../core/kind/reader.ts";
import { findOwnToken } from "../../providers/rendercad/token/list.ts";
import type { RendercadIdentity } from "../../views/account/rendercad-identity.ts";
import type { Deps } from "../base/deps.ts";
import { findSignIn, hostOfRendercad, isVariableSet } from "./rendercad-token-store.ts";

/** The RENDERCAD half of `whoami`: user, plan, credits, and the token that all this was asked with. Five reads, two of them counted. */
export async function readRendercadIdentity(reader: Reader, deps: Deps): Promise<RendercadIdentity> {
  const [check, usage, plan] = await Promise.all(
    ["check", "usage", "plan_info"].map(async (action) =>
      membersOf(await reader.get(`/auth.php?action=${action}`)),
    ),
  );
  const user = membersOf(check?.["user"]);
  const own = await findOwnToken({ earlier: reader, now: reader, self: undefined });
  const tokens = own.is === "known" ? [own.token] : own.candidates;
  return {
    host: hostOfRendercad(deps),
    email: textOf(user["email"]),
    plan: textOf(plan?.["plan_name"]) || textOf(user["subscription_plan"]),
    status: textOf(plan?.["subscription_status"]),
    credits: {
      limit: numberOf(usage?.["monthly_limit"]),
      used: numberOf(usage?.["monthly_used"]),
      remaining: numberOf(usage?.["monthly_remaining"]),
      granted: numberOf(usage?.["grant_tokens_remaining"]),
      pooled: numberOf(usage?.["pooled_tokens_remaining"]),
      resetsOn: textOf(plan?.["next_reset_date"]),
    },
    pendingRenders: numberOf(usage?.["pending_renders"]),
    tokens: tokens.map(({ name, spec }) => ({ name, scope: textOf(spec["scope"]) })),
    from: isVariableSet(deps) ? "RENDERCAD_API_TOKEN" : "sign-in",
    hasUnusedSignIn: isVariableSet(deps) && (await hasSignIn(deps)),
  };
}

/** Whether a sign-in is kept. One that cannot be read counts as none: `whoami` tells the rest all the same. */
async function hasSignIn(deps: Deps): Promise<boolean> {
  return findSignIn(deps).then(
    (signIn) => signIn !== undefined,
    () => false,
  );
}

function membersOf(answer: unknown): { readonly [name: string]: unknown } {
  return isObject(answer) ? answer : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
