/** Whether a host is this machine itself, so that what is sent there crosses no network. `hostname` is that of a `URL`. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/u.test(hostname);
}
