import type { Millis } from "../core/model/budget.ts";

/**
 * A connection that was never made: the host has no address, nobody listens there, or its certificate is refused. The request
 * follows only once there is a connection, so nothing of it was sent: such a call is certainly not done, and may be sent again.
 * A connection that broke later says nothing of the kind. Both are told apart by what Node was doing (`syscall`), and by codes
 * that only a handshake has.
 */
const connecting = new Set<unknown>(["connect", "getaddrinfo"]);
const handshakes =
  /^(?:UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/u;

export function isNeverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A host with several addresses: each was tried.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isNeverConnected);
  const { syscall, code } = error as { readonly syscall?: unknown; readonly code?: unknown };
  return connecting.has(syscall) || (typeof code === "string" && handshakes.test(code));
}

/** Why no answer came, in a word or two: a text of the failure itself may hold what was sent. */
export function reasonOf(error: unknown, timeout: Millis): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const name = error instanceof Error ? error.name : undefined;
  if (name === "TimeoutError") return `no answer within ${timeout / 1000} s`;
  return code ?? name ?? "unknown failure";
}
