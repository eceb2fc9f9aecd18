import { chmod, mkdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isObject } from "../../core/base/json.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { revealSecret, Secret } from "../../core/base/secret.ts";
import { isCode, removeIfThere, writeDurably } from "../file/durable-file.ts";

/** A sign-in to RENDERCAD on this machine. */
export type SignIn = {
  /** RENDERCAD_HOST at the time of the sign-in. The token is never sent to another host. */
  readonly host: string;
  /** The address that `auth.php?action=check` answers; empty when that could not be asked. */
  readonly email: string;
  /** ISO 8601 time; the token was made a moment before. */
  readonly signedInAt: string;
  readonly keptIn: "file" | "key ring";
  /** Absent when the token is in the key ring. */
  readonly token?: Secret;
};

const version = 1;

/** The sign-ins of the file; none when there is no file. Throws `sign-in-file` when it cannot be read. */
export async function readSignIns(path: string): Promise<readonly SignIn[]> {
  const text = await readLinked(path);
  if (text === undefined) return [];
  const content = parse(text);
  if (!isObject(content) || !Array.isArray(content["signIns"]))
    throw unreadable(path, "is not what login writes");
  if (content["version"] !== version) throw unreadable(path, "was written by another version of trueup");
  return content["signIns"].map((entry) => readSignIn(entry) ?? raise(unreadable(path, "is damaged")));
}

/** Writes the sign-ins. Only the owner can read the file and look into its folder. With no sign-in left, the file is removed. */
export async function writeSignIns(path: string, signIns: readonly SignIn[]): Promise<void> {
  if (signIns.length === 0) return removeIfThere(path);
  await prepareFolder(path);
  const entries = signIns.map(({ token, ...rest }) => ({
    ...rest,
    ...(token && { token: revealSecret(token) }),
  }));
  await writeDurably(path, `${JSON.stringify({ version, signIns: entries }, null, 2)}\n`, 0o600);
}

/** Makes the folder of the file. Called before a token is made, so that there is certainly a place for it. Throws errors of the system. */
export async function prepareFolder(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

/** Whether only its owner can read the file. `login` always writes it so. On Windows it is always true: files there have no such bits. */
export async function isPrivate(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  return process.platform === "win32" || (mode & 0o077) === 0;
}

function readSignIn(entry: unknown): SignIn | undefined {
  if (!isObject(entry)) return undefined;
  const { host, email, signedInAt, keptIn, token } = entry;
  if (typeof host !== "string" || typeof email !== "string" || typeof signedInAt !== "string")
    return undefined;
  if (keptIn === "key ring") return { host, email, signedInAt, keptIn };
  if (keptIn !== "file" || typeof token !== "string" || token === "") return undefined;
  return { host, email, signedInAt, keptIn, token: new Secret(token) };
}

/** Reads the file through links: a person may keep their settings elsewhere and have a link here. */
async function readLinked(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** A text that is no JSON becomes `undefined`, and messages never repeat it: it may be a piece of a token. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unreadable(path: string, reason: string): ProblemError {
  const remedy = "Delete it and sign in again: trueup login rendercad. Or set RENDERCAD_API_TOKEN.";
  return new ProblemError([problem("error", "sign-in-file", `${path} ${reason}.`, remedy)]);
}

function raise(error: Error): never {
  throw error;
}
