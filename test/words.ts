type Words = { readonly names: ReadonlyMap<string, string>; readonly texts: ReadonlyMap<string, string> };

/** The table of CONTRIBUTING: each retired word, with the one to say instead. */
export function readWords(page: string): Words {
  const rows = page
    .slice(page.indexOf("## Words"))
    .split("\n")
    .filter((line) => /^\| \w/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const column = (index: number): ReadonlyMap<string, string> =>
    new Map(
      rows.flatMap((cells) =>
        [...(cells[index] ?? "").matchAll(/`([^`]+)`/g)].map(([, retired = ""]) => [retired, cells[1] ?? ""]),
      ),
    );
  return { names: column(3), texts: column(4) };
}

/** `refuseHandOver` is `refuse-hand-over`. */
export function partsOf(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** Each retired word in the text, whole or in the plural, with the one to say instead. */
export function sayInstead(
  words: ReadonlyMap<string, string>,
  text: string,
  path: string,
): readonly string[] {
  if (!searchForAny(words).test(text)) return [];
  return [...words].flatMap(([retired, word]) =>
    searchFor(retired).test(text) ? [`${path}: ${retired}, say ${word}`] : [],
  );
}

const searches = new WeakMap<ReadonlyMap<string, string>, RegExp>();

/** Made once for each list: of some hundred thousand names nearly none holds any of them. */
function searchForAny(words: ReadonlyMap<string, string>): RegExp {
  const search = searches.get(words) ?? searchFor(`(?:${[...words.keys()].join("|")})`);
  searches.set(words, search);
  return search;
}

function searchFor(retired: string): RegExp {
  return new RegExp(`(?<![a-z])${retired}s?(?![a-z])`, "i");
}
