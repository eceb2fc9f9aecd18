import type { Address } from "../../core/base/address.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { Field } from "../../core/model/field.ts";
import type { Found } from "../../core/model/live.ts";
import { draft, type WriteDraft } from "../../core/model/write.ts";
import { budgets } from "./budgets.ts";
import type { ApiObject, BodyObject } from "./mapping.ts";

/**
 * The field that says in which environment a resource is. No key of the file sets it: it is the environment that the block stands
 * in, null for a block under `ungrouped`, and absent for a block at the root, whose environment trueup does not manage.
 */
export const environmentField: Field = {
  description: "Environment that the resource is in.",
  schema: { type: "string" },
  facet: "environment",
  onChange: "update",
  derived: true,
};

/** The id of the environment that an object of an answer is in; nothing where it is in none. */
export function placeIn({ environmentId }: ApiObject): Pick<Found, "environmentId"> {
  return typeof environmentId === "string" && environmentId !== "" ? { environmentId } : {};
}

/** The member of a creation that names the environment (recorded: postgres, key value; Render's description: services, env groups). */
export function membershipOf({ environment, spec }: Desired): BodyObject {
  if (environment !== undefined) return environment ? { environmentId: { hole: "id", of: environment } } : {};
  // The environment of the object that is replaced, when the file says none. An environment that trueup does not
  // manage is known by its id only.
  const kept = spec["environment"];
  if (typeof kept !== "string") return {};
  return { environmentId: isAddress(kept) ? { hole: "id", of: kept } : kept };
}

function isAddress(text: string): text is Address {
  return text.includes("/");
}

/** The call that moves a resource to another environment: adding it to one takes it out of the other (recorded: background worker). */
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
  return [draft("environment", write, ["environment"])];
}
