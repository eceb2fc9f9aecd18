import type { Replaced } from "../../../core/kind/replaced.ts";
import { isObject } from "../../../core/base/json.ts";

/** The token of a stream is never shown again, so what the file does not say of one cannot be said to another resource. */
export function losesStream({ found, desired }: Replaced): readonly string[] {
  const isSet = isObject(found.spec["logStream"]) && desired.spec["logStream"] === undefined;
  return isSet ? ["its own log stream"] : [];
}
