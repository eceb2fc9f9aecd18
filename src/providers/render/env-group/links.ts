import { nameOf, type Address } from "../../../core/base/address.ts";
import type { FieldChange, ResourceChange } from "../../../core/model/change.ts";
import type { Desired } from "../../../core/model/desired.ts";
import { isObject } from "../../../core/base/json.ts";
import type { Around, Refusal } from "../../../core/kind/refusal.ts";
import type { Live } from "../../../core/model/live.ts";
import { type Write, type WriteDraft, draft } from "../../../core/model/write.ts";
import { budgets } from "../budgets.ts";

/*
 * Links between env groups and services. An environment's group is for the services in it (Render's tutorial), and the API lets no
 * service leave with such a link (reported by users of the Terraform provider). So a link that goes along is taken away before
 * the move and made again after it.
 *
 *     the service moves, and the group       calls
 *     moves too                              unlink, both move, link
 *     is new to it in its new environment    the service moves, link
 *     stays and is no longer declared        unlink, the service moves
 *     is the workspace's                     the service moves
 */

/** Links of a service in the order of the file, or as they are live. */
function linksOf(spec: { readonly [field: string]: unknown } | undefined): readonly Address[] {
  const links = spec?.["groupLinks"];
  return isObject(links) ? (Object.keys(links) as Address[]) : [];
}

/** The environments of the groups that a service is linked to, by address; the workspace's groups have none. */
function placesOf({ found }: Live): { readonly [group: Address]: unknown } {
  const places = found.spec["groupPlaces"];
  return isObject(places) ? places : {};
}

function isMoving({ fields }: Pick<ResourceChange, "fields">): boolean {
  return fields.some(({ field }) => field === "environment");
}

/** The calls of a service for its links, before it moves to another environment and after that. */
export function linkChanges(
  desired: Desired,
  change: ResourceChange,
  live: Live,
  { changes }: Around,
): { readonly before: readonly WriteDraft[]; readonly after: readonly WriteDraft[] } {
  const links = change.fields.filter(({ field }) => field === "groupLinks");
  const removed = links.filter((link) => link.removed).map((link) => unlinkDraft(desired.address, link));
  const added = links.filter((link) => !link.removed).map((link) => link.entry!);
  const made = linkDrafts(desired, added);
  if (!isMoving(change)) return { before: [], after: [...made, ...removed] };
  const touched = new Set(links.map(({ entry }) => entry));
  const isCarried = (group: Address): boolean =>
    placesOf(live)[group] !== undefined || changes.some((one) => one.address === group && isMoving(one));
  const declared = linksOf(desired.spec);
  const carried = linksOf(live.found.spec).filter(
    (group) => declared.includes(group) && !touched.has(group) && isCarried(group),
  );
  const away = carried.map((group) =>
    callDraft(desired.address, group, { method: "DELETE", part: "unlink" }),
  );
  const again = carried.map((group) => callDraft(desired.address, group, { method: "POST", part: "link" }));
  return { before: [...removed, ...away], after: [...again, ...made] };
}

/** The calls that link the service to groups. Each adds this service and changes no other link of the group (Render's description). */
export function linkDrafts(desired: Desired, groups: readonly string[]): readonly WriteDraft[] {
  return groups.map((group) => {
    const key = `groupLinks.${group}`;
    return draft(key, linkCall("POST", desired.address, group), [key], true);
  });
}

function unlinkDraft(address: Address, { entry }: FieldChange): WriteDraft {
  const key = `groupLinks.${entry!}`;
  return draft(key, linkCall("DELETE", address, entry!), [key], true);
}

/** A link that is there before and after: no field of it changes, so nothing of it is compared when the call is sent. */
function callDraft(
  address: Address,
  group: Address,
  { method, part }: { readonly method: "POST" | "DELETE"; readonly part: string },
): WriteDraft {
  return draft(`${part} ${group}`, linkCall(method, address, group), []);
}

function linkCall(method: "POST" | "DELETE", address: Address, group: string): Write {
  return { method, path: `/env-groups/{${group}}/services/{${address}}`, budgets: budgets.write };
}

/** The id of the environment that a resource is in after the plan, or its address where that is new; `undefined`: in none. */
function placeAfter(address: Address, { declared, live }: Around): string | undefined {
  const environment = declared.get(address)?.environment;
  if (environment === undefined) return live.get(address)?.found.environmentId;
  return environment === null ? undefined : (live.get(environment)?.found.id ?? environment);
}

/** Refuses links of a service to groups of other environments, which the file alone does not show: a block at the root, or a group of no file. */
export function refuseAcross(desired: Desired, around: Around): readonly Refusal[] {
  const { address } = desired;
  const live = around.live.get(address);
  return linksOf(desired.spec).flatMap((group): readonly Refusal[] => {
    const isKnown = around.declared.has(group) || around.live.has(group);
    const known = live && placesOf(live)[group];
    const place = isKnown ? placeAfter(group, around) : (known ?? around.targets?.get(group)?.environmentId);
    if (place === undefined || place === placeAfter(address, around)) return [];
    const message = `${address} would be linked to ${group}, which belongs to another environment: such a group can be linked only inside it.`;
    const remedy = `Move one of the two blocks to the environment of the other, or take \`fromGroup: ${nameOf(group)}\` out.`;
    return [{ code: "group-across", message, remedy, where: desired.places.get(`groupLinks.${group}`) }];
  });
}

/** Refuses to move a service that somebody linked to a group of the environment that it leaves. */
export function refuseLeaving(desired: Desired, change: ResourceChange, live: Live): readonly Refusal[] {
  if (!isMoving(change)) return [];
  const ended = change.fields.filter(({ removed }) => removed).map(({ entry }) => entry);
  const declared = linksOf(desired.spec);
  const held = linksOf(live.found.spec).filter(
    (group) => placesOf(live)[group] !== undefined && !declared.includes(group) && !ended.includes(group),
  );
  return held.map((group) => {
    const message = `${desired.address} would leave its environment, and is linked to ${group}, which belongs to it and which the block does not name.`;
    const remedy = "Unlink it in the dashboard, or leave the service where it is.";
    return { code: "group-across", message, remedy };
  });
}

/** Refuses to move a group away from services that stay linked to it. */
export function refuseStranding(
  { address }: Desired,
  change: ResourceChange,
  { found }: Live,
  around: Around,
): readonly Refusal[] {
  const place = isMoving(change) ? placeAfter(address, around) : undefined;
  if (place === undefined) return [];
  const known = new Map([...around.live.values()].map((one) => [one.found.id, one.address]));
  const left = linkedIds(found.raw).filter((id) => {
    const service = known.get(id);
    // A group that is in an environment is linked to nothing outside of it.
    if (service === undefined) return found.environmentId !== undefined;
    const own = around.changes.find((one) => one.address === service);
    const isEnded =
      own?.action === "delete" ||
      own?.fields.some(({ entry, removed }) => removed && entry === address) === true;
    return !isEnded && placeAfter(service, around) !== place;
  });
  if (left.length === 0) return [];
  const names = left.map((id) => known.get(id) ?? id).sort();
  const message = `${address} would move to an environment in which ${names.join(", ")} ${names.length === 1 ? "is" : "are"} not, and would stay linked.`;
  const remedy = "Move them as well, or unlink them first.";
  return [{ code: "group-across", message, remedy }];
}

function linkedIds(group: { readonly [member: string]: unknown }): readonly string[] {
  const links = group["serviceLinks"];
  return (Array.isArray(links) ? links : []).flatMap((link: unknown) =>
    isObject(link) && typeof link["id"] === "string" ? [link["id"]] : [],
  );
}
