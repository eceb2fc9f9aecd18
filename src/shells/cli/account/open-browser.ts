import { spawn } from "node:child_process";
import { platform } from "node:os";
import type { Shell } from "../base/shell.ts";

/** What opens a link on this system, without a shell in between: a link may hold anything. */
const openers: { readonly [system: string]: readonly [program: string, ...args: readonly string[]] } = {
  darwin: ["open"],
  linux: ["xdg-open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Opens a link in the browser of the person at the terminal; that it fails is nothing to stop for. Absent where nobody
 * sits there, where nothing can be shown (a remote shell, a machine without a screen: a text browser would take the
 * terminal), and in CI.
 */
export function findBrowser({ stdin, stderr, env }: Shell): ((url: string) => void) | undefined {
  const [program, ...args] = openers[platform()] ?? [];
  const isPerson = stdin.isTTY && stderr.isTTY === true && !isSet(env["CI"]);
  const hasScreen =
    platform() === "linux"
      ? isSet(env["DISPLAY"]) || isSet(env["WAYLAND_DISPLAY"])
      : !isSet(env["SSH_CONNECTION"]);
  if (program === undefined || !isPerson || !hasScreen) return undefined;
  return (url) => {
    // The process of some browsers lives as long as their window: it is not waited for, and Ctrl-C does not end it.
    const child = spawn(program, [...args, url], { env: withoutKeys(env), stdio: "ignore", detached: true });
    child.on("error", () => undefined).unref();
  };
}

/** A browser needs most of the environment, and no credentials. */
function withoutKeys(env: Shell["env"]): Shell["env"] {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:RENDER|RENDERCAD|TRUEUP)_/u.test(name)),
  );
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}
