import { runWhoami } from "../../../commands/whoami.ts";
import { problemsOfIdentity, renderIdentity, renderIdentityJson } from "../../../views/account/whoami.ts";
import { exitCodeOfProblems } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";
import type { AccountOptions } from "../base/common-options.ts";

export type WhoamiOptions = AccountOptions & { readonly workspace?: string };

export async function whoami(options: WhoamiOptions, shell: Shell): Promise<number> {
  const session = await openSession(options, shell);
  try {
    const { workspace } = options;
    const identity = await runWhoami(workspace === undefined ? {} : { workspace }, session.deps);
    const screen = findScreen(shell.stdout, shell.env, options);
    shell.stdout.write(options.json ? renderIdentityJson(identity) : renderIdentity(identity, screen));
    return exitCodeOfProblems(problemsOfIdentity(identity));
  } catch (error) {
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}
