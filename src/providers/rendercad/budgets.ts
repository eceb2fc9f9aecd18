import type { BudgetName } from "../../core/model/budget.ts";

/** The budgets in which RENDERCAD counts writes (documented): one for all writes of tokens, and one for all writes of webhooks. */
export const budgets = {
  tokens: ["rendercad/token-write"],
  webhooks: ["rendercad/webhook-write"],
} as const satisfies { readonly [name: string]: readonly BudgetName[] };

/** The budget of a read; `undefined` for those that are not counted: sign-in status, usage and plan information (documented). */
export function readBudget(path: string): BudgetName | undefined {
  if (path.startsWith("/api_discovery.php?")) return "rendercad/discovery";
  switch (path) {
    case "/auth.php?action=get_api_tokens":
      return "rendercad/token-list";
    case "/webhooks.php?action=list":
      return "rendercad/webhook-list";
    default:
      return path.includes("action=status") ? "rendercad/status" : undefined;
  }
}
