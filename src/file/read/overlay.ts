import { isNull, type Entry, type MapNode, type Node } from "../base/node.ts";
import { applyJsonPatch } from "./json-patch.ts";
import type { Tell } from "../base/remark.ts";

/**
 * Applies an overlay to a file: a list is a JSON Patch (RFC 6902), a mapping a merge patch (RFC 7386). What comes
 * from the overlay has its place there, so that problems lead to it. `undefined`: it could not be applied, and that
 * was told.
 */
export function applyOverlay(base: Node, overlay: Node, tell: Tell): Node | undefined {
  if (overlay.is === "list") return applyJsonPatch(base, overlay, tell);
  if (overlay.is === "map") return mergePatch(base, overlay);
  tell({
    code: "overlay-form",
    severity: "error",
    message:
      "An overlay is a mapping (a merge patch) or a list of operations (a JSON Patch), and this is a single text.",
    remedy:
      "Write the keys that differ, or operations such as `- { op: replace, path: /services/0/plan, value: standard }`.",
    place: overlay.place,
  });
  return undefined;
}

/**
 * Applies a merge patch (RFC 7386): mappings are merged, null takes a key away, and everything else replaces what was
 * there, a list as a whole.
 */
function mergePatch(base: Node | undefined, patch: Node): Node {
  if (patch.is !== "map") return patch;
  const entries = new Map<string, Entry>(base?.is === "map" ? base.entries : []);
  for (const entry of patch.entries.values()) {
    const before = entries.get(entry.key);
    if (isNull(entry.value)) entries.delete(entry.key);
    else
      entries.set(entry.key, {
        ...(isMerged(before, entry) ? before : entry),
        value: mergePatch(before?.value, entry.value),
      });
  }
  return { is: "map", entries, place: base?.is === "map" ? base.place : patch.place, weight: weigh(entries) };
}

function isMerged(before: Entry | undefined, entry: Entry): before is Entry & { readonly value: MapNode } {
  return before?.value.is === "map" && entry.value.is === "map";
}

function weigh(entries: ReadonlyMap<string, Entry>): number {
  return [...entries.values()].reduce((sum, entry) => sum + entry.value.weight, 1);
}
