const open = "## Unreleased\n";

/** The changelog with what is not released yet under its number and day, and the piece that tells of the release. */
export function cutChangelog(
  text: string,
  version: string,
  day: string,
): { readonly text: string; readonly notes: string } {
  const [before, rest] = text.split(open);
  if (before === undefined || rest === undefined) throw new Error("CHANGELOG.md has no section Unreleased.");
  if (rest.includes(`\n## ${version} `)) throw new Error(`CHANGELOG.md has ${version} already.`);
  const end = rest.search(/^## /mu);
  const notes = (end < 0 ? rest : rest.slice(0, end)).trim();
  if (!/^- /mu.test(notes)) throw new Error("CHANGELOG.md tells of nothing under Unreleased.");
  const older = end < 0 ? "" : `\n${rest.slice(end)}`;
  return { text: `${before}${open}\n## ${version} - ${day}\n\n${notes}\n${older}`, notes };
}

/** Whether a version is one, and newer than another. */
export function isNewer(version: string, than: string): boolean {
  const [numbers, older] = [version, than].map((text) =>
    /^(\d+)\.(\d+)\.(\d+)$/u.exec(text)?.slice(1).map(Number),
  );
  if (!numbers || !older) return false;
  const at = numbers.findIndex((number, index) => number !== older[index]);
  return at >= 0 && (numbers[at] ?? 0) > (older[at] ?? 0);
}
