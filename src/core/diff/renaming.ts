import type { FieldChange } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import type { Owned } from "../model/inventory.ts";
import type { Live } from "../model/live.ts";

/** Not a key of any table: the name is what a block is known by, and what another one in its place would be made by. */
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
