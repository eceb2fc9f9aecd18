import { verifyHook } from "../../../commands/hooks-verify.ts";
import { problem, ProblemError } from "../../../core/base/problem.ts";
import { renderHook, renderHookJson } from "../../../views/account/hook-signature.ts";
import { exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";

import { readBytes } from "../base/read-bytes.ts";
import { findScreen, type Shell } from "../base/shell.ts";

export type HooksVerifyOptions = {
  readonly header: readonly string[];
  readonly secretEnv?: string;
  readonly secretFile?: string;
  readonly tolerance?: number;
  readonly json: boolean;
  readonly color: boolean;
};

/** Far more than either side sends; a mistaken pipe must not fill the memory. */
const mostBytes = 16 * 1024 * 1024;

export async function verify(options: HooksVerifyOptions, shell: Shell): Promise<number> {
  try {
    const { header: headers, secretEnv, secretFile, tolerance } = options;
    const report = await verifyHook(
      {
        stdin: await readStdin(shell),
        headers,
        ...(secretEnv !== undefined && { secretEnv }),
        ...(secretFile !== undefined && { secretFile }),
        ...(tolerance !== undefined && { tolerance }),
      },
      { environment: shell.env, folder: process.cwd(), readFile: readBytes, world: { now: Date.now } },
    );
    const screen = findScreen(shell.stdout, shell.env, options);
    shell.stdout.write(options.json ? renderHookJson(report) : renderHook(report, screen));
    return report.verdict === "valid" ? exitCodes.done : exitCodes.error;
  } catch (error) {
    return reportFailure(error, options, shell);
  }
}

async function readStdin({ stdin }: Shell): Promise<Uint8Array> {
  if (stdin.isTTY) {
    throw refuse(
      "Nothing is piped into hooks verify.",
      "Pass the request or its body on stdin, as with < request.txt.",
    );
  }
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stdin) {
    const bytes = Buffer.from(piece as Uint8Array);
    length += bytes.length;
    if (length > mostBytes)
      throw refuse("More than 16 MiB came on stdin.", "Pass one delivery; neither side sends more.");
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

function refuse(message: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", "request-form", message, remedy)]);
}
