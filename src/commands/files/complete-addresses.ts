import { dirname, join, resolve } from "node:path";
import type { Address } from "../../core/base/address.ts";
import { isObject, parseJson } from "../../core/base/json.ts";
import type { StateSettings } from "../../core/model/desired.ts";
import { partitionFolder } from "../../store/partition/partition-folder.ts";
import { readText, type Deps } from "../base/deps.ts";
import { readFiles, type FileNames } from "./read-files.ts";

/**
 * The addresses that somebody may mean who asks the shell to complete one: those of the files, and what the state beside them
 * owns. Nothing is asked of a network, nor of git, and whatever is in the way gives fewer of them: nobody wants an error there.
 */
export async function listAddresses(
  input: FileNames & { readonly label?: string },
  deps: Pick<Deps, "folder" | "readFile"> & { readonly world: Pick<Deps["world"], "now"> },
): Promise<readonly Address[]> {
  const found = await readFiles(input, deps).catch(() => undefined);
  const declared = found?.state?.resources.map(({ address }) => address) ?? [];
  const beside = dirname(resolve(deps.folder, found?.names[0] ?? "trueup.yaml"));
  const settings = found?.state?.settings.state ?? {};
  const owned = await readOwned(beside, settings, input.label, deps).catch(() => []);
  return [...new Set([...declared, ...owned])];
}

async function readOwned(
  beside: string,
  { backend = "file", path = "state", name = "default" }: StateSettings,
  label: string | undefined,
  deps: Pick<Deps, "readFile">,
): Promise<readonly Address[]> {
  if (backend !== "file") return [];
  const partition = join(resolve(beside, path), partitionFolder(label ?? name));
  const inventory = parseJson((await readText(deps, join(partition, "inventory.json"))) ?? "{}");
  const resources = isObject(inventory) ? inventory["resources"] : undefined;
  return isObject(resources) ? (Object.keys(resources) as Address[]) : [];
}
