import type { Millis } from "../core/model/budget.ts";

/** What Node was doing (`syscall` of its error) when a connection could not be made. */
const connecting = new Set<unknown>(["connect", "getaddrinfo"]);
/** Codes of errors that only occur while a connection is being made or its certificate is checked. */
const handshakes =
  /^(?:UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/u;

/**
 * Whether the connection was never made: the host has no address, nothing listens on its port, or its certificate is refused. A
 * request is sent only over a finished connection, so such a call was certainly not done and may be sent again. A connection
 * that broke later does not allow that conclusion.
 */
export function isNeverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The host has several addresses, and Node tried each of them.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isNeverConnected);
  const { syscall, code } = error as { readonly syscall?: unknown; readonly code?: unknown };
  return connecting.has(syscall) || (typeof code === "string" && handshakes.test(code));
}

/** Why no answer came, in a few words: `ECONNREFUSED`, `no answer within 60 s`. The error's own message may repeat what was sent, so it is not shown. */
export function reasonOf(error: unknown, timeout: Millis): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const name = error instanceof Error ? error.name : undefined;
  if (name === "TimeoutError") return `no answer within ${timeout / 1000} s`;
  return code ?? name ?? "unknown failure";
}
