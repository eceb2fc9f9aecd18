import { type Body, holesOf } from "./body.ts";
import type { BudgetName } from "./budget.ts";
import type { Address } from "../base/address.ts";

/** One HTTP write as data: what the journal records, what the plan hash covers, what a budget is spent on. */
export type Write = {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/services/{render/service/api}/env-vars/PORT`: an address in braces stands for the id it has when the call is sent. */
  readonly path: string;
  readonly body?: Body;
  readonly budgets: readonly BudgetName[];
};

/** One write of a kind, before the planner gives it its place. `fields` are the field keys it makes equal to the file. */
export type WriteDraft = {
  /**
   * The part of the resource that it writes: `resource` is the object itself, else a facet or an entry (`envVars.PORT`). No
   * two drafts of one change have the same part.
   */
  readonly part: string;
  readonly write: Write;
  readonly fields: readonly string[];
  /** The write takes effect with the next deploy only: the plan adds a deploy after the last such write. */
  readonly deploys: boolean;
  /** It is worth a call, but no wait: its failure is a warning, and a plan that would need another window for it leaves it out. */
  readonly mayFail?: true;
};

/** The addresses in the path and the body of a write. `field`: the output, where a value of that resource is sent. */
export function targetsOf(write: Write): readonly { readonly address: Address; readonly field?: string }[] {
  const inPath = [...write.path.matchAll(/\{([^{}#]+)(?:#[^{}]*)?\}/g)].map((match) => ({
    address: match[1] as Address,
  }));
  const inBody = holesOf(write.body).flatMap((hole) => {
    if (hole.hole === "id") return [{ address: hole.of }];
    if (hole.hole === "list" || hole.hole === "successor-name" || hole.hole === "aside-name") return [];
    const values = hole.hole === "value" ? [hole.value] : Object.values(hole.set);
    return values.flatMap((value) =>
      value.from === "output" ? [{ address: value.of, field: value.output }] : [],
    );
  });
  return [...inPath, ...inBody];
}
