import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { webhookEvents } from "../../src/providers/render/webhook/fields.ts";
import { eventTypes } from "../../src/simulator/render/event/event-type.ts";
import { sharedFolder } from "./shared-folder.ts";

type Described = {
  readonly components: {
    readonly schemas: {
      readonly webhookEventWithCursor: {
        readonly properties: {
          readonly webhookEvent: {
            readonly properties: { readonly eventType: { readonly enum: readonly string[] } };
          };
        };
      };
    };
  };
};

test("the events that a webhook may name, and that the simulator sends, are those of Render's description", () => {
  const text = readFileSync(join(sharedFolder(), "reference", "render-openapi.json"), "utf8");
  const { webhookEventWithCursor } = (JSON.parse(text) as Described).components.schemas;
  const described = webhookEventWithCursor.properties.webhookEvent.properties.eventType.enum;
  expect([...webhookEvents].sort()).toEqual([...described].sort());
  expect([...eventTypes].sort()).toEqual([...described].sort());
});
