#!/usr/bin/env node
import { exitCodes } from "./exit-code.ts";
import { runProgram } from "./program.ts";

/** A reader that went away (`trueup plan | head`) is no reason to stop half-way through an apply, nor to complain. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

try {
  const { stdin, stdout, stderr, env } = process;
  process.exitCode = await runProgram(process.argv.slice(2), { stdin, stdout, stderr, env });
} catch (error) {
  const { reportFailure } = await import("./report-failure.ts");
  reportFailure(error, process);
  process.exitCode = exitCodes.error;
}
