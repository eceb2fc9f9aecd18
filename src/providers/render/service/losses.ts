import { makeAddress, nameOf } from "../../../core/base/address.ts";
import { isObject } from "../../../core/base/json.ts";
import { sameWord } from "../../../core/base/text.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import type { Losses, Replaced } from "../../../core/kind/replaced.ts";
import type { Found } from "../../../core/model/live.ts";
import { losesStream } from "../log-stream/override.ts";
import { pick, wordOf } from "../mapping.ts";
import { asObject } from "../names.ts";
import { isStaticSite } from "./mapping.ts";

/**
 * What a service has that no call can give to its replacement: resources inside it, and settings made in the dashboard only. The
 * plan names them as lost. What the file declares is made again by steps of its own and is not lost.
 */
export const findLosses: Losses = async (reader, replaced) => [
  ...(await listDomains(reader, replaced)),
  ...findDisk(replaced),
  ...findCredential(replaced),
  ...findGroups(replaced),
  ...losesStream(replaced),
];

async function listDomains(reader: Reader, { found, known }: Replaced): Promise<readonly string[]> {
  const isPublic = sameWord(found.raw["type"], "web_service") || isStaticSite(found.raw);
  if (!isPublic) return [];
  const path = `/services/${encodeURIComponent(found.id)}/custom-domains`;
  const rows = (await reader.list(path, {}, "customDomain")).map((item) => asObject(item, path));
  // A twin (`www.example.com`) is made and deleted along with its domain.
  const own = rows.filter((row) => wordOf(row["redirectForName"] ?? "") === "");
  return own
    .map((row) => wordOf(row["name"]))
    .filter((name) => !known(makeAddress("render/custom-domain", name)))
    .map((name) => `the custom domain ${name}`);
}

function findDisk({ found, desired, known }: Replaced): readonly string[] {
  const disk = pick(found.raw, "serviceDetails.disk");
  return isObject(disk) && !known(makeAddress("render/disk", nameOf(desired.address)))
    ? [`the disk ${wordOf(disk["name"])}`]
    : [];
}

/**
 * The registry credential of a service, where the file does not declare one. The file knows a credential by its name
 * and the API by its id. Where the new service has another runtime, the credential is not looked at: it pulled
 * another image.
 */
function findCredential({ found, desired: { spec } }: Replaced): readonly string[] {
  const name = credentialOf(found);
  const image = spec["image"];
  const isSaid = spec["registryCredential"] !== undefined || (isObject(image) && "creds" in image);
  const isOfAnother = spec["runtime"] !== undefined && spec["runtime"] !== found.spec["runtime"];
  return name === undefined || isSaid || isOfAnother ? [] : [`the registry credential ${name}`];
}

function credentialOf({ raw }: Found): string | undefined {
  const own = pick(raw, "registryCredential.name");
  const name = own ?? pick(raw, "serviceDetails.envSpecificDetails.registryCredential.name");
  return typeof name === "string" ? name : undefined;
}

/** Linked groups that no block declares and no reference names: without an address, no link to them could be written. */
function findGroups({ found, known }: Replaced): readonly string[] {
  const links = found.spec["groupLinks"];
  const groups = isObject(links) ? Object.keys(links) : [];
  return groups
    .filter((group) => !known(group))
    .map((group) => `the link to the env group ${nameOf(group as never)}`);
}
