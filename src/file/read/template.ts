const languages: readonly { readonly name: string; readonly pattern: RegExp; readonly certain: boolean }[] = [
  { name: "cookiecutter", pattern: /\{\{-?[ \t]{0,20}cookiecutter\./, certain: true },
  { name: "Jinja", pattern: /^[ \t]*\{%-?\s/m, certain: true },
  { name: "ERB", pattern: /^[ \t]*<%/m, certain: true },
  { name: "mustache", pattern: /\{\{[^{}\n]*\}\}/, certain: false },
  { name: "ERB", pattern: /<%[=-]?[^%\n]*%>/, certain: false },
];

/**
 * Finds signs that a text is made for a template engine. `certain`: nothing else looks like this. Any other sign
 * counts only where the text is not valid YAML, because `"{{ x }}"` in quotes is an ordinary text.
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
