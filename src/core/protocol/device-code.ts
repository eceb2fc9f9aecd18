import type { Millis } from "../model/budget.ts";
import { isObject } from "../base/json.ts";
import { isLoopback } from "../base/loopback.ts";
import { Secret } from "../base/secret.ts";

/** A sign-in that waits for a person: what `request_device_code` answered (documented). */
export type DeviceCode = {
  readonly code: string;
  /** Where the person signs in; from outside, so it is neither shown nor opened as it is. */
  readonly url: string;
  readonly expiresAt: Millis;
  readonly pollEvery: Millis;
};

/** `undefined` when the answer lacks something. An interval beyond reason is brought back into it. */
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

/** `other`: a status that nobody documents. */
export type DevicePoll =
  | { readonly status: "pending" | "expired" | "denied" }
  | { readonly status: "authorized"; readonly token: Secret }
  | { readonly status: "other"; readonly said: string };

/**
 * `pending`, `authorized` and `expired` are documented; that a person can say no follows from there being a page, and the
 * words for it are taken to be the ones of RFC 8628 and its neighbours. `undefined`: no such answer at all.
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

/** Anything else could not stand in a header. */
function isToken(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]{1,1000}$/u.test(value);
}

const eagerPolls = 30;
const patientEvery: Millis = 20_000;

/**
 * How long to wait before the next poll, after so many. The interval that RENDERCAD asks for (3 s) would spend its limit of
 * 60 polls in 10 minutes within 3, and the rest of the code's life nobody would listen. So it is kept to while the person
 * is most likely at it, and from then on every 20 s: 59 at most in any 10 minutes.
 */
export function nextPollIn(polls: number, pollEvery: Millis): Millis {
  return polls < eagerPolls ? pollEvery : Math.max(pollEvery, patientEvery);
}

/** A link that may be opened without asking: over https, or on this machine, and at the very host the code came from. */
export function isOpenable(url: string, host: string): boolean {
  if (!URL.canParse(url)) return false;
  const [page, api] = [new URL(url), new URL(host)];
  if (page.username !== "" || page.password !== "") return false;
  const isSafe = page.protocol === "https:" || (page.protocol === "http:" && isLoopback(page.hostname));
  return isSafe && page.host === api.host;
}
