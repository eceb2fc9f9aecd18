import { firstBehind, type Masks, type Stretch } from "./frame.ts";
import { memberOf, textOf, type Node } from "./node.ts";
import { findSecrecy, type Secrecy } from "./secrecy.ts";

/** Members whose text is a value that somebody may want hidden. */
const valueMembers = new Set(["value", "previewValue", "token", "authToken", "content"]);
const valueLists = new Set(["envVars", "env", "secretFiles"]);

/**
 * The stretches of the file, within the given areas, that a frame must not show: all values but those that are public
 * by name and look. Where values stand in a wrong form (`envVars` as a mapping, an entry that is a bare text), all of
 * them are taken for secret.
 */
export function findMasks(root: Node, secrecy: Secrecy, areas: readonly Stretch[]): Masks {
  const masks = new Map<number, Stretch>();
  const isShown = ({ place: { start, end } }: Node): boolean => {
    const area = areas[firstBehind(areas, start)];
    return area !== undefined && area.start < end;
  };
  const seen = new Set<Node>();
  const add = (node: Node): void => {
    if ((node.is === "scalar" && node.value === null) || !isShown(node)) return;
    masks.set(node.place.start, { start: node.place.start, end: node.place.end });
  };
  const visit = (node: Node, inValues: boolean): void => {
    if (node.is === "scalar") {
      if (isShown(node) && findSecrecy("", node.text, secrecy) !== undefined) add(node);
      return;
    }
    if (seen.has(node) && !inValues) return;
    seen.add(node);
    if (node.is === "list") {
      for (const item of node.items)
        if (inValues && item.is !== "map") add(item);
        else visit(item, inValues);
      return;
    }
    const key = textOf(memberOf(node, "key")) ?? textOf(memberOf(node, "name"));
    for (const entry of node.entries.values()) {
      if (valueMembers.has(entry.key)) {
        if (
          isShown(entry.value) &&
          isHidden(
            entry.value,
            entry.key === "value" || entry.key === "previewValue" ? key : undefined,
            secrecy,
          )
        )
          add(entry.value);
      } else if (inValues && key === undefined && entry.value.is === "scalar" && entry.key !== "fromGroup") {
        add(entry.value);
      } else {
        visit(entry.value, valueLists.has(entry.key) && entry.value.is !== "scalar");
      }
    }
  };
  visit(root, false);
  return [...masks.values()].sort((a, b) => a.start - b.start);
}

function isHidden(node: Node, key: string | undefined, secrecy: Secrecy): boolean {
  const text = textOf(node);
  return key === undefined || text === undefined || findSecrecy(key, text, secrecy) !== undefined;
}
