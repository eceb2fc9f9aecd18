import { isObject } from "../core/base/json.ts";
import type { HttpAnswer } from "../world/transport.ts";

/** How an API is spoken of where a call to it fails, and what its answers mean. */
export type ApiFacts = {
  readonly name: string;
  /** The variable that says where it is. */
  readonly host: string;
  /** The variable with the credentials. */
  readonly key: string;
  /** What to do when the credentials do not allow a call. */
  readonly forbidden: string;
  /**
   * What a 429 means that has no `Retry-After`, where the API sends that with every rate limit: what else is used up, and
   * what to do about it. Absent: every 429 is a rate limit.
   */
  readonly exhausted?: string;
  /** Its answers say `success` (documented): one that says `false` is a refusal, whatever its status. */
  readonly tellsSuccess?: true;
};

/** A write that was answered as if it were done, and by its own word is not. */
export function isDenied(api: ApiFacts, body: unknown): boolean {
  return api.tellsSuccess === true && isObject(body) && body["success"] === false;
}

/** Waiting helps: another call of the same kind will be let through. */
export function isRateLimited(api: ApiFacts, { status, headers }: HttpAnswer): boolean {
  return status === 429 && (api.exhausted === undefined || headers["retry-after"] !== undefined);
}
