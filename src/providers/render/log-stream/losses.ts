import type { Replaced } from "../../../core/kind/replaced.ts";
import { isObject } from "../../../core/base/json.ts";

/** What a replacement of a resource loses: a log stream of its own that the file does not declare. Its token is never shown, so it cannot be given to the new resource. */
export function losesStream({ found, desired }: Replaced): readonly string[] {
  const isSet = isObject(found.spec["logStream"]) && desired.spec["logStream"] === undefined;
  return isSet ? ["its own log stream"] : [];
}
