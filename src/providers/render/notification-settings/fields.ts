import type { FieldTable, Shape } from "../../../core/model/field.ts";

/**
 * How the notification settings stand in the file. A workspace always has exactly one set of them, which can only be
 * changed.
 */
export const notificationSettingsShapes: readonly Shape[] = [
  {
    name: "notification-settings",
    description: "notification settings of the workspace",
    list: "notifications",
    ours: true,
    single: "workspace",
  },
];

/** The fields of the notification settings. */
export const notificationSettingsFields = {
  email: {
    description: "Whether notifications go out by e-mail.",
    schema: { type: "boolean" },
    facet: "settings",
    onChange: "update",
  },
  // The API shows it and has no way to write it (Render's description).
  slack: {
    description: "Whether notifications go to Slack. Only shown: Slack is connected in the Dashboard.",
    schema: { type: "boolean" },
    facet: "settings",
    onChange: "none",
    noApi: "Slack is connected in the Dashboard",
  },
  send: {
    description: "Which deploy events are sent.",
    schema: { type: "string", enum: ["all", "failure", "none"] },
    facet: "settings",
    onChange: "update",
  },
  previews: {
    description: "Whether previews send notifications as well.",
    schema: { type: "boolean" },
    facet: "settings",
    onChange: "update",
  },
} as const satisfies FieldTable;
