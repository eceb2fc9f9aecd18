import { createHash } from "node:crypto";

/** An item of a library. */
export type LibraryItem = {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly thumb_url: string;
};
/** The name of a library. */
export type Library = "backgrounds" | "textures";

/**
 * Stand-ins for the items of the two libraries: as many as documented, each with an id of 24 characters that never
 * changes. Of each library, the name of the first item is published and no other.
 */
const libraries = {
  backgrounds: {
    count: 371,
    first: {
      name: "Modern White House with Pool and Garden",
      category: "exterior",
      file: "exterior-3d-rendering-exterior-modern-house-in-minimal-architecture",
    },
    categories: ["exterior", "interior", "studio", "nature"],
    word: "Background",
  },
  textures: {
    count: 2942,
    first: { name: "Brushed Metal", category: "metal", file: "metal-brushed-metal-1" },
    categories: ["metal", "wood", "fabric", "stone"],
    word: "Texture",
  },
} as const;

/** All items of a library, the documented one first. */
export function listLibrary(library: Library): LibraryItem[] {
  return Array.from({ length: libraries[library].count }, (_, index) => makeItem(library, index));
}

/** The item of an id; `undefined` where there is none. */
export function findLibraryItem(library: Library, id: string): LibraryItem | undefined {
  return listLibrary(library).find((item) => item.id === id);
}

function makeItem(library: Library, index: number): LibraryItem {
  const { first, categories, word } = libraries[library];
  const category = categories[index % categories.length] ?? first.category;
  const { file, ...shown } =
    index === 0
      ? first
      : { name: `${word} ${index + 1}`, category, file: `${category}-${word.toLowerCase()}-${index + 1}` };
  return {
    id: createHash("sha256").update(`${library} ${index}`).digest("hex").slice(0, 24),
    ...shown,
    thumb_url: `https://renders.rendercad.ai/${library}/thumbs/${file}.webp`,
  };
}
