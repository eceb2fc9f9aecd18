import type { FieldChange } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import type { Owned } from "../model/inventory.ts";
import type { Live } from "../model/live.ts";

/**
 * The difference of an object's name, which is in no kind's table of fields: it is what a block is known by. Who moved is told
 * from the name in the inventory, as for every field.
 */
export function renaming(desired: Desired, owned: Owned | undefined, live: Live): FieldChange {
  const before = owned?.name;
  const verdict =
    before === undefined
      ? "unknown"
      : before === desired.name
        ? "outside"
        : before === live.found.name
          ? "file"
          : "both";
  return {
    field: "name",
    before: { show: "public", value: live.found.name },
    after: { show: "public", value: desired.name },
    verdict,
    removed: false,
    forcesReplace: false,
    where: desired.where,
  };
}
