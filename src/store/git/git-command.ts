import { GitError, simpleGit, type SimpleGit } from "simple-git";

/** Environment variables by name. */
export type GitEnvironment = { readonly [name: string]: string | undefined };

/**
 * The environment variables that git gets: programs, the user's configuration, proxies, certificates, the SSH agent. GIT_DIR and
 * the like are left out, since they would direct git to another repository.
 */
const passed =
  "PATH HOME XDG_CONFIG_HOME USER LOGNAME TMPDIR TEMP SYSTEMROOT USERPROFILE SSH_AUTH_SOCK SSL_CERT_FILE SSL_CERT_DIR HTTPS_PROXY HTTP_PROXY NO_PROXY https_proxy http_proxy no_proxy".split(
    " ",
  );
const passedOfGit = ["GIT_SSL_CAINFO"];
const longest = 60_000;

/**
 * git in a folder, without a terminal on which it could ask for a password. `extra` are further environment variables: those of
 * the credential helper. A command that prints nothing for 60 s is ended.
 */
export function openGit(folder: string, environment: GitEnvironment, extra: GitEnvironment = {}): SimpleGit {
  const known = [...passed, ...passedOfGit].flatMap((name) =>
    environment[name] === undefined ? [] : [[name, environment[name]] as const],
  );
  return simpleGit({
    baseDir: folder,
    timeout: { block: longest },
    allowEnvironment: ["GIT_TERMINAL_PROMPT", ...passedOfGit],
  }).env({ ...Object.fromEntries(known), ...extra, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" } as {
    [name: string]: string;
  });
}

/** Whether git ran and failed; any other error is a fault of this program or of the system. */
export function isGitFailure(error: unknown): error is GitError {
  return error instanceof GitError;
}

/** The line of git's output that says best what went wrong: the first one that begins with `fatal:` or `error:`, else the last. */
export function lastLine(error: GitError): string {
  const lines = error.message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return (
    lines.find((line) => /^(?:fatal|error|remote: error):/u.test(line)) ?? lines.at(-1) ?? "no reason given"
  );
}
