/**
 * The name of the folder of a label. It is readable, has no slash, and is never a name that lies beside partitions (`key`,
 * `.gitignore`, `README.md`) or leads out of the folder (`..`). Example: `team a/web` becomes `team%20a%2Fweb`.
 */
export function partitionFolder(label: string): string {
  const encoded = encodeURIComponent(label).replaceAll(/[!'()*~]/gu, percent);
  return /^(?:\.|key$|README\.md$|$)/iu.test(encoded)
    ? `${percent(label.charAt(0))}${encoded.slice(1)}`
    : encoded;
}

/** The folder for partitions of simulators, one folder for each simulator. It cannot be a label's: no label's folder begins with a dot. */
export const simulatorFolder = ".simulator";

/** The label whose folder has this name; `undefined` for a name that no label's folder can have. */
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
