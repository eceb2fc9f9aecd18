import type { FieldChange, ResourceChange } from "../../../core/model/change.ts";
import { fieldKey, type Desired } from "../../../core/model/desired.ts";
import { eachDeclared } from "../../../core/model/declared.ts";
import type { Json } from "../../../core/base/json.ts";
import type { Around } from "../../../core/kind/refusal.ts";
import type { Scope } from "../../../core/kind/scope.ts";
import { type ListHole, type Write, type WriteDraft, draft } from "../../../core/model/write.ts";
import type { Live } from "../../../core/model/live.ts";
import { budgets, serviceChange } from "../budgets.ts";
import { diskBody } from "../disk/kind.ts";
import { linkChanges, linkDrafts } from "../env-group/links.ts";
import { changesLogStream, logStreamDrafts } from "../log-stream/override.ts";
import { merge, nest, writeFields, type BodyObject } from "../mapping.ts";
import { membershipOf, moveDrafts } from "../membership.ts";
import {
  declaredRoutes,
  deferredDrafts,
  entriesOf,
  entryDrafts,
  headerDrafts,
  newEntries,
  routeDrafts,
  routesHole,
} from "./entry-drafts.ts";
import { managedFields } from "./fields/managed-fields.ts";
import { apiType, autoscalingBody, isCron, isStatic, ownCallMappings, settingsMappings } from "./mapping.ts";
import { notificationDrafts } from "./notifications.ts";
import { isGit, nativeCommands, patchDraft, settingsOf } from "./settings-draft.ts";

/**
 * Fields that a creation cannot carry. `suspended: true` is another one; `suspended: false` needs no call, since a
 * new service runs.
 */
const apart: readonly string[] = ["groupLinks", "cache", "notifications", "logStream"];

/** The calls that make a service: one POST with all that it can carry, then calls for the rest and for values that are known only later (`deferred`). */
export function createDrafts(
  desired: Desired,
  scope: Scope,
  deferred: ReadonlySet<string>,
  carried: readonly Desired[],
  replacing?: ResourceChange,
): readonly WriteDraft[] {
  const { spec } = desired;
  const body = merge(
    { type: apiType(spec), name: desired.name, ownerId: scope.ownerId },
    isGit(spec) && spec["repo"] === undefined && scope.repository !== undefined
      ? { repo: scope.repository }
      : {},
    isStatic(spec) ? {} : nest("serviceDetails.envSpecificDetails", nativeCommands(spec)),
    writeFields(
      settingsMappings,
      spec,
      settingsOf(desired).filter((field) => !apart.includes(field)),
    ),
    writeFields(ownCallMappings, spec, ["numInstances", "scaling"]),
    membershipOf(desired),
    newEntries(desired, "envVars", deferred, replacing),
    newEntries(desired, "secretFiles", deferred, replacing),
    isStatic(spec) ? staticLists(desired, deferred, replacing) : {},
    ...carried.map((one) => nest("serviceDetails.disk", diskBody(one))),
  );
  const first = draft(
    "resource",
    { method: "POST", path: "/services", body, budgets: budgets.create },
    carriedFields(desired, deferred),
  );
  const later = deferredDrafts(desired, deferred);
  return [
    first,
    ...later,
    ...(spec["cache"] === undefined ? [] : [patchDraft(desired, ["cache"], { spec: {}, raw: {} }, scope)]),
    ...notificationDrafts(desired),
    ...logStreamDrafts(desired),
    ...linkDrafts(desired, Object.keys(entriesOf(spec, "groupLinks"))),
    ...(spec["suspended"] === true ? suspendDraft(desired) : []),
  ];
}

/** Headers and routes of a static site, in the body of its creation. Later they have calls of their own (Render's description). */
function staticLists(
  desired: Desired,
  deferred: ReadonlySet<string>,
  replacing: ResourceChange | undefined,
): BodyObject {
  const headers = newEntries(desired, "headers", deferred, replacing);
  const routes = declaredRoutes(desired).filter(([key]) => !deferred.has(key));
  const own = routes.length > 0 ? { routes: routes.map(([, item]) => item) } : {};
  const taken = replacing && routesHole(desired, replacing);
  return nest("serviceDetails", {
    ...headers,
    ...(taken ? { routes: withoutDeferred(taken, desired, deferred) } : own),
  });
}

/** What a creation carries of routes while the address that some lead to is not known yet: these come later. */
function withoutDeferred(hole: ListHole, desired: Desired, deferred: ReadonlySet<string>): ListHole {
  const [later, now] = [true, false].map((isLater) =>
    declaredRoutes(desired).filter(([key]) => deferred.has(key) === isLater),
  );
  const keys = later!.map(([key]) => key.slice("routes.".length));
  return { ...hole, declared: now!.map(([, item]) => item), removed: [...hole.removed, ...keys] };
}

function carriedFields(desired: Desired, deferred: ReadonlySet<string>): readonly string[] {
  return eachDeclared(desired, managedFields)
    .filter(({ name, field }) => field.onChange !== "none" && !apart.includes(name))
    .filter(({ name, value }) => name !== "suspended" || value === false)
    .map(({ name, entry }) => fieldKey(name, entry))
    .filter((key) => !deferred.has(key));
}

/** The calls that change a service: each group of fields has its own calls, and a PATCH carries only changed fields. */
export function updateDrafts(
  desired: Desired,
  change: ResourceChange,
  live: Live,
  around: Around,
): readonly WriteDraft[] {
  const changed = (facet: string): readonly FieldChange[] =>
    change.fields.filter((field) => managedFields[field.field]?.facet === facet);
  const settings = changed("settings").map((field) => field.field);
  const links = linkChanges(desired, change, live, around);
  // Before all else, since a group that moves waits for it, and what this service writes may wait for the group.
  const drafts: WriteDraft[] = [...links.before];
  const patch = settings.length > 0 ? [patchDraft(desired, settings, live.found, around.scope)] : [];
  // The free plan has one instance (documented), so a service that leaves it does that first.
  const leavesFree = live.found.spec["plan"] === "free";
  if (leavesFree) drafts.push(...patch);
  // Scaling by hand means nothing while autoscaling is on: that is turned off first (recorded: scaling of a worker).
  if (changed("autoscaling").length > 0) drafts.push(autoscalingDraft(desired));
  if (changed("scale").length > 0) drafts.push(scaleDraft(desired));
  if (!leavesFree) drafts.push(...patch);
  for (const list of ["envVars", "secretFiles"] as const)
    drafts.push(...entryDrafts(desired, list, changed(list)));
  drafts.push(...headerDrafts(desired, changed("headers")), ...routeDrafts(desired, changed("routes")));
  if (changed("notifications").length > 0) drafts.push(...notificationDrafts(desired));
  if (changesLogStream(change)) drafts.push(...logStreamDrafts(desired));
  drafts.push(...moveDrafts(desired, change));
  drafts.push(...links.after);
  if (changed("suspended").length > 0) drafts.push(...suspendDraft(desired));
  return drafts;
}

function scaleDraft({ address, spec }: Desired): WriteDraft {
  const write: Write = {
    method: "POST",
    path: `/services/{${address}}/scale`,
    body: { numInstances: spec["numInstances"] as number },
    budgets: serviceChange(address, isCron(spec)),
  };
  return draft("numInstances", write, ["numInstances"]);
}

function autoscalingDraft({ address, spec }: Desired): WriteDraft {
  const scaling = spec["scaling"] as Json;
  const path = `/services/{${address}}/autoscaling`;
  const write: Write =
    scaling === null
      ? { method: "DELETE", path, budgets: budgets.write }
      : { method: "PUT", path, body: autoscalingBody(scaling), budgets: budgets.write };
  return draft("scaling", write, ["scaling"]);
}

function suspendDraft({ address, spec }: Desired): readonly WriteDraft[] {
  const wanted = spec["suspended"];
  if (typeof wanted !== "boolean") return [];
  const write: Write = {
    method: "POST",
    path: `/services/{${address}}/${wanted ? "suspend" : "resume"}`,
    budgets: serviceChange(address, isCron(spec)),
  };
  return [draft("suspended", write, ["suspended"])];
}
