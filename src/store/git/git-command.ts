import { GitError, simpleGit, type SimpleGit } from "simple-git";

export type GitEnvironment = { readonly [name: string]: string | undefined };

/**
 * What git needs from the environment: programs, people's own configuration, proxies, certificates, the SSH agent. Not
 * GIT_DIR and its like, which would answer for another repository.
 */
const passed =
  "PATH HOME XDG_CONFIG_HOME USER LOGNAME TMPDIR TEMP SYSTEMROOT USERPROFILE SSH_AUTH_SOCK SSL_CERT_FILE SSL_CERT_DIR HTTPS_PROXY HTTP_PROXY NO_PROXY https_proxy http_proxy no_proxy".split(
    " ",
  );
const passedOfGit = ["GIT_SSL_CAINFO"];
const longest = 60_000;

/** git in a folder, without a terminal to ask on. `extra` is for this repository's credential helper. */
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

/** git ran and said no; anything else is a fault of ours or of the system. */
export function isGitFailure(error: unknown): error is GitError {
  return error instanceof GitError;
}

/** The last thing git said, on one line. */
export function lastLine(error: GitError): string {
  const lines = error.message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return (
    lines.find((line) => /^(?:fatal|error|remote: error):/u.test(line)) ?? lines.at(-1) ?? "no reason given"
  );
}
