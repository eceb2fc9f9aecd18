import { simpleGit } from "simple-git";

/**
 * The https form of the `origin` of the checkout that holds the folder: what Render takes as the repository of a service.
 * `undefined` where there is no checkout, no origin, or one that is not on a host.
 */
export async function readOrigin(folder: string, path: string | undefined): Promise<string | undefined> {
  const remote = await ask(folder, path, ["config", "--get", "remote.origin.url"]);
  return remote === undefined ? undefined : httpsForm(remote);
}

/** The commit that is checked out in the folder, for the record of a run. */
export function readCommit(folder: string, path: string | undefined): Promise<string | undefined> {
  return ask(folder, path, ["rev-parse", "--verify", "--quiet", "HEAD"]);
}

async function ask(
  folder: string,
  path: string | undefined,
  words: readonly string[],
): Promise<string | undefined> {
  try {
    // A bare environment: GIT_DIR and its like would answer for another checkout, and simple-git refuses them.
    const git = simpleGit({ baseDir: folder, timeout: { block: 10_000 } }).env({ PATH: path ?? "" });
    return (await git.raw(...words)).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** `git@github.com:acme/app.git` and `ssh://git@github.com/acme/app` are `https://github.com/acme/app`; credentials are dropped. */
export function httpsForm(remote: string): string | undefined {
  const short = /^(?:[\w.-]+@)?([\w.-]+\.[\w-]+):(?!\/\/)(.+)$/u.exec(remote);
  const text = short ? `https://${short[1]}/${short[2]}` : remote;
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, pathname } = new URL(text);
  if (hostname === "" || !["https:", "http:", "ssh:", "git:"].includes(protocol)) return undefined;
  return `https://${hostname}/${pathname.replace(/^\/+|\/+$|\.git\/*$/gu, "")}`;
}
