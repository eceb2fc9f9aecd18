import { exitCodes } from "./exit-code.ts";

/** The signals that ask a program to end; a terminal sends the first, a process manager the second. */
const stopSignals = ["SIGINT", "SIGTERM"] as const;

const hint = "Stopping: finishing what is under way. Press Ctrl-C again to stop at once; that is safe too.\n";

export type Stop = {
  readonly signal: AbortSignal;
  /** Lets the signals do again what they do by themselves. */
  release(): void;
};

/**
 * The first signal fires `signal`, so that calls in flight are finished and the journal is written. A second one ends the
 * process at once: every intent is in the journal before its call is sent, so the next run can settle it.
 */
export function stopOnSignal(process: NodeJS.Process): Stop {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write(hint);
    controller.abort();
  };
  for (const signal of stopSignals) process.on(signal, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of stopSignals) process.off(signal, stop);
    },
  };
}
