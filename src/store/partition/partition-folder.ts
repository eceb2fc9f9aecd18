/**
 * The folder of a label: readable, one path segment, and never one of the names that lie beside partitions (`key`,
 * `.gitignore`, `README.md`) nor a way out (`..`).
 */
export function partitionFolder(label: string): string {
  const encoded = encodeURIComponent(label).replaceAll(/[!'()*~]/gu, percent);
  return /^(?:\.|key$|README\.md$|$)/iu.test(encoded)
    ? `${percent(label.charAt(0))}${encoded.slice(1)}`
    : encoded;
}

/** Where partitions of simulators lie, each in a folder of its own: no label has a folder that begins with a dot. */
export const simulatorFolder = ".simulator";

/** The label whose folder has this name; `undefined` for a folder that is none of a label's. */
export function labelOfFolder(folder: string): string | undefined {
  const label = folder === "%" ? "" : decode(folder);
  return label !== undefined && partitionFolder(label) === folder ? label : undefined;
}

function decode(folder: string): string | undefined {
  try {
    return decodeURIComponent(folder);
  } catch {
    return undefined;
  }
}

function percent(character: string): string {
  return character === "" ? "%" : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
