import { headerText } from "../../server/api.ts";
import type { Call } from "../../base/route.ts";

/** Where the caller reached this API: addresses in answers lead back here. An edit through the control has no host. */
export function originOf(call: Call): string {
  const host = headerText(call.headers, "host");
  return host === undefined ? "https://rendercad.ai" : `http://${host}`;
}
