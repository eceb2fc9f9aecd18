/** `*` stands for any text, everything else for itself: globs of addresses, keys and variables. */
function makeGlob(glob: string): (text: string) => boolean {
  const parts = glob.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/gu, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`, "su");
  return (text) => pattern.test(text);
}

export function matchesAny(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => makeGlob(glob)(text));
}
