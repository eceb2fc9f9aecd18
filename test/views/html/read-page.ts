import { createHash } from "node:crypto";

/** The tags of a page that could do something, or that only such a page needs: none of ours has them. */
const tagsAllowed = new Set(
  "html head meta title style body main input label div span p h1 h2 code pre br details summary table tbody tr th td svg defs marker path rect circle g text tspan".split(
    " ",
  ),
);
const attributesAllowed = new Set(
  "lang charset name content http-equiv id class type aria-label checked for open tabindex xmlns width height viewbox role refx refy markerwidth markerheight orient d transform x y rx cx cy r text-anchor xml:space marker-end".split(
    " ",
  ),
);

/** What is wrong with a page: anything that could run, load, or be styled from elsewhere. Empty: nothing. */
export function wrongWith(page: string): readonly string[] {
  const wrong: string[] = [];
  const style = /<style>([\s\S]*?)<\/style>/u.exec(page)?.[1] ?? "";
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/u.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  if (!policy.startsWith(`default-src 'none'; style-src 'sha256-${hash}';`)) wrong.push(`policy ${policy}`);
  if (/url\(|@import|expression/iu.test(style)) wrong.push("style loads something");
  const rest = page.replace(style, "").replace("<!doctype html>", "");
  for (const [, tag = "", attributes = ""] of rest.matchAll(/<\/?([^\s>/]+)((?:[^">]|"[^"]*")*)>/gu)) {
    if (!tagsAllowed.has(tag.toLowerCase())) wrong.push(`tag ${tag}`);
    for (const [, name = ""] of attributes.matchAll(/([^\s"=/]+)(?:="[^"]*")?/gu))
      if (!attributesAllowed.has(name.toLowerCase())) wrong.push(`attribute ${name} of ${tag}`);
  }
  const loose = rest.replaceAll(/<\/?[a-zA-Z][\w:-]*(?:\s(?:[^">]|"[^"]*")*)?>/gu, "");
  if (/[<>]/u.test(loose)) wrong.push(`a loose bracket: ${/.{0,40}[<>].{0,40}/u.exec(loose)?.[0]}`);
  if (/[\p{Cc}\p{Cf}]/u.test(page.replaceAll("\n", ""))) wrong.push("a character that cannot be seen");
  return [...new Set(wrong)];
}

/** The text that a reader sees, without the style. */
export function textOf(page: string): string {
  return page
    .replace(/<style>[\s\S]*?<\/style>/u, "")
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll(/&#(\d+);/gu, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/\s+/gu, " ");
}
