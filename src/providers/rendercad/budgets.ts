import type { BudgetName } from "../../core/model/budget.ts";

/** Which budget a write is charged to (documented: one for all writes of tokens, one for all of webhooks). */
export const budgets = {
  tokens: ["rendercad/token-write"],
  webhooks: ["rendercad/webhook-write"],
} as const satisfies { readonly [name: string]: readonly BudgetName[] };

/** Auth status, usage and plan info are not counted (documented). */
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
