import { exitCodes } from "./exit-code.ts";

/** The signals that ask a program to end; a terminal sends the first, a process manager the second. */
const stopSignals = ["SIGINT", "SIGTERM"] as const;

const hint = "Stopping: finishing what is under way. Press Ctrl-C again to stop at once; that is safe too.\n";

/**
 * The first signal aborts `stop`, so that calls in flight are finished and the journal is written. A second one ends the
 * process at once: every intent is in the journal before its call is sent, so the next run can settle it.
 */
export function stopOnSignal(
  process: NodeJS.Process,
  stop: AbortController,
  say: (text: string) => void,
): { readonly release: () => void } {
  const handle = (): void => {
    if (stop.signal.aborted) process.exit(exitCodes.interrupted);
    say(hint);
    stop.abort();
  };
  for (const signal of stopSignals) process.on(signal, handle);
  return {
    release: () => {
      for (const signal of stopSignals) process.off(signal, handle);
    },
  };
}
