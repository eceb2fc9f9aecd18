/**
 * The identity of a file, the same whoever runs trueup and from where. A file in a repository is known by the repository and
 * its path there (`github.com/acme/app//deploy/trueup.yaml`), so that every clone, work tree and runner means the same one;
 * a file elsewhere by its path from the folder that the state lies in (`trueup.yaml`); any file by what `--file-id` says.
 */
export type FileId = string;

/** Where a file is. `path` has slashes, in the repository, or from the folder that the state lies in where there is none. */
export type FilePlace = { readonly repository?: string; readonly path: string };

/** The identity of a file at that place: `github.com/acme/app//deploy/trueup.yaml`, or `trueup.yaml` outside of a repository. */
export function fileIdOf({ repository, path }: FilePlace): FileId {
  return repository === undefined ? path : `${repository}//${path}`;
}

/** A repository without an origin is known by the first commit of its history: every clone of it has the same. */
export function repositoryOfRoot(commit: string): string {
  return `root:${commit}`;
}

/** Hosts that answer SSH at another name, where firewalls let nothing else through (documented by each of them). */
const hostsBySsh: { readonly [host: string]: string } = {
  "ssh.github.com": "github.com",
  "altssh.gitlab.com": "gitlab.com",
  "altssh.bitbucket.org": "bitbucket.org",
};
/** Hosts where case does not matter in a path: `Acme/App` is `acme/app`. */
const caseless = new Set(["github.com", "gitlab.com", "bitbucket.org"]);

/**
 * One text for all ways to write an origin; `undefined` for what is none. `git@github.com:acme/app.git`,
 * `ssh://git@github.com:22/acme/app` and `https://user:token@GitHub.com/acme/app/` are `github.com/acme/app`. Credentials
 * never get into it. A path on a disk is
 * `file:/srv/git/app`. The port of an SSH server says nothing, that of a web server tells two servers of a host apart.
 */
export function normaliseOrigin(origin: string): string | undefined {
  const text = origin.trim();
  const short = /^(?:[^@/\\]+@)?(\[[^\]]+\]|[^:/\\[\]]{2,}):(?!\/\/)(.*)$/u.exec(text);
  if (short && !text.startsWith("file:")) return onHost(short[1]!, short[2]!);
  if (!/^[a-z][a-z\d+.-]+:\/\//iu.test(text)) return onDisk(text.replace(/^file:/u, ""));
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(text);
  if (protocol === "file:") return onDisk(pathname);
  const isWeb = protocol === "https:" || protocol === "http:";
  return onHost(isWeb && port !== "" ? `${hostname}:${port}` : hostname, pathname);
}

function onHost(name: string, path: string): string | undefined {
  const lower = name.toLowerCase();
  const host = hostsBySsh[lower] ?? lower;
  const trimmed = trimPath(path).replace(/^\/+/u, "");
  if (trimmed === "") return undefined;
  return `${host}/${caseless.has(host) ? trimmed.toLowerCase() : trimmed}`;
}

function onDisk(path: string): string | undefined {
  const trimmed = trimPath(path.replaceAll("\\", "/"));
  return trimmed === "" ? undefined : `file:${trimmed}`;
}

/** A path without `.git`, a slash at its end, or double slashes: `//` stands between repository and path of a file's identity. */
function trimPath(path: string): string {
  const single = path.replaceAll(/\/{2,}/gu, "/").replace(/\/$/u, "");
  return single.replace(/(?<=[^/])\.git$/u, "");
}
