/** This machine itself, as the `hostname` of a `URL` spells it: what is sent there crosses no network. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/u.test(hostname);
}
