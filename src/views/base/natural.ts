import { byText } from "../../core/base/address.ts";

/**
 * Compares two names as people order them: digits count as one number, so that `shared-2` stands before `shared-10`. It is for
 * display alone: plans, hashes and documents are sorted with `byText`.
 */
export function byNature(a: string, b: string): number {
  const [left, right] = [piecesOf(a), piecesOf(b)];
  for (const [index, piece] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = comparePieces(piece, other);
    if (order !== 0) return order;
  }
  return left.length - right.length || byText(a, b);
}

function piecesOf(text: string): readonly string[] {
  return text.match(/\d+|\D+/gu) ?? [];
}

/** Numbers by their value: without noughts in front, the longer one is the higher one. */
function comparePieces(a: string, b: string): number {
  if (!startsWithDigit(a) || !startsWithDigit(b)) return byText(a, b);
  const [left, right] = [a.replace(/^0+/u, ""), b.replace(/^0+/u, "")];
  return left.length - right.length || byText(left, right);
}

function startsWithDigit(text: string): boolean {
  return /^\d/u.test(text);
}
