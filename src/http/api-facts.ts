import { isObject } from "../core/base/json.ts";
import type { HttpAnswer } from "../world/transport.ts";

/** What the client has to know about one API: its name and variables for error messages, and what its answers mean. */
export type ApiFacts = {
  /** The API's name in messages: `Render`, `RENDERCAD`. */
  readonly name: string;
  /** The name of the environment variable that holds the API's URL. */
  readonly host: string;
  /** The name of the environment variable that holds the credentials. */
  readonly key: string;
  /** The remedy to print when the API answers 403: the credentials do not allow the call. */
  readonly forbidden: string;
  /**
   * The remedy to print for a 429 without `Retry-After`, for an API that sends `Retry-After` with every rate limit: there, such
   * an answer means that something else is used up, and waiting does not help. Absent: every 429 is a rate limit.
   */
  readonly exhausted?: string;
  /** Each answer of this API has a member `success` (documented): when it is `false`, the call was refused, whatever its status. */
  readonly tellsSuccess?: true;
};

/** Whether the body says that the call was refused although the status may say 200: `{"success": false}`. */
export function isDenied(api: ApiFacts, body: unknown): boolean {
  return api.tellsSuccess === true && isObject(body) && body["success"] === false;
}

/** Whether the answer is a rate limit: the call was not executed, and the same call succeeds after a wait. */
export function isRateLimited(api: ApiFacts, { status, headers }: HttpAnswer): boolean {
  return status === 429 && (api.exhausted === undefined || headers["retry-after"] !== undefined);
}
