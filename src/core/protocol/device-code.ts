import type { Millis } from "../model/budget.ts";
import { isObject } from "../base/json.ts";
import { isLoopback } from "../base/loopback.ts";
import { Secret } from "../base/secret.ts";

/** A sign-in that waits for a person: what `request_device_code` answered (documented). */
export type DeviceCode = {
  readonly code: string;
  /** Where the person signs in; from outside, so it is neither shown nor opened as it is. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: Millis;
  /** How long to wait between two polls. */
  readonly pollEvery: Millis;
};

/**
 * The sign-in that an answer of `request_device_code` describes; `undefined` when the answer lacks something. Its times are
 * in seconds; an hour is the longest life that is believed, and an interval is brought to between 1 and 60 seconds.
 */
export function readDeviceCode(answer: unknown, now: Millis): DeviceCode | undefined {
  if (!isObject(answer)) return undefined;
  const { code, verification_url: url, expires_in: lasts, poll_interval: every } = answer;
  if (typeof code !== "string" || code === "" || typeof url !== "string") return undefined;
  if (typeof lasts !== "number" || typeof every !== "number" || !(lasts > 0)) return undefined;
  return {
    code,
    url,
    expiresAt: now + Math.min(lasts, longestSeconds) * 1000,
    pollEvery: Math.min(Math.max(every || 0, 1), 60) * 1000,
  };
}

const longestSeconds = 3600;

/** What a poll says of a sign-in. `other`: a status that is not documented, in its own word. */
export type DevicePoll =
  | { readonly status: "pending" | "expired" | "denied" }
  | { readonly status: "authorized"; readonly token: Secret }
  | { readonly status: "other"; readonly said: string };

/**
 * Reads the answer of a poll; `undefined` when it is no such answer. `pending`, `authorized` and `expired` are documented.
 * A person on the page can probably also say no; the words for that are not documented and taken from RFC 8628 and the like.
 */
export function readDevicePoll(answer: unknown): DevicePoll | undefined {
  if (!isObject(answer) || typeof answer["status"] !== "string") return undefined;
  const said = answer["status"];
  switch (said) {
    case "pending":
    case "expired":
      return { status: said };
    case "denied":
    case "access_denied":
    case "rejected":
      return { status: "denied" };
    case "authorized":
      return isToken(answer["api_token"])
        ? { status: "authorized", token: new Secret(answer["api_token"]) }
        : undefined;
    default:
      return { status: "other", said };
  }
}

/** Whether a text can be a token: up to 1000 visible ASCII characters, since anything else could not stand in a header. */
function isToken(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]{1,1000}$/u.test(value);
}

const eagerPolls = 30;
const patientEvery: Millis = 20_000;

/**
 * How long to wait before the next poll, after `polls` of them. The interval that RENDERCAD asks for (3 s) would spend its
 * limit of 60 polls in 10 minutes within 3 minutes, and no poll would be left for the rest of the code's life. So that
 * interval holds for the first 30 polls, while the person is most likely signing in, and after them 20 s: at most 59 polls
 * in any 10 minutes.
 */
export function nextPollIn(polls: number, pollEvery: Millis): Millis {
  return polls < eagerPolls ? pollEvery : Math.max(pollEvery, patientEvery);
}

/** Whether a link may be opened without asking: over https or on this machine, and at the very host that the code came from. */
export function isOpenable(url: string, host: string): boolean {
  if (!URL.canParse(url)) return false;
  const [page, api] = [new URL(url), new URL(host)];
  if (page.username !== "" || page.password !== "") return false;
  const isSafe = page.protocol === "https:" || (page.protocol === "http:" && isLoopback(page.hostname));
  return isSafe && page.host === api.host;
}
