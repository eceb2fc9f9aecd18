import type { Address } from "../../../core/base/address.ts";
import type { ResourceChange } from "../../../core/model/change.ts";
import type { Desired } from "../../../core/model/desired.ts";
import { isObject } from "../../../core/base/json.ts";
import { sameWord } from "../../../core/base/text.ts";
import type { Scope } from "../../../core/kind/scope.ts";
import type { Reader } from "../../../core/kind/reader.ts";
import { draft, type WriteDraft, valueHole, type Body } from "../../../core/model/write.ts";
import type { Found } from "../../../core/model/live.ts";
import type { Value } from "../../../core/model/value.ts";
import { budgets } from "../budgets.ts";
import { wordOf, type ApiObject } from "../mapping.ts";
import type { Replaced } from "../../../core/kind/replaced.ts";

const path = "/logs/streams/resource";
/** The limit of the list. Its answer has no cursor (Render's description), so an answer with this many entries may be incomplete. */
const fullAnswer = 100;

/** Reads what one resource does with its logs instead of the workspace's stream. It has a call of its own; `{}` when nothing is set. */
export async function readLogStream(reader: Reader, found: Found, scope: Scope): Promise<Found["spec"]> {
  const answer = await reader.get(path, { ownerId: scope.ownerId, limit: wordOf(fullAnswer) });
  const overrides = Array.isArray(answer) ? answer.filter(isObject) : [];
  if (overrides.length < fullAnswer) {
    return specOf(overrides.find((one) => one["resourceId"] === found.id));
  }
  const own = await reader.get(`${path}/${encodeURIComponent(found.id)}`);
  return specOf(isObject(own) ? own : undefined);
}

function specOf(override: ApiObject | undefined): Found["spec"] {
  if (!override) return {};
  const { setting, endpoint } = override;
  return {
    logStream: {
      setting: wordOf(setting),
      ...(!sameWord(setting, "drop") && { endpoint: wordOf(endpoint) }),
    },
  };
}

/** The call that sets it. A call without the token would remove the token, which the API never shows (Render's description), so it is always sent. */
export function logStreamDrafts(desired: Desired): readonly WriteDraft[] {
  const stream = desired.spec["logStream"];
  if (stream === undefined) return [];
  const target = `${path}/{${desired.address}}`;
  if (!isObject(stream))
    return [draft("logStream", { method: "DELETE", path: target, budgets: budgets.write }, ["logStream"])];
  const { token } = stream as { readonly [member: string]: unknown };
  const body = bodyOf(desired.address, stream);
  const fields = token === undefined ? ["logStream"] : ["logStream", "logStream.token"];
  return [draft("logStream", { method: "PUT", path: target, body, budgets: budgets.write }, fields)];
}

/** Whether a change concerns the log stream of a resource. */
export function changesLogStream(change: ResourceChange): boolean {
  return change.fields.some(({ field }) => field === "logStream");
}

function bodyOf(address: Address, stream: { readonly [member: string]: unknown }): Body {
  const { setting = "send", endpoint, token } = stream;
  return {
    setting: setting as string,
    ...(endpoint !== undefined && { endpoint: endpoint as string }),
    ...(token !== undefined && { token: valueHole(token as Value, address, "logStream.token") }),
  };
}

/** What a replacement of a resource loses: a log stream of its own that the file does not declare. Its token is never shown, so it cannot be given to the new resource. */
export function losesStream({ found, desired }: Replaced): readonly string[] {
  const isSet = isObject(found.spec["logStream"]) && desired.spec["logStream"] === undefined;
  return isSet ? ["its own log stream"] : [];
}
