import { users } from "../base/account.ts";
import type { ControlActions } from "../server/control.ts";
import type { World } from "../base/world.ts";
import { decideCode } from "./account/device-code.ts";
import { failLater } from "./job/queue.ts";
import { setReceiver } from "../base/receiver.ts";
import type { Upkeep } from "../server/upkeep.ts";
import type { DeliveryRow } from "./webhook/delivery-row.ts";

type Told = { readonly [field: string]: unknown };

/**
 * What tests and the demo can do to the simulated RENDERCAD.
 *
 * - `POST rendercad/approve` `{code, userId?}` and `POST rendercad/deny` `{code}`: what the user decides about a
 *   device code.
 * - `POST rendercad/fail-job` `{job_id, message}`: the job fails when its time comes, with this text.
 * - `POST rendercad/receiver` `{origin, to}`: deliveries to an https origin go to a server of this machine.
 * - `POST rendercad/settle`: answers when every delivery that is due has been attempted.
 */
export function rendercadControls(world: World, upkeep: Upkeep<DeliveryRow>): ControlActions {
  return {
    "POST rendercad/approve"(told) {
      const userId = told["userId"];
      const user = userId === undefined ? undefined : world.account.find(users, textOf(told, "userId"));
      decideCode(world, { code: textOf(told, "code"), state: "authorized", ...(user && { user }) });
      return {};
    },
    "POST rendercad/deny"(told) {
      decideCode(world, { code: textOf(told, "code"), state: "denied" });
      return {};
    },
    "POST rendercad/fail-job"(told) {
      upkeep.run();
      failLater(world, textOf(told, "job_id"), textOf(told, "message"));
      return {};
    },
    "POST rendercad/receiver"(told) {
      setReceiver(world, textOf(told, "origin"), textOf(told, "to"));
      return {};
    },
    async "POST rendercad/settle"() {
      await upkeep.settle();
      return {};
    },
  };
}

function textOf(told: Told, field: string): string {
  const value = told[field];
  if (typeof value === "string") return value;
  throw new Error(`the control endpoint needs a text as ${field}`);
}
