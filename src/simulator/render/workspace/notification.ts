import { defineTable, type Row } from "../../base/account.ts";
import { readBoolean, readChoice, readOptionalBody } from "../../base/body.ts";
import { answerList, filterByValues } from "../../base/list.ts";
import type { Loader } from "../../server/loader.ts";
import { findReachable, findWorkspace, listReachable } from "../../base/owned.ts";
import { answer, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { services } from "../service/service-row.ts";

/** The notification settings of a workspace; their id is that of the workspace. Every workspace has them. */
type NotificationSettings = Row & {
  emailEnabled: boolean;
  notificationsToSend: "none" | "failure" | "all";
  previewNotificationsEnabled: boolean;
};
const notificationSettings = defineTable<NotificationSettings>("notificationSettings");

/**
 * The notification settings of a single service; their id is that of the service. Previews are one of three words
 * here (recorded).
 */
export type NotificationOverride = Row & {
  notificationsToSend: "default" | "none" | "failure" | "all";
  previewNotificationsEnabled: "default" | "true" | "false";
};
const notificationOverrides = defineTable<NotificationOverride>("notificationOverrides");

const ofWorkspace = "/notification-settings/owners/{ownerId}";
const ofService = "/notification-settings/overrides/services/{serviceId}";

/** The routes of notification settings. */
export const notificationRoutes: readonly Route[] = [
  { method: "GET", path: ofWorkspace, budget: "render/read", handle: showSettings },
  { method: "PATCH", path: ofWorkspace, budget: "render/write", handle: changeSettings },
  { method: "GET", path: "/notification-settings/overrides", budget: "render/read", handle: listOverrides },
  { method: "GET", path: ofService, budget: "render/read", handle: showOverride },
  { method: "PATCH", path: ofService, budget: "render/write", handle: changeOverride },
];

function showSettings(call: Call, world: World): Answer {
  return answer(
    200,
    viewSettings(settingsOf(world, findWorkspace(call, world, parameter(call, "ownerId")).id)),
  );
}

/** Changes the settings of a workspace. An empty body changes nothing and answers what there is (recorded). */
function changeSettings(call: Call, world: World): Answer {
  const { id } = findWorkspace(call, world, parameter(call, "ownerId"));
  const body = readOptionalBody(call);
  const current = settingsOf(world, id);
  const settings = world.account.put(notificationSettings, {
    id,
    emailEnabled: readBoolean(body, "emailEnabled") ?? current.emailEnabled,
    notificationsToSend:
      readChoice(body, "notificationsToSend", ["none", "failure", "all"]) ?? current.notificationsToSend,
    previewNotificationsEnabled:
      readBoolean(body, "previewNotificationsEnabled") ?? current.previewNotificationsEnabled,
  });
  return answer(200, viewSettings(settings));
}

/** The settings of a workspace. Where they were never changed, these are the recorded ones. */
function settingsOf(world: World, ownerId: string): NotificationSettings {
  const untouched = {
    emailEnabled: true,
    notificationsToSend: "failure",
    previewNotificationsEnabled: false,
  } as const;
  return world.account.find(notificationSettings, ownerId) ?? { id: ownerId, ...untouched };
}

function viewSettings({ id, ...settings }: NotificationSettings) {
  return { ownerId: id, slackEnabled: false, ...settings };
}

function listOverrides(call: Call, world: World): Answer {
  const reachable = listReachable(call, world, services).map((service) =>
    findNotificationOverride(world, service.id),
  );
  const asked = filterByValues(call, reachable, { serviceId: (row) => row.id });
  const all = world.switches.notificationOverrideList === "all";
  const rows = asked.filter((row) => all || !isDefault(row));
  return answerList(call, world, { rows, thing: "override", view: viewOverride });
}

/** Shows the settings of a service. One that never changed them shows `default` twice, and not 404 (recorded). */
function showOverride(call: Call, world: World): Answer {
  return answer(
    200,
    viewOverride(
      findNotificationOverride(world, findReachable(call, world, services, parameter(call, "serviceId")).id),
    ),
  );
}

/** Changes the settings of a service, which is not bumped (recorded). */
function changeOverride(call: Call, world: World): Answer {
  const { id } = findReachable(call, world, services, parameter(call, "serviceId"));
  const body = readOptionalBody(call);
  const current = findNotificationOverride(world, id);
  const override = setNotificationOverride(world, id, {
    notificationsToSend:
      readChoice(body, "notificationsToSend", ["default", "none", "failure", "all"]) ??
      current.notificationsToSend,
    previewNotificationsEnabled:
      readChoice(body, "previewNotificationsEnabled", ["default", "true", "false"]) ??
      current.previewNotificationsEnabled,
  });
  return answer(200, viewOverride(override));
}

/** Sets the settings of a service. */
export function setNotificationOverride(
  world: World,
  serviceId: string,
  fields: Omit<NotificationOverride, "id">,
): NotificationOverride {
  return world.account.put(notificationOverrides, { id: serviceId, ...fields });
}

/** The settings of a service: `default` twice where they were never changed. */
export function findNotificationOverride(world: World, serviceId: string): NotificationOverride {
  const untouched = { notificationsToSend: "default", previewNotificationsEnabled: "default" } as const;
  return world.account.find(notificationOverrides, serviceId) ?? { id: serviceId, ...untouched };
}

function isDefault(row: NotificationOverride): boolean {
  return row.notificationsToSend === "default" && row.previewNotificationsEnabled === "default";
}

function viewOverride({ id, ...settings }: NotificationOverride) {
  return { serviceId: id, ...settings };
}

/** Removes the settings of a service that is deleted. */
export function removeNotificationOverride(world: World, serviceId: string): void {
  world.account.remove(notificationOverrides, serviceId);
}

/** Loads the settings of a workspace from a file. What the file does not say is as in a workspace that never changed it. */
export const notificationSettingsLoader: Loader = {
  kind: "render/notification-settings",
  load({ address, spec }, { world, workspace, ids }) {
    const current = settingsOf(world, workspace.id);
    world.account.put(notificationSettings, {
      id: workspace.id,
      emailEnabled: readBoolean(spec, "email") ?? current.emailEnabled,
      notificationsToSend:
        readChoice(spec, "send", ["none", "failure", "all"]) ?? current.notificationsToSend,
      previewNotificationsEnabled: readBoolean(spec, "previews") ?? current.previewNotificationsEnabled,
    });
    ids.set(address, workspace.id);
  },
};
