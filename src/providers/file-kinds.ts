import type { KindName } from "../core/address.ts";
import type { FieldTable, Shape } from "../core/field.ts";
import type { FileKind } from "../core/kind.ts";
import { kinds } from "./kinds.ts";
import { buildSourceFields, buildSourceShapes } from "./render/build-source/fields.ts";
import { buildSourceRules } from "./render/build-source/rules.ts";
import { dedicatedIpFields, dedicatedIpShapes } from "./render/dedicated-ip/fields.ts";
import { logStreamFields, logStreamShapes } from "./render/log-stream/fields.ts";
import { metricsStreamFields, metricsStreamShapes } from "./render/metrics-stream/fields.ts";
import {
  notificationSettingsFields,
  notificationSettingsShapes,
} from "./render/notification-settings/fields.ts";
import { registryCredentialFields, registryCredentialShapes } from "./render/registry-credential/fields.ts";
import { webhookFields, webhookShapes } from "./render/webhook/fields.ts";
import { workflowFields, workflowShapes } from "./render/workflow/fields.ts";
import { rendercadWebhookFields, rendercadWebhookShapes } from "./rendercad/webhook/fields.ts";
import { tokenFields, tokenShapes } from "./rendercad/token/fields.ts";

/** Understood in the file and reported by address: no plan acts on them yet, or no API can. */
const understood: readonly FileKind[] = [
  notManaged(
    "render/registry-credential",
    "registry credential",
    registryCredentialShapes,
    registryCredentialFields,
  ),
  notManaged("render/webhook", "webhook", webhookShapes, webhookFields),
  notManaged(
    "render/notification-settings",
    "notification settings",
    notificationSettingsShapes,
    notificationSettingsFields,
  ),
  notManaged("render/log-stream", "log stream", logStreamShapes, logStreamFields),
  notManaged("render/metrics-stream", "metrics stream", metricsStreamShapes, metricsStreamFields),
  notManaged("render/dedicated-ip", "dedicated IP set", dedicatedIpShapes, dedicatedIpFields),
  notManaged("render/build-source", "build source", buildSourceShapes, buildSourceFields, {
    rules: buildSourceRules,
  }),
  notManaged("render/workflow", "workflow", workflowShapes, workflowFields),
  notManaged("rendercad/token", "RENDERCAD token", tokenShapes, tokenFields, { most: 10 }),
  notManaged("rendercad/webhook", "RENDERCAD webhook", rendercadWebhookShapes, rendercadWebhookFields, {
    most: 5,
  }),
];

/** All kinds of the file format: the managed ones, and those that are only understood. */
export const fileKinds: readonly FileKind[] = [...kinds.values(), ...understood];

function notManaged(
  name: KindName,
  noun: string,
  shapes: readonly Shape[],
  fields: FieldTable,
  more: Pick<FileKind, "rules" | "most"> = {},
): FileKind {
  return { name, noun, managed: false, shapes, fields, ...more };
}
