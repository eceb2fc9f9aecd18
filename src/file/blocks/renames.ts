import type { Draft } from "../base/draft.ts";
import type { Tell } from "../base/remark.ts";
import type { Directory } from "./references.ts";

/**
 * Warns of a block whose former name another block has. An owned object of that name stays with the block that declares it,
 * so that nothing is renamed: two blocks that want to swap their names would each be made what the other one is.
 *
 *   services:
 *     - { name: api, lifecycle: { renamedFrom: web }, ... }
 *     - { name: web, ... }
 */
export function tellStillDeclared(
  drafts: readonly Draft[],
  declared: Directory["declared"],
  tell: Tell,
): void {
  for (const { kind, name, shape, lifecycle, place } of drafts) {
    const { renamedFrom } = lifecycle;
    if (renamedFrom === undefined || renamedFrom === name) continue;
    const former = kind.encloses ? [...name.split("/").slice(0, -1), renamedFrom].join("/") : renamedFrom;
    if (!declared.get(kind.name)?.has(former)) continue;
    tell({
      code: "moved-declared",
      severity: "warning",
      message: `\`lifecycle.renamedFrom: ${renamedFrom}\` of the ${shape.description} ${name} has no effect: another block is called ${former}.`,
      remedy: "Take the line out. To give the name to another block, apply the rename alone first.",
      place,
    });
  }
}
