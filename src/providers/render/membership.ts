import type { Address } from "../../core/base/address.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { Field } from "../../core/model/field.ts";
import type { WriteDraft } from "../../core/model/write.ts";
import { budgets } from "./budgets.ts";
import type { BodyObject } from "./mapping.ts";

/** Filled from the environment that the block stands in; null under `ungrouped`; absent at the root, where it is not ours. */
export const environmentField: Field = {
  description: "Environment that the resource is in.",
  schema: { type: "string" },
  facet: "environment",
  onChange: "update",
  derived: true,
};

/** A creation can name the environment (recorded: postgres, key value; Render's description: services, env groups). */
export function membershipOf({ environment, spec }: Desired): BodyObject {
  if (environment !== undefined) return environment ? { environmentId: { hole: "id", of: environment } } : {};
  // What the one before is in, where the file does not say it; one that is not ours is known by its id alone.
  const kept = spec["environment"];
  if (typeof kept !== "string") return {};
  return { environmentId: isAddress(kept) ? { hole: "id", of: kept } : kept };
}

function isAddress(text: string): text is Address {
  return text.includes("/");
}

/** Adding to an environment also takes out of another one (recorded: background worker), so a move is one call. */
export function moveDrafts(desired: Desired, change: ResourceChange): readonly WriteDraft[] {
  const { address, environment } = desired;
  if (environment === undefined || !change.fields.some(({ field }) => field === "environment")) return [];
  const write: WriteDraft["write"] = environment
    ? {
        method: "POST",
        path: `/environments/{${environment}}/resources`,
        body: { resourceIds: [{ hole: "id", of: address }] },
        budgets: budgets.write,
      }
    : {
        method: "DELETE",
        path: `/environments/{${address}#environment}/resources?resourceIds={${address}}`,
        budgets: budgets.write,
      };
  return [{ part: "environment", write, fields: ["environment"], deploys: false }];
}
