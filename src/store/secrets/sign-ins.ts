import { chmod, mkdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isObject } from "../../core/base/json.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { revealSecret, Secret } from "../../core/base/secret.ts";
import { isCode, removeIfThere, writeDurably } from "../file/durable-file.ts";

/** Who is signed in to RENDERCAD from this machine. */
export type SignIn = {
  /** RENDERCAD_HOST at that time: the token is never sent anywhere else. */
  readonly host: string;
  /** As `auth.php?action=check` says it; empty when that could not be asked. */
  readonly email: string;
  /** ISO time; the token was made a moment before. */
  readonly signedInAt: string;
  readonly keptIn: "file" | "key ring";
  /** Absent when the key ring has it. */
  readonly token?: Secret;
};

const version = 1;

/** Every sign-in of the file, at most one for each host; none when there is no file. */
export async function readSignIns(path: string): Promise<readonly SignIn[]> {
  const text = await readLinked(path);
  if (text === undefined) return [];
  const content = parse(text);
  if (!isObject(content) || !Array.isArray(content["signIns"]))
    throw unreadable(path, "is not what login writes");
  if (content["version"] !== version) throw unreadable(path, "was written by another version of trueup");
  return content["signIns"].map((entry) => readSignIn(entry) ?? raise(unreadable(path, "is damaged")));
}

/** Only its owner may read the file, and only he may look into its folder. Without any sign-in there is no file. */
export async function writeSignIns(path: string, signIns: readonly SignIn[]): Promise<void> {
  if (signIns.length === 0) return removeIfThere(path);
  await prepareFolder(path);
  const entries = signIns.map(({ token, ...rest }) => ({
    ...rest,
    ...(token && { token: revealSecret(token) }),
  }));
  await writeDurably(path, `${JSON.stringify({ version, signIns: entries }, null, 2)}\n`, 0o600);
}

/** To be done before a token is made, so that it is known that there is a place for it. Throws what the system says. */
export async function prepareFolder(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

/** False when others than the owner can read it, which no login of ours leaves behind. Windows has no such bits. */
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

/** Whoever keeps their settings elsewhere may have a link here; it is theirs. */
async function readLinked(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Of damaged text nothing is repeated: it may be a piece of a token. */
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
