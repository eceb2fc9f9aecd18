import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { matchesAny } from "../../../core/base/glob.ts";
import { byText } from "../../../core/base/address.ts";
import { defaultFiles } from "../../../file/base/find.ts";

/*
 * What `-f` may be given, and the shortest words for it again in a hint:
 *
 *     -f trueup.yaml       that file
 *     -f .                 the trueup.yaml, render.yaml or render.yml of the folder, if it has one
 *     -f infra             else every .yaml and .yml file of it, but none below it
 *     -f 'infra/app-*'     those whose names fit; in quotes, or the shell of the user spells them out
 */

const yamlName = /\.ya?ml$/iu;

/** The files that one word after `-f` stands for; a word that stands for none is kept, so that the error names it. */
export function spellOutFiles(word: string): readonly string[] {
  const folder = word.includes("*") ? dirname(word) : isFolder(word) ? word : undefined;
  if (folder === undefined) return [word];
  const fits = word.includes("*") ? (name: string) => matchesAny([basename(word)], name) : () => true;
  const found = yamlFilesIn(folder).filter((path) => fits(basename(path)));
  const usual = word.includes("*") ? undefined : usualOf(found);
  if (usual !== undefined) return [usual];
  return found.length === 0 ? [word] : found;
}

/** Files in the words of `-f`: a folder's name where they are all of its files, three or more. */
export function foldFiles(files: readonly string[]): readonly string[] {
  const folders = [...new Set(files.map((file) => dirname(file)))];
  return folders.flatMap((folder) => {
    const inside = files.filter((file) => dirname(file) === folder);
    if (inside.length < 3) return inside;
    const all = yamlFilesIn(folder).map((file) => basename(file));
    const isWhole =
      usualOf(all) === undefined &&
      all.length === inside.length &&
      inside.every((file) => all.includes(basename(file)));
    return isWhole ? [folder] : inside;
  });
}

/** The file of a folder that is taken without -f too: beside it, other programs have YAML files of their own. */
function usualOf(paths: readonly string[]): string | undefined {
  for (const name of defaultFiles) {
    const usual = paths.find((path) => basename(path) === name);
    if (usual !== undefined) return usual;
  }
  return undefined;
}

function yamlFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => yamlName.test(name))
      .sort(byText)
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
