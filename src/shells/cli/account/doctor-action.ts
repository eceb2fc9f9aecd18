import { runDoctor } from "../../../commands/doctor.ts";
import { renderDoctor, renderDoctorJson } from "../../../views/account/doctor.ts";
import type { CommonOptions } from "../base/common-options.ts";
import { exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";

export async function doctor(options: CommonOptions, shell: Shell): Promise<number> {
  const session = await openSession(options, shell);
  try {
    const { file: files, overlay: overlays, label } = options;
    const input = { files, overlays, node: process.version, ...(label !== undefined && { label }) };
    const checks = await runDoctor(input, session.deps);
    const screen = findScreen(shell.stdout, shell.env, options);
    shell.stdout.write(options.json ? renderDoctorJson(checks) : renderDoctor(checks, screen));
    return checks.some(({ verdict }) => verdict === "failed") ? exitCodes.error : exitCodes.done;
  } catch (error) {
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}
