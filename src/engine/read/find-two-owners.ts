import type { Address } from "../../core/base/address.ts";
import { isObject } from "../../core/base/json.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Reader } from "../../core/kind/reader.ts";
import type { Live } from "../../core/model/live.ts";
import { problem, type Problem } from "../../core/base/problem.ts";

/**
 * Warns of resources that a Render Blueprint manages too. A Blueprint with auto sync applies its own file after each push, so it
 * and trueup would undo each other's changes. Costs one list, and one call for each Blueprint with auto sync, whose answer has
 * its resources (Render's description).
 */
export async function findTwoOwners(
  reader: Reader,
  scope: Scope,
  live: ReadonlyMap<Address, Live>,
): Promise<readonly Problem[]> {
  const blueprints = (await reader.list("/blueprints", { ownerId: scope.ownerId }, "blueprint")).filter(
    isObject,
  );
  const syncing = blueprints.filter(
    (blueprint) => blueprint["autoSync"] === true && typeof blueprint["id"] === "string",
  );
  const byId = new Map([...live.values()].map((one) => [one.found.id, one.address]));
  const details = await Promise.all(
    syncing.map((blueprint) => reader.get(`/blueprints/${encodeURIComponent(String(blueprint["id"]))}`)),
  );
  return details.flatMap((detail): Problem[] => {
    const resources =
      isObject(detail) && Array.isArray(detail["resources"]) ? detail["resources"].filter(isObject) : [];
    const shared = resources
      .map((resource) => byId.get(String(resource["id"])))
      .filter((address) => address !== undefined);
    if (!isObject(detail) || shared.length === 0) return [];
    const message = `The Blueprint ${String(detail["name"])} syncs by itself and lists ${shared.join(", ")}: two owners would fight.`;
    return [
      problem(
        "warning",
        "two-owners",
        message,
        "Switch its Auto Sync off or disconnect it in Render's dashboard; that deletes nothing.",
      ),
    ];
  });
}
