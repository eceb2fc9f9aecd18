import type { Shape } from "../../core/model/field.ts";
import { memberOf, textOf, type MapNode } from "../base/node.ts";
import type { Tell } from "../base/remark.ts";
import type { Place } from "../base/source.ts";
import { asStart, hasControl } from "../../core/base/text.ts";
import { describeShape } from "../../core/kind/shape.ts";

/** The name of a block, and where it stands. */
export type BlockName = { readonly text: string; readonly place: Place };

/**
 * The name of a block; `undefined` where it has none, which was told. `hostName` is the name of the block that it
 * stands inside, from which some blocks have theirs.
 */
export function nameOfBlock(
  block: MapNode,
  shape: Shape,
  hostName: string | undefined,
  tell: Tell,
): BlockName | undefined {
  if (shape.single !== undefined) return { text: shape.single, place: block.place };
  if (shape.named === "host") return { text: hostName ?? "", place: block.place };
  const node = memberOf(block, "name");
  const text = textOf(node);
  if (text === undefined || text === "") {
    tell({
      code: node && node.is !== "scalar" ? "wrong-type" : "missing-key",
      severity: "error",
      message: `${asStart(describeShape(shape))} of \`${shape.list}\` lacks \`name\`.`,
      remedy: "Add a name: it is what Render and trueup know the resource by.",
      place: node?.place ?? block.place,
    });
    return undefined;
  }
  return checkName(text, node?.place ?? block.place, shape, tell)
    ? { text, place: node?.place ?? block.place }
    : undefined;
}

/**
 * The longest name. Names are shown in terminals and stand in addresses. Render documents no limit; this is far above
 * any name in use.
 */
const longestName = 200;

function checkName(text: string, place: Place, shape: Shape, tell: Tell): boolean {
  const bad = hasControl(text) || text.trim() !== text || text.length > longestName || text === "__proto__";
  if (!bad) return true;
  tell({
    code: "name-not-allowed",
    severity: "error",
    message: `The name of ${describeShape(shape)} must be one line of up to ${longestName} visible characters.`,
    remedy: "Choose another name; no control characters, no spaces at its ends.",
    place,
  });
  return false;
}
