import type { BudgetName, Millis } from "../../core/model/budget.ts";
import {
  nextPollIn,
  readDeviceCode,
  readDevicePoll,
  type DeviceCode,
  type DevicePoll,
} from "../../core/protocol/device-code.ts";
import { isObject } from "../../core/base/json.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Secret } from "../../core/base/secret.ts";
import { Limiter } from "../../http/limiter.ts";
import { scrub } from "../../http/scrub.ts";
import type { HttpAnswer } from "../../world/transport.ts";
import type { Deps } from "../base/deps.ts";

/** Whom RENDERCAD shows to the person who signs in. */
export type App = { readonly name: string; readonly version: string };

type Site = { readonly deps: Deps; readonly host: string };

type Call = {
  readonly method: "GET" | "POST";
  readonly action: string;
  readonly query?: string;
  readonly body?: string;
  readonly budget: BudgetName;
};

const timeout: Millis = 30_000;
const requestTries = 3;
/** A person waits at a screen. A wait that is longer than this is not begun: they are told when the limit lets them try again. */
const longestWait: Millis = 60_000;
/** How long before its end a code is looked at for the last time. */
const lastLook: Millis = 2_000;

/** Asks for a code. When the answer is lost it asks again: a code that no person has seen cannot be used. */
export async function requestDeviceCode(site: Site, app: App): Promise<DeviceCode> {
  const { world } = site.deps;
  const limiter = new Limiter(world, { longestWait });
  const body = JSON.stringify({ app_name: app.name, app_type: "cli", app_version: app.version });
  const budget = "rendercad/device-code-request";
  const call: Call = { method: "POST", action: "request_device_code", body, budget };
  let retryAfter: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(site, limiter, call);
    if (answer === "no-turn") throw tooMany(retryAfter);
    retryAfter = answer?.headers["retry-after"];
    const device = answer?.status === 200 ? readDeviceCode(parse(answer.text), world.now()) : undefined;
    if (device) return device;
    if (answer && isFinal(answer)) throw refused(answer);
    if (attempt === requestTries) throw unreachable(site.host, answer);
    await world.sleep(1_000 * 2 ** attempt);
    if (world.stop.aborted) throw stopped();
  }
}

/**
 * Polls until the person has decided or the code has expired. A poll whose answer was lost is made again: an authorized
 * code answers its token until it expires (documented).
 */
export async function waitForToken(site: Site, device: DeviceCode): Promise<Secret> {
  const { world } = site.deps;
  const { code, expiresAt, pollEvery } = device;
  const limiter = new Limiter(world, { latest: expiresAt });
  const budget = "rendercad/device-code-poll";
  const query = `&code=${encodeURIComponent(code)}`;
  let isHeard = true;
  for (let polls = 0; ; polls += 1) {
    const wait = nextPollIn(polls, pollEvery);
    const untilLastLook = expiresAt - lastLook - world.now();
    await world.sleep(untilLastLook > 0 ? Math.min(wait, untilLastLook) : wait);
    const answer = await send(site, limiter, { method: "GET", action: "poll_device_code", query, budget });
    if (answer === "no-turn") throw isHeard ? expired() : unreachable(site.host, undefined);
    const token = answer && tokenOf(answer);
    if (token) return token;
    isHeard = answer !== undefined && answer.status < 500;
  }
}

/** The token in the answer to a poll. `undefined`: the person has not decided yet, or the answer cannot be understood. Throws when there will be none. */
function tokenOf(answer: HttpAnswer): Secret | undefined {
  // Codes do not stay for ever: one that is not known any more has expired.
  if (answer.status === 404) throw expired();
  if (isFinal(answer)) throw refused(answer);
  const poll: DevicePoll | undefined = answer.status === 200 ? readDevicePoll(parse(answer.text)) : undefined;
  switch (poll?.status) {
    case undefined:
    case "pending":
      return undefined;
    case "authorized":
      return poll.token;
    case "expired":
      throw expired();
    case "denied":
      throw denied();
    case "other":
      throw unknownStatus(poll.said);
    default:
      return poll satisfies never;
  }
}

/** Sends one request without credentials, because there are none before the sign-in. `undefined`: no answer came. `no-turn`: the limit leaves no room in time. */
async function send(
  { deps, host }: Site,
  limiter: Limiter,
  { method, action, query = "", body, budget }: Call,
): Promise<HttpAnswer | undefined | "no-turn"> {
  const { world } = deps;
  if (!(await limiter.take([budget]))) {
    if (world.stop.aborted) throw stopped();
    return "no-turn";
  }
  const path = `/auth.php?action=${action}`;
  const sentAt = world.now();
  let answer: HttpAnswer | undefined;
  try {
    answer = await world.send({
      method,
      url: `${host}${path}${query}`,
      headers: {
        accept: "application/json",
        "user-agent": `trueup/${deps.version}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body }),
      timeout,
    });
  } catch {
    answer = undefined;
  }
  limiter.give([budget], { headers: answer?.headers, refused: answer?.status === 429, sentAt });
  deps.log({ method, path, status: answer?.status ?? null, took: world.now() - sentAt });
  return answer;
}

/** Whether an answer is final: asking again would get the same. */
function isFinal({ status }: HttpAnswer): boolean {
  return status >= 300 && status < 500 && status !== 429;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function fail(code: string, message: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", code, message, remedy)]);
}

const again = "Run trueup login rendercad again.";

function stopped(): ProblemError {
  const remedy = `${again} If the page said that you are signed in, revoke that token in RENDERCAD under Settings > API Tokens: nobody has it.`;
  return fail("interrupted", "The sign-in was interrupted.", remedy);
}

function tooMany(retryAfter: string | undefined): ProblemError {
  const when =
    retryAfter !== undefined && /^\d{1,6}$/u.test(retryAfter)
      ? `in ${Math.ceil(Number(retryAfter) / 60)} min`
      : "in an hour";
  const message = "RENDERCAD allows 10 sign-ins an hour, and they are used up.";
  return fail("rate-limited", message, `Run it again ${when}, or set RENDERCAD_API_TOKEN.`);
}

function expired(): ProblemError {
  const remedy = `${again} If the page said that there are too many tokens, revoke one first: RENDERCAD allows 10.`;
  return fail("sign-in-expired", "The code expired before anybody signed in with it.", remedy);
}

function denied(): ProblemError {
  return fail("sign-in-denied", "The sign-in was denied on RENDERCAD's page.", `${again} Nothing was kept.`);
}

function unknownStatus(said: string): ProblemError {
  const status = scrub(said.slice(0, 100), []);
  const message = `RENDERCAD answered a poll with the status "${status}", which this program does not know.`;
  return fail("sign-in-refused", message, `Set RENDERCAD_API_TOKEN instead, and report this.`);
}

function refused({ status, text }: HttpAnswer): ProblemError {
  const body = parse(text);
  const said = isObject(body) && typeof body["error"] === "string" ? body["error"].slice(0, 300) : "";
  const message = `RENDERCAD refused the sign-in with ${status}${said === "" ? "" : `: ${scrub(said, [])}`}.`;
  return fail("sign-in-refused", message, `Check RENDERCAD_HOST. ${again}`);
}

function unreachable(host: string, answer: HttpAnswer | undefined): ProblemError {
  const got = answer === undefined ? "no answer" : `no usable answer (${answer.status})`;
  const message = `The sign-in got ${got} from ${host}.`;
  return fail("unreachable", message, `Check the network, HTTPS_PROXY and RENDERCAD_HOST. ${again}`);
}
