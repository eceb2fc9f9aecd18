#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import manifest from "../../../package.json" with { type: "json" };
import type { Shell } from "./base/shell.ts";

const { stdout, stderr, env } = process;
const shell: Shell = {
  // Node opens stdin when it is first asked for, which takes time, and few commands read from it.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  env,
  program: fileURLToPath(import.meta.url),
};
const args = process.argv.slice(2);

/**
 * A reader that went away (`trueup plan | head`) or a full disk is no reason to stop half-way through an apply. The first
 * is nothing to complain about; of the other, the exit code tells at the end.
 */
let lostOutput: Error | undefined;
for (const stream of [stdout, stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") lostOutput = error;
  });
}

/** What package.json asks for, since npm only warns. Earlier ones lack functions that are used everywhere. */
const leastNode = manifest.engines.node.replace(">=", "");

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = leastNode.split(".").map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

/** Everything but the version, which scripts ask for often, is loaded when it is needed. */
async function main(): Promise<number> {
  if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
    stdout.write(`${manifest.version}\n`);
    return 0;
  }
  if (isTooOld(process.versions.node)) {
    stderr.write(`trueup needs Node ${leastNode} or newer, and this is Node ${process.versions.node}.\n`);
    return 1;
  }
  const { runProgram } = await import("./program.ts");
  return runProgram(args, shell);
}

try {
  process.exitCode = await main();
  if (lostOutput) throw lostOutput;
} catch (error) {
  const { reportFailure } = await import("./base/failure.ts");
  process.exitCode = reportFailure(error, {}, shell);
}
