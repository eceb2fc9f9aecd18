import type { Deps } from "../../../commands/base/deps.ts";
import { signIn, signOut } from "../../../commands/accounts/rendercad-sign-in.ts";
import type { Screen } from "../../../views/base/screen.ts";
import {
  renderDeviceCode,
  renderDeviceCodeEvent,
  renderSignIn,
  renderSignInJson,
  renderSignOut,
  renderSignOutJson,
} from "../../../views/account/sign-in.ts";
import type { AccountOptions } from "../base/common-options.ts";
import { exitCodes } from "../base/exit-code.ts";
import { reportFailure } from "../base/failure.ts";

import { findBrowser } from "./open-browser.ts";
import { openSession } from "../base/session.ts";
import { findScreen, type Shell } from "../base/shell.ts";

export type LoginOptions = AccountOptions & {
  readonly again: boolean;
  readonly browser: boolean;
  readonly keyRing: boolean;
};

export function login(options: LoginOptions, shell: Shell): Promise<number> {
  const screen = findScreen(shell.stderr, shell.env, options);
  const openBrowser = options.browser ? findBrowser(shell) : undefined;
  return answer(options, shell, async (deps, stdoutScreen) => {
    const report = await signIn(
      {
        again: options.again,
        keyRing: options.keyRing,
        ...(openBrowser && { openBrowser }),
        // Nothing can be done without it, so --quiet does not apply.
        shown: (device, link) => {
          const now = deps.world.now();
          shell.stderr.write(
            options.events ? renderDeviceCodeEvent(device) : renderDeviceCode(device, link, { now, screen }),
          );
        },
      },
      deps,
    );
    return options.json ? renderSignInJson(report) : renderSignIn(report, stdoutScreen);
  });
}

export function logout(options: AccountOptions, shell: Shell): Promise<number> {
  return answer(options, shell, async (deps, screen) => {
    const report = await signOut(deps);
    return options.json ? renderSignOutJson(report) : renderSignOut(report, screen);
  });
}

async function answer(
  options: AccountOptions,
  shell: Shell,
  act: (deps: Deps, screen: Screen) => Promise<string>,
): Promise<number> {
  const session = await openSession(options, shell);
  try {
    shell.stdout.write(await act(session.deps, findScreen(shell.stdout, shell.env, options)));
    return exitCodes.done;
  } catch (error) {
    return reportFailure(error, options, shell);
  } finally {
    await session.close();
  }
}
