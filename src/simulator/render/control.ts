import { isObject, type Json } from "../../core/base/json.ts";
import { setReceiver } from "../base/receiver.ts";
import type { World } from "../base/world.ts";
import type { ControlActions } from "../server/control.ts";
import type { Upkeep } from "../server/upkeep.ts";
import type { HookDelivery } from "./event/delivery.ts";
import { recordEvent } from "./event/event-row.ts";
import { eventTypes } from "./event/event-type.ts";
import { findPostgresInstance, postgresInstances, primaryIdOf } from "./datastore/postgres-row.ts";
import { keyValues } from "./datastore/key-value-row.ts";
import { services } from "./service/service-row.ts";

/**
 * What tests and the demo can do to the simulated Render.
 *
 * - `POST render/event` `{resourceId, type, details?, status?}`: something happens to a service or datastore that only Render
 *   itself or a program that runs could cause, as `server_failed`.
 * - `POST render/receiver` `{origin, to}`: deliveries to an origin go to a server of this machine.
 * - `POST render/settle`: answers when every delivery that is due has been attempted.
 */
export function renderControls(world: World, upkeep: Upkeep<HookDelivery>): ControlActions {
  return {
    "POST render/event"(told) {
      const { details = {}, status } = told;
      const type = textOf(told, "type");
      if (!eventTypes.includes(type)) throw new Error(`there is no event ${type}`);
      if (!isObject(details)) throw new Error("details must be an object");
      const resource = findResource(world, textOf(told, "resourceId"));
      recordEvent(world, resource, {
        type,
        // It came as the JSON of a request.
        details: details as { readonly [field: string]: Json },
        ...(typeof status === "string" && { status }),
      });
      upkeep.run();
      return {};
    },
    "POST render/receiver"(told) {
      setReceiver(world, textOf(told, "origin"), textOf(told, "to"));
      return {};
    },
    async "POST render/settle"() {
      await upkeep.settle();
      return {};
    },
  };
}

function findResource(world: World, id: string): { readonly id: string; readonly ownerId: string } {
  const { account } = world;
  const primary = account.find(postgresInstances, primaryIdOf(id));
  const row = account.find(services, id) ?? account.find(keyValues, id) ?? primary;
  if (!row || (row === primary && !findPostgresInstance(world, id)))
    throw new Error(`there is no resource ${id}`);
  return { id, ownerId: row.ownerId };
}

function textOf(told: { readonly [field: string]: unknown }, field: string): string {
  const value = told[field];
  if (typeof value === "string") return value;
  throw new Error(`the control endpoint needs a text as ${field}`);
}
