const languages: readonly { readonly name: string; readonly pattern: RegExp; readonly certain: boolean }[] = [
  { name: "cookiecutter", pattern: /\{\{-?[ \t]{0,20}cookiecutter\./, certain: true },
  { name: "Jinja", pattern: /^[ \t]*\{%-?\s/m, certain: true },
  { name: "ERB", pattern: /^[ \t]*<%/m, certain: true },
  { name: "mustache", pattern: /\{\{[^{}\n]*\}\}/, certain: false },
  { name: "ERB", pattern: /<%[=-]?[^%\n]*%>/, certain: false },
];

/**
 * Whether the text is made for a template engine. `certain`: nothing else looks like this; otherwise it counts only if the
 * file is not valid YAML as it stands, because `"{{ x }}"` in quotes is an ordinary text.
 */
export function findTemplate(
  text: string,
): { language: string; start: number; certain: boolean } | undefined {
  for (const { name, pattern, certain } of languages) {
    const match = pattern.exec(text);
    if (match) return { language: name, start: match.index + match[0].search(/\S/), certain };
  }
  return undefined;
}
