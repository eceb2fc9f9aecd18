import { headerText } from "../../server/api.ts";
import type { Call } from "../../base/route.ts";

/**
 * The URL that the caller reached this API at, for addresses in answers. A call through the control endpoint has no
 * host.
 */
export function originOf(call: Call): string {
  const host = headerText(call.headers, "host");
  return host === undefined ? "https://rendercad.ai" : `http://${host}`;
}
