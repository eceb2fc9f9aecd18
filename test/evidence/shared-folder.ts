import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The evidence lives outside the repository, because it is not ours to publish. */
export function sharedFolder(): string {
  const folder = resolve(process.env["TRUEUP_SHARED"] ?? "../shared");
  if (!existsSync(folder))
    throw new Error(`no evidence in ${folder}: set TRUEUP_SHARED to the folder that holds it`);
  return folder;
}
