#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { runProgram } from "./program.ts";

/** A reader that went away (`trueup plan | head`) is no reason to stop half-way through an apply, nor to complain. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const { stdin, stdout, stderr, env } = process;
const shell = { stdin, stdout, stderr, env, program: fileURLToPath(import.meta.url) };
try {
  process.exitCode = await runProgram(process.argv.slice(2), shell);
} catch (error) {
  const { reportFailure } = await import("./failure.ts");
  process.exitCode = reportFailure(error, {}, shell);
}
