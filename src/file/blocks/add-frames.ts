import type { Problem } from "../../core/base/problem.ts";
import { areasAround, drawFrame } from "../base/frame.ts";
import { findMasks } from "../base/masks.ts";
import { openSource, type OpenSource, type Place, type Source } from "../base/source.ts";
import { parseSource } from "../read/parse.ts";
import { readSecrecy } from "./desired.ts";

/**
 * Problems of later stages know only the place in the file that they are about: here they get the code frame that the file
 * stage gives its own, with the same secrets masked. One whose file is not among `sources` stays as it is.
 */
export function addFrames(problems: readonly Problem[], sources: readonly Source[]): readonly Problem[] {
  const isBare = ({ where, frame }: Problem): boolean => where !== undefined && frame === undefined;
  if (!problems.some(isBare)) return problems;
  const parsed = sources.map((text) => {
    const source = openSource(text);
    return { source, root: parseSource(source, () => undefined) };
  });
  // What one file says of its secrets holds for the frames of all.
  const secrecy = readSecrecy(parsed.flatMap(({ root }) => root ?? []));
  return problems.map((one) => {
    const file = isBare(one) ? parsed.find(({ source }) => source.name === one.where?.file) : undefined;
    const place = file && placeOf(file.source, one);
    if (!file || !place) return one;
    const masks = file.root ? findMasks(file.root, secrecy, areasAround([place])) : "everything";
    return { ...one, frame: drawFrame(place, masks) };
  });
}

/** `undefined` where the file has no such line any more. */
function placeOf(source: OpenSource, { where }: Problem): Place | undefined {
  if (!where) return undefined;
  const lineStart = source.lineStarts[where.line - 1];
  if (lineStart === undefined) return undefined;
  const start = Math.min(lineStart + where.column - 1, source.text.length);
  return { source, start, end: start };
}
