import { sameWord, withArticle } from "../base/text.ts";
import type { Field, Shape } from "../model/field.ts";
import type { FileKind } from "../model/file-kind.ts";

/** The shape of a spec: the only one of its kind, or the one that type and runtime pick; `undefined` where none fits. */
export function shapeOf(
  kind: Pick<FileKind, "shapes">,
  spec: { readonly [field: string]: unknown },
): Shape | undefined {
  const [only] = kind.shapes;
  if (kind.shapes.length === 1) return only;
  return kind.shapes.find(({ when }) => {
    if (when === undefined) return true;
    const isOneOf = (field: string, words: readonly string[]): boolean =>
      words.some((word) => sameWord(spec[field], word));
    if (when.type && !isOneOf("type", when.type)) return false;
    if (when.runtime === undefined) return true;
    return "not" in when.runtime ? !isOneOf("runtime", when.runtime.not) : isOneOf("runtime", when.runtime);
  });
}

/** Whether a block of that shape can hold the field at all. */
export function isOfShape(field: Field, shape: Shape): boolean {
  return field.shapes?.includes(shape.name) ?? true;
}

/** A shape in a sentence: `an env group`, `a disk`; where there is only one, `the log stream of the workspace`. */
export function describeShape({ description, single }: Pick<Shape, "description" | "single">): string {
  return single === undefined ? withArticle(description) : `the ${description}`;
}
