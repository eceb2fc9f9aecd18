import { isLoopback } from "../../core/base/loopback.ts";
import { defineTable, type Row } from "./account.ts";
import type { World } from "./world.ts";

/** The server of this machine that stands for a public origin; the id is the origin. */
type ReceiverRow = Row & { to: string };
const receivers = defineTable<ReceiverRow>("rendercad receivers");

/**
 * Sends deliveries for a public https origin to a server of this machine, as a proxy that ends TLS would. Every other
 * origin counts as unreachable: a simulator sends nothing to the hosts that a file names.
 */
export function setReceiver(world: World, origin: string, to: string): void {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin)
    throw new Error(`origin: "${origin}" is not one, for example https://acme.test`);
  if (!isServerHere(to))
    throw new Error(`to: "${to}" is not on this machine, for example http://127.0.0.1:8080`);
  const row = world.account.find(receivers, origin) ?? world.account.insert(receivers, { id: origin, to });
  row.to = to;
}

/** Whether a URL is scheme, host and port of a server of this machine, and nothing more: a delivery brings its own path. */
function isServerHere(to: string): boolean {
  if (!/^http:\/\/[^/?#@]+$/.test(to) || !URL.canParse(to)) return false;
  return isLoopback(new URL(to).hostname);
}

/** The address on this machine that stands for a public one; `undefined` where none does. */
export function findReceiver(world: World, url: string): string | undefined {
  const { origin, pathname, search } = new URL(url);
  const row = world.account.find(receivers, origin);
  return row && `${row.to}${pathname}${search}`;
}
