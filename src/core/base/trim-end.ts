/**
 * A text without the given characters at its end: `trimEnd("/data//", "/")` is `/data`. A regular expression, `/\/+$/`,
 * begins anew at every slash, and so needs a minute for a megabyte of slashes with one letter after them.
 */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}
