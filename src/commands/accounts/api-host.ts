import { isLoopback } from "../../core/base/loopback.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { trimEnd } from "../../core/base/text.ts";

/** Where an API is when no variable says otherwise, the path that it has everywhere, and what every call carries. */
export type HostRule = {
  readonly variable: string;
  readonly origin: string;
  readonly path: string;
  readonly credential: string;
};

/** Render. `RENDER_HOST` is for gateways, simulators and tests. */
export const renderHost: HostRule = {
  variable: "RENDER_HOST",
  origin: "https://api.render.com",
  path: "/v1",
  credential: "API key",
};
/** RENDERCAD, likewise. */
export const rendercadHost: HostRule = {
  variable: "RENDERCAD_HOST",
  origin: "https://rendercad.ai",
  path: "/backend",
  credential: "API token",
};

/**
 * A full URL; the API's path is added when there is none. Plain http only to this machine, so that no key crosses a network
 * in clear.
 */
export function apiHost({ variable, origin, path, credential }: HostRule, given: string | undefined): string {
  const standard = `${origin}${path}`;
  if (given === undefined || given === "") return standard;
  const text = given.includes("://") ? given : `https://${given}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !url ||
    (url.protocol !== "https:" && url.protocol !== "http:") ||
    url.username !== "" ||
    url.password !== ""
  ) {
    throw new ProblemError([
      problem(
        "error",
        "host-invalid",
        `${variable} is not a URL of the form https://host${path}.`,
        `Correct it, or unset it to use ${standard}.`,
      ),
    ]);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new ProblemError([
      problem(
        "error",
        "plain-http",
        `${variable} is plain http to ${url.hostname}: the ${credential} would cross the network in clear.`,
        "Use https; plain http is for this machine only.",
      ),
    ]);
  }
  const own = trimEnd(url.pathname, "/");
  return `${url.origin}${own === "" ? path : own}`;
}
