import {
  memberOf,
  textOf,
  type Entry,
  type ListNode,
  type MapNode,
  type Node,
  isNull,
} from "../base/node.ts";
import type { Tell } from "../base/remark.ts";
import { applyJsonPatch } from "./json-patch.ts";

/** A file that an overlay changes. */
export type Base = { readonly name: string; readonly root: Node };

/**
 * The files as one overlay changes them. Of several files, each part of an overlay changes the file that it is about:
 *
 *     a key of a merge patch      the files that have it at their root, or the first one where none has it
 *     an operation of a patch     the file in which its path is
 *
 * A list of a merge patch takes the place of the whole list, and a path such as `/services/0/plan` may be there in several files:
 * where it is not certain which one is meant, that is told. `undefined`: it could not be applied, and that was told.
 */
export function overlayFiles(bases: readonly Base[], overlay: Node, tell: Tell): readonly Base[] | undefined {
  const [only, another] = bases;
  if (!only) return bases;
  if (!another || overlay.is === "scalar") {
    const root = applyOverlay(only.root, overlay, tell);
    return root && [{ ...only, root }, ...bases.slice(1)];
  }
  return overlay.is === "list" ? patchFiles(bases, overlay, tell) : mergeFiles(bases, overlay, tell);
}

function mergeFiles(bases: readonly Base[], overlay: MapNode, tell: Tell): readonly Base[] | undefined {
  const parts = new Map<Base, Entry[]>();
  let isFine = true;
  for (const entry of overlay.entries.values()) {
    const having = bases.filter(({ root }) => memberOf(root, entry.key) !== undefined);
    if (having.length > 1 && entry.value.is === "list") {
      isFine = false;
      tell({
        code: "overlay-base",
        severity: "error",
        message: `\`${entry.key}\` is a list of ${listNames(having)}, and the overlay has one to take its place.`,
        remedy: "Change single entries with a JSON Patch, or keep the list in one file.",
        place: entry.keyPlace,
      });
    }
    for (const base of having.length > 0 ? having : bases.slice(0, 1))
      parts.set(base, [...(parts.get(base) ?? []), entry]);
  }
  if (!isFine) return undefined;
  return bases.flatMap((base): readonly Base[] => {
    const entries = parts.get(base);
    if (!entries) return [base];
    const part: MapNode = { ...overlay, entries: new Map(entries.map((entry) => [entry.key, entry])) };
    const root = applyOverlay(base.root, part, tell);
    return root ? [{ ...base, root }] : [];
  });
}

function patchFiles(bases: readonly Base[], overlay: ListNode, tell: Tell): readonly Base[] | undefined {
  let files = bases;
  for (const [index, item] of overlay.items.entries()) {
    const fitting = files.filter(({ root }) => fits(root, item));
    if (fitting.length > 1) {
      tell({
        code: "overlay-base",
        severity: "error",
        message: `Operation ${index + 1} of the overlay could change ${listNames(fitting)}: its path is in each of them.`,
        remedy: "Give that one file alone, or change it by a merge patch of keys that only one file has.",
        place: memberOf(item, "path")?.place ?? item.place,
      });
      return undefined;
    }
    const target = fitting[0] ?? files[0]!;
    const root = applyJsonPatch(target.root, { ...overlay, items: [item] }, tell, index);
    if (!root) return undefined;
    files = files.map((file) => (file === target ? { ...file, root } : file));
  }
  return files;
}

/** Whether the place that an operation is about is in the file: of an addition, the list or mapping around it. */
function fits(root: Node, operation: Node): boolean {
  const op = textOf(memberOf(operation, "op"));
  const pointer = textOf(memberOf(operation, op === "move" || op === "copy" ? "from" : "path")) ?? "";
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const way = op === "add" ? steps.slice(0, -1) : steps;
  let node: Node | undefined = root;
  for (const step of way) {
    if (node?.is === "list") node = node.items[Number(step)];
    else if (node?.is === "map") node = node.entries.get(step)?.value;
    else return false;
  }
  return node !== undefined;
}

function listNames(files: readonly Base[]): string {
  return files.map(({ name }) => name).join(" and ");
}

/**
 * Applies an overlay to a file: a list is a JSON Patch (RFC 6902), a mapping a merge patch (RFC 7386). What comes
 * from the overlay has its place there, so that problems lead to it. `undefined`: it could not be applied, and that
 * was told.
 */
function applyOverlay(base: Node, overlay: Node, tell: Tell): Node | undefined {
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
