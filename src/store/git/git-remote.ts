import { isAbsolute, resolve } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { Secret } from "../../core/base/secret.ts";
import { isGitFailure, openGit, type GitEnvironment } from "./git-command.ts";

/** The remote that has the state branch. Without credentials git asks its own helpers or the SSH agent. */
export type GitRemote = {
  /** Without credentials in it. */
  readonly url: string;
  readonly credentials?: { readonly user: string; readonly password: Secret };
};

/**
 * Finds the `origin` of the checkout that the folder is in, and its credentials. A token in its URL is taken out of it, so that
 * it never stands in an argument, a file or a message. The first of these that exists is used: TRUEUP_GIT_TOKEN, the token in the
 * URL, the HTTP header that actions/checkout leaves in the checkout's configuration (unless `persist-credentials: false`), and
 * GITHUB_TOKEN or GH_TOKEN, which go only to the host of this GitHub. Throws `state-no-remote`.
 */
export async function findRemote(folder: string, environment: GitEnvironment): Promise<GitRemote> {
  const git = openGit(folder, environment);
  const ask = async (...words: readonly string[]): Promise<string | undefined> => {
    try {
      return (await git.raw(...words)).trim() || undefined;
    } catch (error) {
      if (isGitFailure(error)) return undefined;
      throw error;
    }
  };
  const top = await ask("rev-parse", "--show-toplevel");
  const origin = await ask("remote", "get-url", "origin");
  if (top === undefined || origin === undefined) throw noRemote(folder, top !== undefined);
  if (!/^https?:\/\//iu.test(origin)) return { url: isRelativePath(origin) ? resolve(top, origin) : origin };
  const url = new URL(origin);
  const inUrl =
    url.password === ""
      ? undefined
      : { user: decodeURIComponent(url.username), password: new Secret(decodeURIComponent(url.password)) };
  if (inUrl) [url.username, url.password] = ["", ""];
  const header = await ask("config", "--get-urlmatch", "http.extraheader", url.href);
  const credentials =
    givenToken(environment, "TRUEUP_GIT_TOKEN") ??
    inUrl ??
    readHeader(header) ??
    ambientToken(environment, url);
  return { url: url.href, ...(credentials && { credentials }) };
}

function isRelativePath(origin: string): boolean {
  return !isAbsolute(origin) && !/^[\w.+-]+(?:@[\w.-]+)?:/u.test(origin);
}

function givenToken(environment: GitEnvironment, name: string): GitRemote["credentials"] {
  const token = environment[name];
  return token === undefined || token === ""
    ? undefined
    : { user: "x-access-token", password: new Secret(token) };
}

function ambientToken(environment: GitEnvironment, url: URL): GitRemote["credentials"] {
  const server = environment["GITHUB_SERVER_URL"] ?? "https://github.com";
  if (url.protocol !== "https:" || !URL.canParse(server) || new URL(server).host !== url.host)
    return undefined;
  return givenToken(environment, "GITHUB_TOKEN") ?? givenToken(environment, "GH_TOKEN");
}

/** The credentials in the header that actions/checkout writes: `AUTHORIZATION: basic <base64 of user:token>`. */
function readHeader(header: string | undefined): GitRemote["credentials"] {
  const basic = /^authorization:\s*basic\s+(\S+)$/iu.exec(header ?? "")?.[1];
  if (basic === undefined) return undefined;
  const text = Buffer.from(basic, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) };
}

function noRemote(folder: string, isCheckout: boolean): ProblemError {
  const message = isCheckout
    ? `The repository at ${folder} has no remote named origin, so there is no place for its state.`
    : `State in git needs a git repository, and ${folder} is in none.`;
  return new ProblemError([
    problem("error", "state-no-remote", message, "Add the remote, or write state: {backend: file}."),
  ]);
}
